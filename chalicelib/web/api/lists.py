"""Public lists (名单): the seriously dishonest, abnormal operation, the honoured (NJ-40, SZ-27)."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.archive.statements import Value
from chalicelib.catalogue.model import ListKind
from chalicelib.disclosure.lists import Listed, lists_on, read_list
from chalicelib.disclosure.showing import ShownRecord, show_record
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import Kind
from chalicelib.runtime.settings import settings
from chalicelib.web.api.replays import find_moment, read_day
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Cursor, Input

api = Api(__name__, tag="public")

_PAGE = 50


class ListNamed(Struct, frozen=True, kw_only=True):
    """One list: the catalogue item of its records, and what it is called."""

    item: str
    kind: ListKind
    title: str
    title_en: str
    basis: tuple[str, ...]


class ListsNamed(Struct, frozen=True, kw_only=True):
    """Every list that is published."""

    lists: tuple[ListNamed, ...]


class ListQuery(Input, frozen=True):
    """`as_of` a past day, or as it is now; `cursor` from the page before."""

    as_of: date | None = None
    cursor: Cursor = ""


class ListEntry(Struct, frozen=True, kw_only=True):
    """An organisation on the list, by the name that the record gives it, and the record."""

    code: str
    name: str
    record: ShownRecord


class ListShown(Struct, frozen=True, kw_only=True):
    """A page of a list, newest reported first; it may hold few entries and not be the last.

    `as_of` is the end of the past day that was asked for, absent where it is now. A past day is `final` once all that was registered by its end is in the archive.
    """

    item: str
    as_of: datetime | None
    final: bool
    settled_until: datetime | None
    rulebook: str
    entries: tuple[ListEntry, ...]
    next_cursor: str | None


@api.endpoint(
    "GET",
    "/v1/lists",
    summary="名单目录 · The public lists",
    answers={200: ListsNamed},
    public=True,
    cached=True,
)
def list_lists(asked: Asked) -> ListsNamed:
    """The lists that are made up of records of catalogue items in force today."""
    return ListsNamed(
        lists=tuple(
            ListNamed(
                item=item.id,
                kind=item.listing.kind,
                title=item.title,
                title_en=item.title_en,
                basis=item.basis,
            )
            for item in lists_on(lawful_day(asked.at))
            if item.listing is not None
        )
    )


@api.endpoint(
    "GET",
    "/v1/lists/{item}",
    summary="查询名单 · Read a public list",
    query=ListQuery,
    answers={200: ListShown},
    public=True,
    cached=True,
    refuses=frozenset({Kind.UNKNOWN}),
)
def read_public_list(item: str, query: ListQuery, asked: Asked) -> ListShown:
    """Organisations on one list, each with the record that put it there and the rule that shows it.

    No person is on it. A past day is answered by the rules and the catalogue then in force, and
    shows nobody who would be withheld today.
    """
    today, past = lawful_day(asked.at), read_day(query.as_of, asked)
    scope = f"lists:{item}:{past or ''}"
    cursor = read_place(query.cursor, scope)
    moment = find_moment(past, asked)
    rulebook = load_rulebook(settings().rulebook)
    page = read_list(item, today, rulebook, past, cursor, _PAGE)
    return ListShown(
        item=item,
        as_of=moment.as_of if past else None,
        final=moment.final,
        settled_until=moment.settled_until,
        rulebook=rulebook.version,
        entries=tuple(map(_show, page.entries)),
        next_cursor=write_place(page.cursor, scope),
    )


def _show(listed: Listed) -> ListEntry:
    name: Value = listed.decision.fields.get(listed.item.subject.name, "")
    return ListEntry(
        code=listed.facts.key.subject,
        name=name if isinstance(name, str) else "",
        record=show_record(listed.facts, listed.item, listed.decision),
    )
