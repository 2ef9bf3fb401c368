"""Batch checks (信用核查): a file of subjects is registered and sent, its result is fetched (NJ-67)."""

import os
from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from chalicelib.collection.formats import media_type
from chalicelib.disclosure.checks import objects, store
from chalicelib.disclosure.checks.fetching import VALID, fetch_result
from chalicelib.disclosure.checks.progress import State, read_progress
from chalicelib.disclosure.checks.registering import find_own, list_own, register_check
from chalicelib.disclosure.checks.values import Asker, Check, Counts, Detail, Format, Told
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import lawful_day, moment_of, stamp
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.web.api.access import SHARERS, asker_of, party_of
from chalicelib.web.callers import Caller, Role
from chalicelib.web.codes import INPUT_UNKNOWN
from chalicelib.web.cursors import read_place, write_place
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.expectations import ONE_LINE
from chalicelib.web.inputs import Input, PageQuery
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="checks", scope=Scope.CHECKS)

CHANNELS: Final[dict[Role, Channel]] = {
    Role.AGENCY: "ex_officio",
    Role.JUDICIAL: "judicial",
    Role.SUPERVISOR: "public",
    Role.THIRD_PARTY: "public",
}
"""Over which channel rows without a grant are answered, by the role of who asks."""

_CHECKERS: Final = frozenset(CHANNELS)
_UNKNOWN: Final = frozenset({Kind.UNKNOWN})
_PAGE: Final = 50


class CheckGiven(Input, frozen=True):
    """A file to be checked: size in bytes, SHA-256 in base64, and name.

    `purpose` is a code as in `X-Query-Purpose`; `basis` the document or matter; third parties
    state the number of their agreement on bulk queries (NJ-67). `share` stands for it where an agency
    checks under a share (政务共享, JS-21). `summary` tells only how many records there are of which category.
    """

    file_name: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Annotated[int, Meta(ge=0, le=1 << 40)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9A-Za-z+/]{43}=(?!\n)$")]
    purpose: Annotated[str, Meta(max_length=64)]
    basis: Annotated[str, Meta(max_length=200, pattern=ONE_LINE)] = ""
    share: Annotated[str, Meta(max_length=64)] = ""
    detail: Detail = "records"


class CheckSummary(Struct, frozen=True, kw_only=True):
    """A check as registered; `channel` is that of rows without a grant."""

    check: str
    channel: str
    purpose: str
    basis: str
    detail: Detail
    registered_at: datetime
    size: int
    sha256: str
    file_name: str


class CheckInvited(Struct, frozen=True, kw_only=True):
    """PUT the file to `url` before `expires_at`, with exactly `headers`."""

    check: CheckSummary
    url: str
    headers: dict[str, str]
    expires_at: datetime


class ChecksShown(Struct, frozen=True, kw_only=True):
    """A page of the caller's own checks, newest first."""

    checks: tuple[CheckSummary, ...]
    next_cursor: str | None


class CheckRemark(Struct, frozen=True, kw_only=True):
    """What is told of a row that was left out, or of the whole file (row 0)."""

    row: int
    told: Told


class FetchedShown(Struct, frozen=True, kw_only=True):
    """That the result was fetched, and when."""

    at: datetime
    format: str


class CheckShown(Struct, frozen=True, kw_only=True):
    """How far a check has come: `answered` of `parts` parts are counted in `counts`.

    `refused` tells why the file cannot be read. Results are deleted `result_days` days after the
    day of registration, as `source` has it.
    """

    check: CheckSummary
    state: State
    rows: int
    parts: int
    answered: int
    counts: Counts
    remarks: tuple[CheckRemark, ...]
    refused: Told | None
    fetched: tuple[FetchedShown, ...]
    result_days: int
    source: str


class ResultQuery(Input, frozen=True):
    """`csv` and `xlsx` for people, `jsonl` for machines."""

    format: Format = "xlsx"


class ResultShown(Struct, frozen=True, kw_only=True):
    """The result, to be fetched from `url` until `expires_at`."""

    url: str
    file_name: str
    expires_at: datetime


class ResultAwaited(Struct, frozen=True, kw_only=True):
    """The result is being made: ask again."""

    state: Literal["being_made"]


@api.endpoint(
    "POST",
    "/v1/checks",
    summary="登记批量核查 · Register a batch check",
    request=CheckGiven,
    answers={201: CheckInvited},
    roles=_CHECKERS,
    refuses=_UNKNOWN | {Kind.FORBIDDEN},
)
def create_check(body: CheckGiven, caller: Caller, asked: Asked) -> Answer:
    """Announce a list of up to 100,000 subjects and learn where to PUT it.

    Each is answered like a single query of the caller's, and entered in the ledger before. Agencies
    ask on duty; others see what is public, and under a grant (column 授权编号) what it covers.
    Third parties need an agreement in force that covers the purpose (E-CHECK-14). Under a share whose
    ways are checks too, an agency is told what was approved, as long as the share stands.
    """
    kind = media_type(body.file_name)
    channel, basis = _rest_on(body, caller)
    check = Check(
        id="",
        asker=_asker(caller),
        channel=channel,
        purpose=body.purpose,
        basis=basis,
        detail=body.detail,
        registered=stamp(asked.at),
        size=body.size,
        sha256=body.sha256,
        file_name=body.file_name,
    )
    invited = register_check(check, asked.at, kind, os.urandom)
    told = CheckInvited(
        check=_summarise(invited.check),
        url=invited.url,
        headers=dict(invited.headers),
        expires_at=invited.expires,
    )
    return Answer(told, 201)


@api.endpoint(
    "GET",
    "/v1/checks",
    summary="本账号的批量核查 · List one's own batch checks",
    query=PageQuery,
    answers={200: ChecksShown},
    roles=_CHECKERS,
)
def list_checks(query: PageQuery, caller: Caller) -> ChecksShown:
    """Checks that were registered under the caller's own account, those of nobody else."""
    asker = _asker(caller)
    scope = f"checks:{asker.account}"
    page = list_own(asker, read_place(query.cursor, scope), _PAGE)
    return ChecksShown(
        checks=tuple(map(_summarise, page.checks)),
        next_cursor=write_place(page.cursor, scope),
    )


@api.endpoint(
    "GET",
    "/v1/checks/{check}",
    summary="批量核查进度 · Read how far a batch check has come",
    answers={200: CheckShown},
    roles=_CHECKERS,
    refuses=_UNKNOWN,
)
def read_check(check: str, caller: Caller, asked: Asked) -> Answer:
    """Progress, and how the rows answered so far came out; what is found stands in the result."""
    own = find_own(check, _asker(caller))
    rule = load_rulebook(settings().rulebook).check_result_days.on(lawful_day(asked.at))
    progress = read_progress(own, lawful_day(asked.at), rule.value)
    shown = CheckShown(
        check=_summarise(own),
        state=progress.state,
        rows=progress.rows,
        parts=progress.parts,
        answered=progress.answered,
        counts=progress.counts,
        remarks=tuple(CheckRemark(row=each.row, told=each.told) for each in progress.remarks),
        refused=progress.refused,
        fetched=tuple(
            FetchedShown(at=moment_of(at), format=form) for at, form in store.find_fetched(own.id)
        ),
        result_days=rule.value,
        source=rule.source,
    )
    return Answer(shown, headers={} if progress.final else {"Retry-After": "2"})


@api.endpoint(
    "GET",
    "/v1/checks/{check}/result",
    summary="下载批量核查结果 · Fetch the result of a batch check",
    query=ResultQuery,
    answers={200: ResultShown, 202: ResultAwaited},
    roles=_CHECKERS,
    refuses=_UNKNOWN | {Kind.CONFLICT},
)
def read_result(check: str, query: ResultQuery, caller: Caller, asked: Asked) -> Answer:
    """An address for a few minutes, for whoever had the check made. It is noted each time.

    A document of the day of the check. It is made when first asked for: until then 202.
    """
    own = find_own(check, _asker(caller))
    rulebook = load_rulebook(settings().rulebook)
    url = fetch_result(own, query.format, asked.at, rulebook)
    if url is None:
        return Answer(ResultAwaited(state="being_made"), 202, {"Retry-After": "2"})
    name = objects.file_name(own.id, query.format)
    return Answer(ResultShown(url=url, file_name=name, expires_at=asked.at + VALID))


def _rest_on(body: CheckGiven, caller: Caller) -> tuple[Channel, str]:
    """The channel that is checked over, and on what basis."""
    if not body.share:
        return CHANNELS[caller.role], body.basis
    if caller.role not in SHARERS:
        raise DomainError(ARCHIVE_UNKNOWN)
    if body.basis:
        raise DomainError(INPUT_UNKNOWN, pointer="/basis")
    return "shared", body.share


def _asker(caller: Caller) -> Asker:
    return Asker(
        by=caller.sub,
        role=caller.role,
        organisation=caller.organisation or "",
        organisation_name=caller.name or "" if caller.organisation else "",
        party=party_of(caller),
        staff=asker_of(caller).staff,
        by_grant=caller.role is Role.THIRD_PARTY,
    )


def _summarise(check: Check) -> CheckSummary:
    return CheckSummary(
        check=check.id,
        channel=check.channel,
        purpose=check.purpose,
        basis=check.basis,
        detail=check.detail,
        registered_at=moment_of(check.registered),
        size=check.size,
        sha256=check.sha256,
        file_name=check.file_name,
    )
