"""The query ledger (查询台账): searched, its entries held, and proof of what was purged."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from chalicelib.archive.statements import Phase
from chalicelib.collection.uploads import check_kept
from chalicelib.disclosure import ledger
from chalicelib.disclosure.codes import SEARCH_OF_NOBODY, SEARCH_TERM
from chalicelib.disclosure.inspecting import Wanted, search
from chalicelib.disclosure.retention.certificates import Certificate, list_certificates
from chalicelib.disclosure.retention.holds import (
    Hold,
    Note,
    holds_of,
    holds_of_file,
    set_hold,
    set_hold_on_file,
)
from chalicelib.law.rules import Channel, Kept
from chalicelib.runtime.clock import moment_of
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.web.api.access import admit_to
from chalicelib.web.api.archives import EntryShown, show_entry
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Cursor, Input, Line, PageQuery
from chalicelib.web.problems import RequestInvalid

api = Api(__name__, tag="ledger")

_KEEPERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_UNKNOWN = frozenset({Kind.UNKNOWN})
_PAGE = 50
_SCOPE = "purges"


class HoldGiven(Input, frozen=True):
    """A hold on a ledger entry or a file. The same `id` opens it and, later, closes it."""

    id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}(?!\n)$")]
    phase: Phase
    basis: Line


class HoldSet(Struct, frozen=True, kw_only=True):
    """The hold is open, or closed; `new` is false where it was so before."""

    id: str
    phase: str
    new: bool


class NoteShown(Struct, frozen=True, kw_only=True):
    """When a hold was opened or closed, and on what basis."""

    at: datetime
    basis: str


class HoldShown(Struct, frozen=True, kw_only=True):
    """One hold; without `closed`, it keeps the entry or the file from being purged."""

    id: str
    opened: NoteShown
    closed: NoteShown | None


class HoldsShown(Struct, frozen=True, kw_only=True):
    """The holds on one entry or file, and whether any of them is open."""

    held: bool
    holds: tuple[HoldShown, ...]


class CertificateShown(Struct, frozen=True, kw_only=True):
    """Proof of one purge (清除证明).

    `id`: a line and a number; the numbers of a line have no gap. `kept`: entries of the ledger by
    who asked, or received files. `digest`: SHA-256 of the sorted names of the `count` things, a
    line each. All were made before `cut_off`, as `source` demands.
    """

    id: str
    kept: Kept
    count: int
    digest: str
    first_made: datetime
    last_made: datetime
    cut_off: datetime
    retention_years: int
    source: str
    rulebook: str


class PurgesShown(Struct, frozen=True, kw_only=True):
    """A page of certificates, in the order of their ids."""

    certificates: tuple[CertificateShown, ...]
    next_cursor: str | None


class LedgerSearch(Input, frozen=True):
    """One of: by which account (`staff`), in whose name (an organisation's code; under a grant a
    person's key; `-` persons themselves), about whom; from a lawful day to another, both included.

    `to` is the same day where it is left out. Channel and purpose besides, where they are named.
    """

    since: date = field(name="from")
    until: date | None = field(default=None, name="to")
    staff: Annotated[str, Meta(max_length=255)] = ""
    organisation: Annotated[str, Meta(max_length=32)] = ""
    subject: Annotated[str, Meta(max_length=32)] = ""
    channel: Literal[Channel, ""] = ""
    purpose: Annotated[str, Meta(max_length=32)] = ""
    cursor: Cursor = ""


class EntryFound(Struct, frozen=True, kw_only=True):
    """An entry, whose account it was made with (`sub`), and about whom it is."""

    subject: str
    staff: str
    query: EntryShown


class EntriesFound(Struct, frozen=True, kw_only=True):
    """A page of entries, oldest first (of a share's uses the newest): it may hold few, or none, and
    lead on."""

    found: tuple[EntryFound, ...]
    next_cursor: str | None


@api.endpoint(
    "GET",
    "/v1/ledger",
    summary="检索查询台账 · Search the ledger of queries",
    query=LedgerSearch,
    answers={200: EntriesFound},
    roles={Role.SUPERVISOR},
)
def search_ledger(query: LedgerSearch) -> EntriesFound:
    """Who asked about whom, over which channel, for which purpose and on which basis (NJ-52)."""
    until = query.until or query.since
    if not (query.staff or query.organisation or query.subject):
        raise RequestInvalid("query", [DomainError(SEARCH_OF_NOBODY, pointer="/organisation")])
    if until < query.since:
        raise RequestInvalid("query", [DomainError(SEARCH_TERM, pointer="/to")])
    wanted = Wanted(
        first=query.since,
        last=until,
        subject=query.subject,
        staff=query.staff,
        organisation=query.organisation,
        channel=query.channel,
        purpose=query.purpose,
    )
    scope = f"ledger:{wanted}"
    page = search(wanted, read_place(query.cursor, scope), _PAGE)
    return EntriesFound(
        found=tuple(map(show_found, page.entries)),
        next_cursor=write_place(page.cursor, scope),
    )


@api.endpoint(
    "POST",
    "/v1/archives/{subject}/queries/{entry}/holds",
    summary="暂缓清除查询记录 · Hold a query from being purged, or let it go",
    request=HoldGiven,
    answers={200: HoldSet, 201: HoldSet},
    roles=_KEEPERS,
    refuses=_UNKNOWN | {Kind.CONFLICT},
)
def hold_query(subject: str, entry: str, body: HoldGiven, caller: Caller, asked: Asked) -> Answer:
    """While a case or inquiry about a query is open, its ledger entry is kept (NJ-53)."""
    admit_to(subject, caller)
    note = Note(at=asked.at, by=caller.sub, basis=body.basis)
    return _show_set(body, is_new=set_hold(subject, entry, body.id, body.phase, note))


@api.endpoint(
    "GET",
    "/v1/archives/{subject}/queries/{entry}/holds",
    summary="查询记录的暂缓清除 · List the holds on a query",
    answers={200: HoldsShown},
    roles=_KEEPERS,
    refuses=_UNKNOWN,
)
def list_holds(subject: str, entry: str, caller: Caller) -> HoldsShown:
    """Every hold that was ever opened on one entry of the ledger."""
    admit_to(subject, caller)
    return _show_holds(holds_of(subject, entry))


@api.endpoint(
    "POST",
    "/v1/uploads/{upload}/holds",
    summary="暂缓清除原始文件 · Hold a received file from being purged, or let it go",
    request=HoldGiven,
    answers={200: HoldSet, 201: HoldSet},
    roles=_KEEPERS,
    refuses=_UNKNOWN | {Kind.CONFLICT},
)
def hold_file(upload: str, body: HoldGiven, caller: Caller, asked: Asked) -> Answer:
    """While a case or inquiry about what was reported is open, its file is kept (NJ-53, SD-17)."""
    note = Note(at=asked.at, by=caller.sub, basis=body.basis)
    kept = partial(check_kept, upload)
    return _show_set(body, is_new=set_hold_on_file(upload, body.id, body.phase, note, kept))


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/holds",
    summary="原始文件的暂缓清除 · List the holds on a received file",
    answers={200: HoldsShown},
    roles=_KEEPERS,
    refuses=_UNKNOWN,
)
def list_file_holds(upload: str) -> HoldsShown:
    """Every hold that was ever opened on the file of an upload."""
    check_kept(upload)
    return _show_holds(holds_of_file(upload))


@api.endpoint(
    "GET",
    "/v1/purges",
    summary="清除证明 · List the certificates of purges",
    query=PageQuery,
    answers={200: PurgesShown},
    roles={Role.SUPERVISOR},
)
def list_purges(query: PageQuery) -> PurgesShown:
    """What was purged, when its term was over: proof without a key of what is gone."""
    found = list_certificates(read_place(query.cursor, _SCOPE) or "", _PAGE + 1)
    shown = found[:_PAGE]
    return PurgesShown(
        certificates=tuple(map(_show_certificate, shown)),
        next_cursor=write_place(shown[-1].id if len(found) > _PAGE else None, _SCOPE),
    )


def show_found(asked: ledger.Asked) -> EntryFound:
    """An entry as it is told beside those about other subjects."""
    return EntryFound(subject=asked.entry.subject, staff=asked.entry.by, query=show_entry(asked))


def _show_set(body: HoldGiven, *, is_new: bool) -> Answer:
    log(LogCode.HOLD_SET, phase=body.phase.value)
    told = HoldSet(id=body.id, phase=body.phase.value, new=is_new)
    return Answer(told, 201 if is_new else 200)


def _show_holds(holds: tuple[Hold, ...]) -> HoldsShown:
    held = any(hold.closed is None for hold in holds)
    return HoldsShown(held=held, holds=tuple(map(_show_hold, holds)))


def _show_hold(hold: Hold) -> HoldShown:
    return HoldShown(
        id=hold.id,
        opened=_show_note(hold.opened),
        closed=_show_note(hold.closed) if hold.closed else None,
    )


def _show_note(note: Note) -> NoteShown:
    return NoteShown(at=note.at, basis=note.basis)


def _show_certificate(certificate: Certificate) -> CertificateShown:
    return CertificateShown(
        id=certificate.id,
        kept=certificate.kept,
        count=certificate.count,
        digest=certificate.digest,
        first_made=moment_of(certificate.first),
        last_made=moment_of(certificate.last),
        cut_off=moment_of(certificate.cut_off),
        retention_years=certificate.retention_years,
        source=certificate.source,
        rulebook=certificate.rulebook,
    )
