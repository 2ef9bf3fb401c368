"""Public queries (社会公众查询): organisations by name, and what is open on one of them."""

from itertools import islice
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.archive.profile import REGISTRATION, Profile, read_profiles
from chalicelib.disclosure.publication.codes import ORGANISATION_UNKNOWN
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.search.finding import Place, search_names
from chalicelib.disclosure.showing import ShownRecord, show_record
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import is_person
from chalicelib.web.api.portions import MOST, count_fitting
from chalicelib.web.cursors import read_place, read_position, write_place, write_position
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Cursor, Input, PageQuery

api = Api(__name__, tag="public")


class NameSearch(Input, frozen=True):
    """A fragment of a name of at least two letters, several set apart by spaces, or a whole code;
    `cursor` from the page before."""

    name: Annotated[str, Meta(min_length=2, max_length=100)]
    cursor: Cursor = ""


class FoundOrganisation(Struct, frozen=True, kw_only=True):
    """One result; `former_name` where only an earlier name matches."""

    code: str
    name: str
    former_name: str | None


class FoundOrganisations(Struct, frozen=True, kw_only=True):
    """A page of results, the best first; `next_cursor` is absent on the last one.

    `narrow` where there may be more than a search finds, or more was read than a request may: say
    more of the name, or go on with the cursor where there is one.
    """

    organisations: tuple[FoundOrganisation, ...]
    narrow: bool
    next_cursor: str | None


class PublicOrganisation(Struct, frozen=True, kw_only=True):
    """What everybody may see of one organisation today; `next_cursor` leads to further records."""

    code: str
    name: str
    former_names: tuple[str, ...]
    status: str
    rulebook: str
    records: tuple[ShownRecord, ...]
    next_cursor: str | None


@api.endpoint(
    "GET",
    "/v1/organisations",
    summary="按名称、曾用名或代码查询机构 · Search organisations by name, former name or code",
    query=NameSearch,
    answers={200: FoundOrganisations},
    public=True,
    cached=True,
    limited="search",
)
def search_organisations(query: NameSearch, asked: Asked) -> FoundOrganisations:
    """Organisations of which a present or former name holds every fragment, or the code is this one.

    Who has the very name comes first, then names that begin with it, then names that hold it. A
    search finds a hundred at the most.
    """
    scope = f"organisations:{query.name}"
    at = read_position(query.cursor, scope)
    place = Place(on=at["on"], after=at["after"], found=int(at["found"])) if at else None
    rulebook = load_rulebook(settings().rulebook)
    page = search_names(query.name, lawful_day(asked.at), rulebook, place)
    rest = page.rest
    following = {"on": rest.on, "after": rest.after, "found": str(rest.found)} if rest else None
    return FoundOrganisations(
        organisations=tuple(
            FoundOrganisation(code=one.subject, name=one.name, former_name=one.former)
            for one in page.found
        ),
        narrow=page.narrow,
        next_cursor=write_position(following, scope),
    )


@api.endpoint(
    "GET",
    "/v1/organisations/{code}",
    summary="查询机构公示信息 · What is open to the public on one organisation",
    query=PageQuery,
    answers={200: PublicOrganisation},
    public=True,
    cached=True,
    refuses=frozenset({Kind.UNKNOWN}),
)
def read_organisation(code: str, query: PageQuery, asked: Asked) -> PublicOrganisation:
    """Public records by unified social credit code, each with its period and the rule behind it.

    A person's records are never here, whatever is asked for.
    """
    if is_person(code):
        raise DomainError(ORGANISATION_UNKNOWN)
    scope = f"organisation:{code}"
    after = read_place(query.cursor, scope) or ""
    day, rulebook = lawful_day(asked.at), load_rulebook(settings().rulebook)
    published = list(islice(read_published(code, day, rulebook, after=after), MOST + 1))
    if not published and not after:
        raise DomainError(ORGANISATION_UNKNOWN)
    shown = [show_record(facts, item, decision) for facts, item, decision in published[:MOST]]
    fitting = count_fitting(shown)
    rest = published[fitting - 1][0].key.path if fitting < len(published) else None
    registered = any(item.id == REGISTRATION for _, item, _ in published)
    if not registered and (after or rest):
        registered = any(read_published(code, day, rulebook, item=REGISTRATION))
    known = read_profiles([code]).get(code) if registered else None
    known = known or Profile(subject=code)
    return PublicOrganisation(
        code=code,
        name=known.name,
        former_names=known.former,
        status=known.status,
        rulebook=rulebook.version,
        records=tuple(shown[:fitting]),
        next_cursor=write_place(rest, scope),
    )
