"""What the views hold: publication rows, profiles and postings, for comparing ends."""

from typing import Any

from chalicelib.disclosure.publication.store import Publication
from chalicelib.disclosure.search.store import Name
from chalicelib.jobs.archives import Part
from chalicelib.jobs.rebuild import rebuild_part
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from tests.collection.archives import Item, stored_items
from tests.disclosure.archives import JIANGSU, TODAY


def views() -> dict[tuple[str, ...], Item]:
    """Every row of every view, by its place."""
    found: dict[tuple[str, ...], Item] = {}
    for table, names in _places().items():
        for item in stored_items(table):
            if table != settings().archive_table or item["key"]["S"].startswith("@"):
                found[(table, *(item[name]["S"] for name in names))] = _plain(item)
    return found


def rebuilt_views() -> dict[tuple[str, ...], Item]:
    """The views once they have been dropped and made again from the archive."""
    for table, *key in views():
        names = _places()[table]
        dynamodb().delete_item(
            TableName=table,
            Key={name: {"S": text} for name, text in zip(names, key, strict=True)},
        )
    assert rebuild_part(Part(), TODAY, JIANGSU).start is None
    return views()


def _places() -> dict[str, tuple[str, str]]:
    return {
        settings().archive_table: ("subject", "key"),
        Publication.Meta.table_name: ("subject", "key"),
        Name.Meta.table_name: ("gram", "place"),
    }


def _plain(item: Item) -> dict[str, Any]:
    """Sets have no order."""
    return {name: sorted(value["SS"]) if "SS" in value else value for name, value in item.items()}
