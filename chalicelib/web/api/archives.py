"""Archives (信用档案): the whole of what is held on one subject, for whoever may see it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.archive.timeliness import timeliness_of
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure import ledger
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.notices.outbox import are_sent, first_told
from chalicelib.disclosure.queries import Disclosed, Portion, read_archive
from chalicelib.disclosure.recipients.telling import hand_over
from chalicelib.disclosure.showing import ShownRecord, show_record
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Fault, check_paper, read_paper_kind
from chalicelib.subjects.identities import find_people
from chalicelib.web.api.access import (
    ASKERS,
    OpeningHeaders,
    QueryHeaders,
    open_archive,
    prepare_entry,
    serving,
)
from chalicelib.web.api.portions import MOST, count_fitting
from chalicelib.web.api.replays import find_moment, read_day
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Cursor, Input, PageQuery
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="archives", scope=Scope.QUERIES)

_NOBODY = "-"
_INSIDE: frozenset[Channel] = frozenset({"own", "operator"})
_PAGE = 50
_UNKNOWN = frozenset({Kind.UNKNOWN})


class PaperGiven(Input, frozen=True):
    """A paper as its holder shows it; kinds as the national code list writes them."""

    paper_kind: Annotated[str, Meta(min_length=1, max_length=32)]
    paper_number: Annotated[str, Meta(min_length=1, max_length=64)]


class SubjectFound(Struct, frozen=True, kw_only=True):
    """The key under which a person's archive is asked for; it tells nothing about the person."""

    subject: str


class ArchiveQuery(Input, frozen=True):
    """One catalogue item, or all of them; `as_of` a past day, or as it is now; `cursor` from the
    answer before, where the archive is longer than one answer."""

    item: Annotated[str, Meta(max_length=32)] = ""
    as_of: date | None = None
    cursor: Cursor = ""


class ArchiveShown(Struct, frozen=True, kw_only=True):
    """What the caller may see of one archive at `as_of`: now, or the end of a past day.

    The answer for a past day is `final` once all that was registered by its end is in the archive;
    `settled_until` says how far that is so. `next_cursor` leads to the rest of a long archive; an
    answer that has one may hold few records, or none.
    """

    subject: str
    name: str
    former_names: tuple[str, ...]
    as_of: datetime
    final: bool
    settled_until: datetime | None
    channel: str
    rulebook: str
    records: tuple[ShownRecord, ...]
    next_cursor: str | None


class EntryShown(Struct, frozen=True, kw_only=True):
    """One query of an archive: who looked, when, why, at how much; `as_of` which past day.

    `papers` were seen of who stood at the window.
    """

    entry: str
    at: datetime
    role: str
    organisation: str
    organisation_name: str
    channel: str
    purpose: str
    basis: str
    as_of: date | None
    papers: tuple[str, ...]
    handed_over: bool
    records: tuple[str, ...]
    report: str | None


class EntriesShown(Struct, frozen=True, kw_only=True):
    """A page of queries, newest first."""

    queries: tuple[EntryShown, ...]
    next_cursor: str | None


@api.endpoint(
    "POST",
    "/v1/archives/lookup",
    summary="凭证件查找自然人档案 · Find a person's archive by a paper",
    request=PaperGiven,
    headers=QueryHeaders,
    answers={200: SubjectFound},
    roles={Role.OPERATOR, Role.AGENCY, Role.JUDICIAL},
    refuses=_UNKNOWN,
    limited="lookup",
)
def find_archive(
    body: PaperGiven, headers: QueryHeaders, caller: Caller, asked: Asked
) -> SubjectFound:
    """The archive of the holder of a paper. The number is in the body: it never enters a URL."""
    kind = read_paper_kind(body.paper_kind)
    if isinstance(kind, Fault):
        raise DomainError(kind.code, pointer="/paper_kind", **dict(kind.values))
    paper = check_paper(kind, body.paper_number, lawful_day(asked.at))
    if isinstance(paper, Fault):
        raise DomainError(paper.code, pointer="/paper_number", **dict(paper.values))
    person = find_people([paper]).get(paper)
    prepared = prepare_entry(person.subject if person else _NOBODY, caller, asked, headers)
    if person is None:
        raise DomainError(ARCHIVE_UNKNOWN)
    ledger.hand_over(prepared, ())
    return SubjectFound(subject=person.subject)


@api.endpoint(
    "GET",
    "/v1/archives/{subject}",
    summary="查询信用档案 · Read an archive",
    query=ArchiveQuery,
    headers=OpeningHeaders,
    answers={200: ArchiveShown},
    roles=ASKERS,
    refuses=_UNKNOWN | {Kind.FORBIDDEN},
    dated="as_of",
    limited="query",
)
def read_subject_archive(
    subject: str, query: ArchiveQuery, headers: OpeningHeaders, caller: Caller, asked: Asked
) -> ArchiveShown:
    """Every record that the caller's channel may see, each with the rule that says so.

    The query is in the ledger before it is answered; the subject sees it there, also where the
    answer is that nothing has changed (304). A past day is
    answered by the rules and the catalogue then in force; who only sees the archive from outside
    sees nothing that would be withheld today. Under a grant (授权查询) the answer is what the subject
    has granted, under a share (政务共享) what was approved, and no more. Of a long archive each answer
    is a query with an entry of its own; under a grant for once all of them are asked for with one
    `Idempotency-Key`.
    """
    today, past = lawful_day(asked.at), read_day(query.as_of, asked)
    if query.item:
        load_catalogue(today).item(query.item)
    scope = f"archive:{subject}:{query.item}:{query.as_of}"
    portion = Portion(read_place(query.cursor, scope) or "", MOST)
    opened = open_archive(subject, caller, asked, headers, item=query.item, as_of=past)
    moment = find_moment(past, asked)
    rulebook = load_rulebook(settings().rulebook)
    channel = opened.channel
    viewer = opened.viewer
    reading = read_archive(subject, viewer, channel, today, rulebook, query.item, past, portion)
    disclosed = [
        each for each in reading.disclosed if opened.holds(each.item.id, each.facts.provider)
    ]
    told = _first_told(subject, channel, past, rulebook)
    shown = [_show(each, channel, rulebook, told.get(each.path)) for each in disclosed]
    paths = [each.path for each in disclosed[: count_fitting(shown)]]
    rest = paths[-1] if len(paths) < len(shown) else reading.rest
    hand_over(opened.answering, paths)
    log(LogCode.QUERY_ANSWERED, channel=channel, records=len(paths))
    return ArchiveShown(
        subject=subject,
        name=reading.profile.name,
        former_names=reading.profile.former,
        as_of=moment.as_of,
        final=moment.final,
        settled_until=moment.settled_until,
        channel=channel,
        rulebook=rulebook.version,
        records=tuple(shown[: len(paths)]),
        next_cursor=write_place(rest, scope),
    )


@api.endpoint(
    "GET",
    "/v1/archives/{subject}/queries",
    summary="查询记录：谁查过 · Who asked about a subject",
    query=PageQuery,
    headers=QueryHeaders,
    answers={200: EntriesShown},
    roles={Role.SUBJECT, Role.OPERATOR, Role.SUPERVISOR},
    refuses=_UNKNOWN,
)
def list_queries(
    subject: str, query: PageQuery, headers: QueryHeaders, caller: Caller, asked: Asked
) -> EntriesShown:
    """The ledger of one archive: for its subject (NJ-57), and for those who keep and watch it."""
    scope = f"queries:{subject}"
    with serving(subject, caller, asked, headers):
        page = ledger.entries_of(subject, read_place(query.cursor, scope), _PAGE)
    return EntriesShown(
        queries=tuple(show_entry(asked) for asked in page.entries),
        next_cursor=write_place(page.cursor, scope),
    )


def _first_told(
    subject: str, channel: Channel, past: date | None, rulebook: Rulebook
) -> Mapping[str, date]:
    """When the subject was told of which record; of a past day it is left out, for it may follow."""
    telling = channel in _INSIDE and past is None and are_sent(rulebook)
    return first_told(subject) if telling else {}


def _show(
    one: Disclosed, channel: Channel, rulebook: Rulebook, notified_on: date | None
) -> ShownRecord:
    inside = channel in _INSIDE
    timeliness = timeliness_of(one.facts, one.item, rulebook) if inside else None
    return show_record(
        one.facts,
        one.item,
        one.decision,
        timeliness,
        notified_on=notified_on,
        entered_from=one.entered_from,
    )


def show_entry(asked: ledger.Asked) -> EntryShown:
    """An entry of the ledger as it may be told to all who may see it."""
    entry, handed = asked.entry, asked.handed
    return EntryShown(
        entry=entry.key,
        at=entry.at,
        role=entry.role,
        organisation=entry.organisation,
        organisation_name=entry.organisation_name,
        channel=entry.channel,
        purpose=entry.purpose,
        basis=entry.basis,
        as_of=entry.as_of,
        papers=tuple(filter(None, entry.papers.split(","))),
        handed_over=handed is not None,
        records=handed.returned if handed else (),
        report=handed.report if handed else None,
    )
