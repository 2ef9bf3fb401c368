"""Who may open an archive over which channel, and the ledger entry before every answer."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct, field

from chalicelib.archive.visibility import Viewer
from chalicelib.disclosure import ledger
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.grants.giving import check_way
from chalicelib.disclosure.grants.using import use_grant
from chalicelib.disclosure.grants.values import Grant, ReportKind, Wanted
from chalicelib.disclosure.grants.values import Scope as Granted
from chalicelib.disclosure.recipients.telling import Answering, open_answer
from chalicelib.disclosure.shares import values as sharing
from chalicelib.disclosure.shares.contents import scope_of
from chalicelib.disclosure.shares.using import use_share
from chalicelib.disclosure.shares.values import Scope as Shared
from chalicelib.disclosure.volumes.values import Asker
from chalicelib.disclosure.volumes.watching import count_query
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import Code, DomainError
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import is_subject
from chalicelib.web.callers import Caller, Role
from chalicelib.web.codes import INPUT_MISSING, INPUT_UNKNOWN, INPUT_WRONG
from chalicelib.web.endpoints import Asked
from chalicelib.web.inputs import Input, OptionalLine
from chalicelib.web.problems import RequestInvalid

_CHANNELS: dict[Role, Channel] = {
    Role.SUBJECT: "own",
    Role.OPERATOR: "operator",
    Role.AGENCY: "ex_officio",
    Role.JUDICIAL: "judicial",
}

_PAPER = "(subject_paper|mandate|agent_paper)"
_PAPERS = rf"^({_PAPER}(,{_PAPER}){{0,2}})?(?!\n)$"

READERS = frozenset(_CHANNELS)
ASKERS = READERS | {Role.THIRD_PARTY}
"""Who may open an archive at all: third parties under a grant only."""
SHARERS = frozenset({Role.AGENCY, Role.JUDICIAL})
"""Who may apply for shares 政务共享 (JS-21 各部门; SZ-21 names 司法机关 too)."""

_BY_GRANT = frozenset({Role.THIRD_PARTY, Role.OPERATOR})


class QueryHeaders(Input, frozen=True):
    """Why somebody asks (codes of `E-PURPOSE-02`), and the paper that the query rests on.

    `X-Query-Papers`: what an operator has seen of who stands at the window, separated by commas:
    `subject_paper`, `mandate`, `agent_paper`. Under a grant the operator acts for its recipient; else
    for the subject, whose paper is among them, and `X-Query-Basis` is the number of the file that
    copies are kept in.
    """

    purpose: str = field(default="", name="X-Query-Purpose")
    basis: OptionalLine = field(default="", name="X-Query-Basis")
    papers: Annotated[str, Meta(pattern=_PAPERS)] = field(default="", name="X-Query-Papers")


class OpeningHeaders(QueryHeaders, frozen=True):
    """The grant (授权) that a query rests on: purpose and basis are the grant's, and any other purpose
    is outside it. `Idempotency-Key`: whoever has lost the answer to a query that consumed its grant
    repeats it under the same key, for a quarter of an hour.

    `X-Query-Share`: the share (政务共享) that an agency's query rests on, in the same way.
    """

    grant: Annotated[str, Meta(max_length=64)] = field(default="", name="X-Query-Grant")
    share: Annotated[str, Meta(max_length=64)] = field(default="", name="X-Query-Share")
    key: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{0,64}(?!\n)$")] = field(
        default="", name="Idempotency-Key"
    )


class Opened(Struct, frozen=True, kw_only=True):
    """An archive that may be answered from: over which channel, as whom, and how much of it.

    `scope` is None where no grant and no share limits it.
    """

    answering: Answering
    channel: Channel
    viewer: Viewer
    scope: Granted | Shared | None = None

    def holds(self, item: str, provider: str) -> bool:
        """Whether records of `item` in the words of `provider` are within what may be answered."""
        return self.scope is None or self.scope.holds(item, provider)


def channel_of(caller: Caller, papers: str = "") -> Channel:
    """The channel that a caller's role asks over; the subject's own where its `papers` were seen."""
    return "own" if papers else _CHANNELS[caller.role]


def viewer_of(caller: Caller) -> Viewer:
    """The caller as a viewer: a person, or the representative of an organisation."""
    return Viewer(caller.person or caller.organisation if caller.role is Role.SUBJECT else None)


def admit_to(subject: str, caller: Caller) -> None:
    """Let pass whoever may ask about `subject` at all.

    Raises `E-ARCHIVE-01`, the same for what does not exist and for somebody else's archive.
    """
    foreign = caller.role is Role.SUBJECT and viewer_of(caller).subject != subject
    if foreign or not is_subject(subject):
        raise DomainError(ARCHIVE_UNKNOWN)


def party_of(caller: Caller) -> str:
    """Whom a caller stands for towards others: an organisation, or a person by subject key.

    Empty where a person who has no archive has signed in.
    """
    return caller.organisation or caller.person or ""


def asker_of(caller: Caller) -> Asker:
    """Whose volumes of queries the caller's count for: who asks alone is watched as an organisation."""
    staff = caller.sub if caller.scopes is None else ""
    return Asker(organisation=party_of(caller) or caller.sub, staff=staff)


def open_archive(
    subject: str,
    caller: Caller,
    asked: Asked,
    headers: OpeningHeaders,
    *,
    item: str = "",
    report: ReportKind | None = None,
    as_of: date | None = None,
) -> Opened:
    """Enter a query of an archive, or for a report on it, in the ledger; then it may be answered.

    Third parties, and operators who serve them at the window, ask under a grant; agencies may ask
    under a share. Raises `E-ARCHIVE-01` for all that the caller may not open, whyever; `E-GRANT-02`
    where the rulebook lets third parties ask at the window only (SZ-22); `E-PURPOSE-01` to `-03`;
    `E-VOLUME-01`.
    """
    if headers.share:
        if report or headers.grant:
            raise DomainError(ARCHIVE_UNKNOWN)
        return _open_shared(subject, caller, asked, headers, item, as_of)
    if not headers.grant and caller.role in READERS:
        admit_to(subject, caller)
        prepared = prepare_entry(subject, caller, asked, headers, as_of)
        return Opened(
            answering=open_answer(prepared),
            channel=channel_of(caller, headers.papers),
            viewer=Viewer(subject) if headers.papers else viewer_of(caller),
        )
    _check_papers(caller, headers, for_subject=False)
    at_window = caller.role is Role.OPERATOR
    if at_window and not headers.papers:
        raise _wrong(INPUT_MISSING, "X-Query-Papers")
    wanted = Wanted(
        subject=subject,
        recipient=None if at_window else party_of(caller),
        item=item,
        report=report,
        purpose=headers.purpose,
        as_of=as_of,
        key=headers.key,
    )
    if caller.role not in _BY_GRANT:
        raise DomainError(ARCHIVE_UNKNOWN)
    rulebook = load_rulebook(settings().rulebook)
    check_way("window" if at_window else "online", lawful_day(asked.at), rulebook)
    count_query(asker_of(caller), subject, asked.at, rulebook)
    entry = partial(_entry_under, caller, asked, as_of, headers.papers)
    use = use_grant(headers.grant, wanted, asked.at, entry)
    return Opened(
        answering=open_answer(use.prepared),
        channel="authorised",
        viewer=viewer_of(caller),
        scope=use.grant.terms.scope,
    )


def _open_shared(
    subject: str,
    caller: Caller,
    asked: Asked,
    headers: OpeningHeaders,
    item: str,
    as_of: date | None,
) -> Opened:
    if caller.role not in SHARERS:
        raise DomainError(ARCHIVE_UNKNOWN)
    _check_papers(caller, headers, for_subject=False)
    admit_to(subject, caller)
    rulebook = load_rulebook(settings().rulebook)
    count_query(asker_of(caller), subject, asked.at, rulebook)
    wanted = sharing.Wanted(
        applicant=party_of(caller), way="query", item=item, purpose=headers.purpose
    )
    enter = partial(_entry_shared, subject, caller, asked, as_of)
    use = use_share(headers.share, wanted, asked.at, enter)
    return Opened(
        answering=open_answer(use.prepared),
        channel="shared",
        viewer=viewer_of(caller),
        scope=scope_of(use.share, lawful_day(asked.at), rulebook),
    )


@contextmanager
def serving(
    subject: str, caller: Caller, asked: Asked, headers: QueryHeaders, *, own: bool = False
) -> Iterator[None]:
    """Let pass whoever may be told about `subject` what is no record: who asked, what was granted.

    At the window that is entered in the ledger before and handed over after it. What is the subject's
    `own` no operator reads without its papers. Raises as `admit_to`, `prepare_entry`.
    """
    if own and caller.role is Role.OPERATOR and not headers.papers:
        raise _wrong(INPUT_MISSING, "X-Query-Papers")
    admit_to(subject, caller)
    prepared = prepare_entry(subject, caller, asked, headers) if headers.papers else None
    yield
    if prepared:
        ledger.hand_over(prepared, ())


def _check_papers(caller: Caller, headers: QueryHeaders, *, for_subject: bool) -> None:
    """Papers are seen at the window only; whoever is served there without a grant is the subject.

    Raises `RequestInvalid` where papers are named by who sees none, where the subject's own is not
    among them, or where it is not said which file they are kept in.
    """
    if not headers.papers:
        return
    if caller.role is not Role.OPERATOR:
        raise _wrong(INPUT_UNKNOWN, "X-Query-Papers")
    if not for_subject:
        return
    if "subject_paper" not in headers.papers.split(","):
        told = {"expected_zh": "含信用主体证件 subject_paper", "expected_en": "with subject_paper"}
        raise _wrong(INPUT_WRONG, "X-Query-Papers", **told)
    if not headers.basis.strip():
        raise _wrong(INPUT_MISSING, "X-Query-Basis")


def _wrong(code: Code, header: str, **values: str) -> RequestInvalid:
    return RequestInvalid("header", [DomainError(code, pointer=f"/{header}", **values)])


def _entry_under(
    caller: Caller, asked: Asked, as_of: date | None, papers: str, grant: Grant
) -> ledger.Entry:
    return ledger.Entry(
        id=_new_id(),
        subject=grant.terms.subject,
        at=asked.at,
        by=caller.sub,
        role=caller.role,
        channel="authorised",
        purpose=grant.terms.purpose,
        basis=grant.id,
        organisation=grant.terms.recipient,
        organisation_name=grant.recipient_name or _name_recipient(caller),
        as_of=as_of,
        papers=papers,
    )


def _entry_shared(
    subject: str, caller: Caller, asked: Asked, as_of: date | None, share: sharing.Share
) -> ledger.Entry:
    return ledger.Entry(
        id=_new_id(),
        subject=subject,
        at=asked.at,
        by=caller.sub,
        role=caller.role,
        channel="shared",
        purpose=share.terms.purpose,
        basis=share.id,
        organisation=share.terms.applicant,
        organisation_name=caller.name or "",
        as_of=as_of,
    )


def _name_recipient(caller: Caller) -> str:
    """What the recipient of a grant is called where no record names it: as it signs in itself."""
    return caller.name or "" if caller.role is Role.THIRD_PARTY and caller.organisation else ""


def prepare_entry(
    subject: str,
    caller: Caller,
    asked: Asked,
    headers: QueryHeaders,
    as_of: date | None = None,
) -> ledger.Prepared:
    """Write the ledger entry of a query; only then may its answer be made (DESIGN §5).

    `as_of` is the past day that is asked for, if any. Where an operator acts for the subject at the
    window, the channel is the subject's own. Raises `RequestInvalid` for papers that are not named
    rightly, `E-VOLUME-01` where queries of the caller are stopped (NJ-52): never a subject's own.
    """
    _check_papers(caller, headers, for_subject=True)
    if caller.role is not Role.SUBJECT:
        rulebook = load_rulebook(settings().rulebook)
        count_query(asker_of(caller), subject, asked.at, rulebook)
    return ledger.prepare(
        ledger.Entry(
            id=_new_id(),
            subject=subject,
            at=asked.at,
            by=caller.sub,
            role=caller.role,
            channel=channel_of(caller, headers.papers),
            purpose=headers.purpose,
            basis=headers.basis,
            organisation=caller.organisation or "",
            organisation_name="" if caller.role is Role.SUBJECT else caller.name or "",
            as_of=as_of,
            papers=headers.papers,
        )
    )


def _new_id() -> str:
    return base64.b32encode(os.urandom(10)).decode()
