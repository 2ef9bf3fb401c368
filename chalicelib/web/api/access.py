"""Who may open an archive over which channel, and the ledger entry before every answer."""

import base64
import os

from msgspec import field

from chalicelib.archive.visibility import Viewer
from chalicelib.disclosure import ledger
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.law.rules import Channel
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import is_subject
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Asked
from chalicelib.web.inputs import Input

_CHANNELS: dict[Role, Channel] = {
    Role.SUBJECT: "own",
    Role.OPERATOR: "operator",
    Role.AGENCY: "ex_officio",
    Role.JUDICIAL: "judicial",
}

READERS = frozenset(_CHANNELS)


class QueryHeaders(Input, frozen=True):
    """Why somebody asks (codes of `E-PURPOSE-02`), and the paper that the query rests on."""

    purpose: str = field(default="", name="X-Query-Purpose")
    basis: str = field(default="", name="X-Query-Basis")


def channel_of(caller: Caller) -> Channel:
    """The channel that a caller's role asks over."""
    return _CHANNELS[caller.role]


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


def prepare_entry(
    subject: str, caller: Caller, asked: Asked, headers: QueryHeaders
) -> ledger.Prepared:
    """Write the ledger entry of a query; only then may its answer be made (DESIGN §5)."""
    return ledger.prepare(
        ledger.Entry(
            id=base64.b32encode(os.urandom(10)).decode(),
            subject=subject,
            at=asked.at,
            by=caller.sub,
            role=caller.role,
            channel=channel_of(caller),
            purpose=headers.purpose,
            basis=headers.basis,
            organisation=caller.organisation or "",
            organisation_name="" if caller.role is Role.SUBJECT else caller.name or "",
        )
    )
