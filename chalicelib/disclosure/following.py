"""Following the archive's change stream: whatever changed, its views are brought up to date."""

from datetime import date

from chalicelib.archive.profile import REGISTRATION
from chalicelib.archive.statements import RecordKey
from chalicelib.archive.store import record_of
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.publication.projection import project
from chalicelib.disclosure.search.index import index_names
from chalicelib.law.rulebook import Rulebook


def update_views(key: RecordKey, day: date, rulebook: Rulebook) -> None:
    """Project one record; a registration changes its subject's profile and postings too."""
    project(key, day, rulebook)
    if key.item == REGISTRATION:
        index_names(key.subject, load_catalogue().item(REGISTRATION))


def follow(keys: dict[str, dict[str, str]], day: date, rulebook: Rulebook) -> None:
    """Handle one change, given the `Keys` of its stream record; changes of views say nothing."""
    key = record_of(keys)
    if key is not None:
        update_views(key, day, rulebook)
