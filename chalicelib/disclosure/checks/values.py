"""What a batch check (信用核查) is: who asks, the rows that are asked about, and their answers."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal

import msgspec

from chalicelib.disclosure.showing import ShownRecord
from chalicelib.law.rules import Channel
from chalicelib.runtime.errors import Code, explain

Detail = Literal["records", "summary"]
"""Whether a result says the records themselves, or only how many there are (数据核验, JP-2)."""

Format = Literal["csv", "xlsx", "jsonl"]

_ID: Final = re.compile(r"[0-9]{8}-[A-Z2-7]{12}")


def is_check(text: str) -> bool:
    """Whether `text` may be the id of a check: `<yyyymmdd>-<12 base32 letters>`."""
    return _ID.fullmatch(text) is not None


class Told(msgspec.Struct, frozen=True):
    """A code with its texts for one case: what is told of a row, or of a file."""

    code: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str


def tell(code: Code, **values: str | int) -> Told:
    """`code` with `values` filled into its texts."""
    text = explain(code, values)
    return Told(code.id, text.zh, text.en, text.mend_zh, text.mend_en)


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever has a check made, as the door knew them.

    `organisation` is the code of the organisation acted for, `party` whom grants are given to: that
    code, or a person's subject key; `staff` the account whose queries are watched beside the
    organisation's (NJ-52), empty for machines; `by_grant` whether the role queries under grants, and
    has checks made under agreements.
    """

    by: str
    role: str
    organisation: str
    organisation_name: str
    party: str
    staff: str
    by_grant: bool

    @property
    def account(self) -> str:
        """Whose check it is: nobody else's account reads it, not even a colleague's."""
        return f"{self.role}/{self.party}/{self.by}"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A check as registered at `registered` (`stamp` text).

    `channel` is the one over which rows without a grant are answered, `basis` the document, the
    number of the agreement (NJ-67) or, over `shared`, the share (JS-21) that it rests on. `size` and
    `sha256` (base64) are those of the file to come.
    """

    id: str
    asker: Asker
    channel: Channel
    purpose: str
    basis: str
    detail: Detail
    registered: str
    size: int
    sha256: str
    file_name: str


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of the file as understood: about whom, and under which grant.

    `subject` is the key of an organisation by its code; else `paper_kind` and `paper_number` are a
    person's paper, or `name` an organisation's. `problem` says what is wrong with the row.
    """

    row: int
    subject: str = ""
    name: str = ""
    paper_kind: str = ""
    paper_number: str = ""
    grant: str = ""
    problem: Told | None = None


class Remark(msgspec.Struct, frozen=True):
    """What is told of a row that was left out, or of the whole file (row 0)."""

    row: int
    told: Told


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds, written once: so many rows in so many parts, or why it was refused.

    `at` (`stamp` text) is when it was read: the time of every entry in the ledger.
    """

    check: str
    at: str
    rows: int = 0
    parts: int = 0
    remarks: tuple[Remark, ...] = ()
    refused: Told | None = None


class Status(StrEnum):
    """What came of a row; the order is that of the counts."""

    FOUND = "found"
    NOT_FOUND = "not_found"  # not held, or not for whoever asks: which of the two is never told
    AMBIGUOUS = "ambiguous"
    REFUSED = "refused"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of one row: no more than a single query over `channel` tells.

    `asked` is what the row named, a paper's number masked. `counts` are the records that may be
    seen, by category; `records` those records, unless the check asked for a summary. `candidates`
    are the codes of organisations that all have the name.
    """

    row: int
    status: Status
    asked: str = ""
    channel: str = ""
    subject: str = ""
    name: str = ""
    counts: Mapping[str, int] = {}
    records: tuple[ShownRecord, ...] = ()
    candidates: tuple[str, ...] = ()
    told: Told | None = None


class Counts(msgspec.Struct, frozen=True):
    """How many rows came out how."""

    found: int = 0
    not_found: int = 0
    ambiguous: int = 0
    refused: int = 0
