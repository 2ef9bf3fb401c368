"""Archives (信用档案): the whole of what is held on one subject, for whoever may see it."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.archive.profile import Profile, read_profiles
from chalicelib.archive.statements import Mark, MarkKind, Phase, RecordKey
from chalicelib.archive.store import read_record
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure import ledger
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN, MARK_FOREIGN, RECORD_UNKNOWN
from chalicelib.disclosure.publication.projection import set_mark
from chalicelib.disclosure.queries import read_archive
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Fault, check_paper, read_paper_kind
from chalicelib.subjects.identities import find_people, keyring
from chalicelib.web.api.access import (
    READERS,
    QueryHeaders,
    admit_to,
    channel_of,
    prepare_entry,
    viewer_of,
)
from chalicelib.web.api.records import ShownRecord, show_record
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_cursor, write_cursor
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input

api = Api(__name__, tag="archives")

_NOBODY = "-"
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
    """One catalogue item, or all of them."""

    item: Annotated[str, Meta(max_length=32)] = ""


class ArchiveShown(Struct, frozen=True, kw_only=True):
    """What the caller may see of one archive now."""

    subject: str
    name: str
    former_names: tuple[str, ...]
    as_of: datetime
    channel: str
    rulebook: str
    records: tuple[ShownRecord, ...]


class EntryShown(Struct, frozen=True, kw_only=True):
    """One query of an archive: who looked, when, why, and at how much."""

    at: datetime
    role: str
    organisation: str
    organisation_name: str
    channel: str
    purpose: str
    basis: str
    handed_over: bool
    records: tuple[str, ...]
    report: str | None


class EntriesQuery(Input, frozen=True):
    """`cursor` from the page before."""

    cursor: Annotated[str, Meta(max_length=2048)] = ""


class EntriesShown(Struct, frozen=True, kw_only=True):
    """A page of queries, newest first."""

    queries: tuple[EntryShown, ...]
    next_cursor: str | None


class MarkGiven(Input, frozen=True):
    """A mark on a record. The same `id` opens it and, later, closes it."""

    kind: MarkKind
    phase: Phase
    id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}(?!\n)$")]
    basis: Annotated[str, Meta(min_length=1, max_length=500)]


class MarkSet(Struct, frozen=True, kw_only=True):
    """The mark stands; `new` is false where it stood before."""

    kind: str
    phase: str
    id: str
    new: bool


@api.endpoint(
    "POST",
    "/v1/archives/lookup",
    summary="凭证件查找自然人档案 · Find a person's archive by a paper",
    request=PaperGiven,
    headers=QueryHeaders,
    answers={200: SubjectFound},
    roles={Role.OPERATOR, Role.AGENCY, Role.JUDICIAL},
    refuses=_UNKNOWN,
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
    headers=QueryHeaders,
    answers={200: ArchiveShown},
    roles=READERS,
    refuses=_UNKNOWN,
)
def read_subject_archive(
    subject: str, query: ArchiveQuery, headers: QueryHeaders, caller: Caller, asked: Asked
) -> ArchiveShown:
    """Every record that the caller's channel may see, each with the rule that says so.

    The query is in the ledger before it is answered; the subject sees it there.
    """
    admit_to(subject, caller)
    if query.item:
        load_catalogue().item(query.item)
    prepared = prepare_entry(subject, caller, asked, headers)
    rulebook = load_rulebook(settings().rulebook)
    channel = channel_of(caller)
    disclosed = read_archive(
        subject, viewer_of(caller), channel, lawful_day(asked.at), rulebook, query.item
    ).disclosed
    profile = read_profiles([subject]).get(subject) or Profile(subject=subject)
    ledger.hand_over(prepared, [each.facts.key.path for each in disclosed])
    log(LogCode.QUERY_ANSWERED, channel=channel, records=len(disclosed))
    return ArchiveShown(
        subject=subject,
        name=profile.name,
        former_names=profile.former,
        as_of=asked.at,
        channel=channel,
        rulebook=rulebook.version,
        records=tuple(show_record(each.facts, each.item, each.decision) for each in disclosed),
    )


@api.endpoint(
    "GET",
    "/v1/archives/{subject}/queries",
    summary="查询记录：谁查过 · Who asked about a subject",
    query=EntriesQuery,
    answers={200: EntriesShown},
    roles={Role.SUBJECT, Role.SUPERVISOR},
    refuses=_UNKNOWN,
)
def list_queries(subject: str, query: EntriesQuery, caller: Caller) -> EntriesShown:
    """The ledger of one archive, for its own subject (NJ-57) and the supervisor."""
    admit_to(subject, caller)
    scope = f"queries:{subject}"
    key = keyring().sessions
    cursor = read_cursor(query.cursor, key=key, scope=scope)["entry"] if query.cursor else None
    page = ledger.entries_of(subject, cursor, _PAGE)
    rest = {"entry": page.cursor} if page.cursor else None
    return EntriesShown(
        queries=tuple(_show_entry(asked) for asked in page.entries),
        next_cursor=write_cursor(rest, key=key, scope=scope) if rest else None,
    )


@api.endpoint(
    "POST",
    "/v1/archives/{subject}/records/{item}/{record}/marks",
    summary="标注记录 · Set a mark on a record",
    request=MarkGiven,
    answers={200: MarkSet, 201: MarkSet},
    roles={Role.OPERATOR, Role.PROVIDER, Role.CODE_AUTHORITY},
    refuses=_UNKNOWN | {Kind.FORBIDDEN},
)
def mark_record(
    subject: str, item: str, record: str, body: MarkGiven, caller: Caller, asked: Asked
) -> Answer:
    """Dispute, verification, annulment, deletion, repair; a provider withdraws its own words.

    What a mark withholds from the public is gone from public view when this is answered.
    """
    key = RecordKey(subject, load_catalogue().item(item).id, record)
    held = read_record(key)
    if not held.size:
        raise DomainError(RECORD_UNKNOWN)
    withdrawing = body.kind is MarkKind.WITHDRAWN
    provider = (caller.organisation or "") if withdrawing else ""
    said_it = provider in {statement.provider for statement in held.statements}
    if (caller.role is Role.OPERATOR) == withdrawing or (withdrawing and not said_it):
        raise DomainError(MARK_FOREIGN)
    mark = Mark(
        kind=body.kind,
        id=f"{provider}.{body.id}" if withdrawing else body.id,
        phase=body.phase,
        at=stamp(asked.at),
        by=caller.sub,
        basis=body.basis,
        provider=provider,
    )
    new = set_mark(key, mark, lawful_day(asked.at), load_rulebook(settings().rulebook))
    log(LogCode.MARK_SET, kind=mark.kind.value, phase=mark.phase.value)
    told = MarkSet(kind=body.kind.value, phase=body.phase.value, id=body.id, new=new)
    return Answer(told, 201 if new else 200)


def _show_entry(asked: ledger.Asked) -> EntryShown:
    entry, handed = asked.entry, asked.handed
    return EntryShown(
        at=entry.at,
        role=entry.role,
        organisation=entry.organisation,
        organisation_name=entry.organisation_name,
        channel=entry.channel,
        purpose=entry.purpose,
        basis=entry.basis,
        handed_over=handed is not None,
        records=handed.returned if handed else (),
        report=handed.report if handed else None,
    )
