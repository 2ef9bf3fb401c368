"""Public queries (社会公众查询): organisations by name, and what is open on one of them."""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.archive.profile import Profile, read_profiles
from chalicelib.disclosure.publication.codes import ORGANISATION_UNKNOWN
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.search.index import Place, search_names
from chalicelib.disclosure.showing import ShownRecord, show_record
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import is_person
from chalicelib.subjects.identities import keyring
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Input

api = Api(__name__, tag="public")


class NameSearch(Input, frozen=True):
    """A fragment of a name of at least two letters; `cursor` from the page before."""

    name: Annotated[str, Meta(min_length=2, max_length=100)]
    cursor: Annotated[str, Meta(max_length=2048)] = ""


class FoundOrganisation(Struct, frozen=True, kw_only=True):
    """One result; `former_name` where only an earlier name matches."""

    code: str
    name: str
    former_name: str | None


class FoundOrganisations(Struct, frozen=True, kw_only=True):
    """A page of results; `next_cursor` is absent on the last one."""

    organisations: tuple[FoundOrganisation, ...]
    next_cursor: str | None


class PublicOrganisation(Struct, frozen=True, kw_only=True):
    """What everybody may see of one organisation today."""

    code: str
    name: str
    former_names: tuple[str, ...]
    status: str
    rulebook: str
    records: tuple[ShownRecord, ...]


@api.endpoint(
    "GET",
    "/v1/organisations",
    summary="按名称查询机构 · Search organisations by a fragment of their name",
    query=NameSearch,
    answers={200: FoundOrganisations},
    public=True,
    cached=True,
    limited="search",
)
def search_organisations(query: NameSearch) -> FoundOrganisations:
    """Organisations of which a present or former name holds the fragment."""
    scope = f"organisations:{query.name}"
    place = None
    if query.cursor:
        at = read_cursor(query.cursor, key=keyring().sessions, scope=scope)
        place = Place(gram=at["gram"], shard=int(at["shard"]), after=at["after"])
    page = search_names(query.name, place)
    rest = page.rest and {
        "gram": page.rest.gram,
        "shard": str(page.rest.shard),
        "after": page.rest.after,
    }
    return FoundOrganisations(
        organisations=tuple(
            FoundOrganisation(code=one.subject, name=one.name, former_name=one.former)
            for one in page.found
        ),
        next_cursor=write_cursor(rest, key=keyring().sessions, scope=scope) if rest else None,
    )


@api.endpoint(
    "GET",
    "/v1/organisations/{code}",
    summary="查询机构公示信息 · What is open to the public on one organisation",
    answers={200: PublicOrganisation},
    public=True,
    cached=True,
    refuses=frozenset({Kind.UNKNOWN}),
)
def read_organisation(code: str, asked: Asked) -> PublicOrganisation:
    """Public records by unified social credit code, each with its period and the rule behind it.

    A person's records are never here, whatever is asked for.
    """
    if is_person(code):
        raise DomainError(ORGANISATION_UNKNOWN)
    rulebook = load_rulebook(settings().rulebook)
    published = read_published(code, lawful_day(asked.at), rulebook)
    records = tuple(show_record(facts, item, decision) for facts, item, decision in published)
    profile = read_profiles([code]).get(code)
    if profile is None and not records:
        raise DomainError(ORGANISATION_UNKNOWN)
    known = profile or Profile(subject=code)
    return PublicOrganisation(
        code=code,
        name=known.name,
        former_names=known.former,
        status=known.status,
        rulebook=rulebook.version,
        records=records,
    )
