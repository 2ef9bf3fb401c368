"""Statements, assertions and marks: the only things that the archive holds (DESIGN §4).

A statement is “this provider said this about this subject, in these words”. Each is stored under a
key made from what it says, so adding is a set union: duplicates, order and splitting of deliveries
cannot matter.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from chalicelib.runtime.cipher import short_hash

Value = str | tuple[str, ...]


class Assertion(msgspec.Struct, frozen=True, order=True):
    """Who said it when: the upload's registration time, its id, and the row (from 1)."""

    registered: str
    upload: str
    row: int

    def __str__(self) -> str:
        """Text that sorts as the assertion does."""
        return f"{self.registered}.{self.upload}.{self.row:08d}"


def parse_assertion(text: str) -> Assertion:
    """The assertion that `str` wrote; the registration time holds a dot of its own."""
    registered, upload, row = text.rsplit(".", 2)
    return Assertion(registered, upload, int(row))


class Box(msgspec.Struct, frozen=True):
    """Personal values sealed under the key of `person` (a subject key), as `Words` has them."""

    person: str
    fields: bytes
    typed: bytes


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What was said: the fields as understood, and as typed where that differs.

    Personal values stand in `boxes` only; `version` is the catalogue item's, `normaliser` that of
    the rules which turned what was typed into what was understood.
    """

    fields: Mapping[str, Value]
    typed: Mapping[str, str]
    boxes: tuple[Box, ...]
    version: str
    normaliser: int

    @property
    def content(self) -> tuple[Mapping[str, Value], tuple[tuple[str, bytes], ...]]:
        """What was understood, however it was typed: equal content is the same said again."""
        return self.fields, tuple((box.person, box.fields) for box in self.boxes)

    def encode(self) -> bytes:
        """The same bytes for the same words."""
        return msgspec.msgpack.encode(self, order="deterministic")


def decode_words(body: bytes) -> Words:
    """The words that `encode` wrote."""
    return msgspec.msgpack.decode(body, type=Words)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's words on one record of one subject, and the assertion that brought them."""

    subject: str
    item: str
    record: str
    provider: str
    words: Words
    first: Assertion

    @property
    def digest(self) -> str:
        """80 bits of SHA-256 over the words."""
        return short_hash(self.words.encode())

    @property
    def key(self) -> str:
        """The sort key: `<item>/<record>/<provider>/<digest>`."""
        return f"{self.item}/{self.record}/{self.provider}/{self.digest}"


class MarkKind(StrEnum):
    """What may be noted on a record beside what providers say."""

    WITHDRAWN = "withdrawn"  # 撤回: one provider takes its own words back
    ANNULLED = "annulled"  # 撤销: the act itself was revoked (NJ-59)
    DELETED = "deleted"  # 删除: a dispute was decided so (SZ-35)
    REPAIRED = "repaired"  # 信用修复 (JS-35)
    DISPUTED = "disputed"  # 异议 (JS-33)
    VERIFYING = "verifying"  # 核实 (SD-14, SZ-33)


class Phase(StrEnum):
    """A mark is opened, and closed again by a second one with a basis of its own."""

    OPEN = "open"
    CLOSE = "close"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One note on a record: who set it when (`stamp` text), and on what basis."""

    kind: MarkKind
    id: str
    phase: Phase
    at: str
    by: str
    basis: str
    provider: str = ""

    def key(self, item: str, record: str) -> str:
        """The sort key: `<item>/<record>/~<kind>/<id>/<open or close>`."""
        return f"{item}/{record}/~{self.kind}/{self.id}/{self.phase}"


class RecordKey(msgspec.Struct, frozen=True, order=True):
    """Names one record: whose, of which catalogue item, which."""

    subject: str
    item: str
    record: str

    @property
    def prefix(self) -> str:
        """What every sort key of the record begins with."""
        return f"{self.item}/{self.record}/"

    @property
    def path(self) -> str:
        """The record's name inside its archive: `<item>/<record>`."""
        return f"{self.item}/{self.record}"


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """All that the archive holds under one record key, unordered."""

    key: RecordKey
    statements: tuple[Statement, ...] = ()
    assertions: tuple[tuple[str, Assertion], ...] = ()  # statement key, said again
    marks: tuple[Mark, ...] = ()

    @property
    def size(self) -> int:
        """How many things are held; the archive only grows, so it orders views (DESIGN §4)."""
        return len(self.statements) + len(self.assertions) + len(self.marks)
