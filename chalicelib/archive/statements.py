"""Statements, assertions and marks: the only things that the archive holds (SZ-18, SD-17).

A statement is “this provider said this about this subject, in these words”. Each is stored under a
key made from what it says, so adding is a set union: duplicates, order and splitting of deliveries
cannot matter.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from chalicelib.archive.packing import pack, put_together, set_apart, unpack
from chalicelib.runtime.cipher import short_hash

Value = str | tuple[str, ...]


def spoken(value: Value) -> str:
    """A value as one text: several choices are joined by `；`."""
    return value if isinstance(value, str) else "；".join(value)


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
        """The same bytes for the same words: keys are made from them."""
        return _encode(self)


def store_words(words: Words) -> bytes:
    """`words` as they are stored, in as few bytes as may be."""
    if not words.boxes:
        return pack(words.encode())
    rest = msgspec.structs.replace(words, boxes=())
    return set_apart(pack(rest.encode()), _encode_boxes(words.boxes))


def decode_words(stored: bytes) -> Words:
    """The words that `store_words` wrote, or `encode`."""
    packed, boxes = put_together(stored)
    words = _decode(unpack(packed))
    return msgspec.structs.replace(words, boxes=_decode_boxes(boxes)) if boxes else words


_encode: Final = msgspec.msgpack.Encoder(order="deterministic").encode
_decode: Final = msgspec.msgpack.Decoder(Words).decode
_encode_boxes: Final = msgspec.msgpack.Encoder().encode
_decode_boxes: Final = msgspec.msgpack.Decoder(tuple[Box, ...]).decode


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's words on one record of one subject, and the assertion that brought them.

    `digest` is 80 bits of SHA-256 over the words: made from them, but where they are read again.
    """

    subject: str
    item: str
    record: str
    provider: str
    words: Words
    first: Assertion
    digest: str = ""

    def __post_init__(self) -> None:
        if not self.digest:
            msgspec.structs.force_setattr(self, "digest", short_hash(self.words.encode()))

    @property
    def key(self) -> str:
        """The sort key: `<item>/<record>/<provider>/<digest>`."""
        return f"{self.item}/{self.record}/{self.provider}/{self.digest}"

    @property
    def record_key(self) -> "RecordKey":
        """The record that it is about."""
        return RecordKey(self.subject, self.item, self.record)


class MarkKind(StrEnum):
    """What may be noted on a record beside what providers say."""

    WITHDRAWN = "withdrawn"  # 撤回: one provider takes its own words back
    ANNULLED = "annulled"  # 撤销: the act itself was revoked (NJ-59)
    DELETED = "deleted"  # 删除: a dispute was decided so (SZ-35)
    REPAIRED = "repaired"  # 信用修复 (JS-35)
    DISPUTED = "disputed"  # 异议 (JS-33)
    VERIFYING = "verifying"  # 核实 (SD-14, SZ-33)
    HIDDEN = "hidden"  # a merit that its subject asked to be hidden (NJ-61)
    CLASSIFIED = "classified"  # an operator says which class it is of (JS-14); `value` is the class
    RUNNING = "running"  # a measure of the serious list runs (NJ-56); `value` is its last day
    CONFIRMED = "confirmed"  # what was held as a minor's conduct may be used (NJ-2)
    REPLACED = "replaced"  # 更正: its provider's words stand in another record; `value` names it
    REPLACES = "replaces"  # the other end: the record that this one stands for; `value` names it


OF_WORDS = frozenset({MarkKind.WITHDRAWN, MarkKind.REPLACED, MarkKind.REPLACES})
"""Marks on one provider's words, not on the record: they stay when words go elsewhere."""


class Phase(StrEnum):
    """A mark is opened, and closed again by a second one with a basis of its own."""

    OPEN = "open"
    CLOSE = "close"


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One note on a record: who set it when (`stamp` text), and on what basis.

    `value` says what kinds `CLASSIFIED` (a class), `RUNNING` (a day, empty while it is open),
    `REPLACED` and `REPLACES` (`str` of a record key) note. `order` is the text of the assertion that
    a row in a file would have been, so that words and their withdrawal in one file have an order.
    """

    kind: MarkKind
    id: str
    phase: Phase
    at: str
    by: str
    basis: str
    provider: str = ""
    value: str = ""
    order: str = ""

    @property
    def place(self) -> str:
        """Where it stands among assertions: behind all of its moment where no row set it."""
        return self.order or f"{self.at}~"

    def key(self, item: str, record: str) -> str:
        """The sort key: `<item>/<record>/~<kind>/<id>/<open or close>`."""
        return f"{item}/{record}/~{self.kind}/{self.id}/{self.phase}"


class RecordKey(msgspec.Struct, frozen=True, order=True):
    """Names one record: whose, of which catalogue item, which."""

    subject: str
    item: str
    record: str

    def __str__(self) -> str:
        """The key as a mark's `value` names it."""
        return f"{self.subject}/{self.path}"

    @property
    def prefix(self) -> str:
        """What every sort key of the record begins with."""
        return f"{self.item}/{self.record}/"

    @property
    def path(self) -> str:
        """The record's name inside its archive: `<item>/<record>`."""
        return f"{self.item}/{self.record}"


def parse_record_key(text: str) -> RecordKey:
    """The key that `str` wrote."""
    subject, item, record = text.split("/")
    return RecordKey(subject, item, record)


class Followed(msgspec.Struct, frozen=True):
    """A mark of a record that this one replaces, and since when it does (`stamp` text)."""

    since: str
    mark: Mark


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """All that the archive holds under one record key, unordered.

    `followed` are the marks of the records that it replaces: they go where the words went.
    """

    key: RecordKey
    statements: tuple[Statement, ...] = ()
    assertions: tuple[tuple[str, Assertion], ...] = ()  # statement key, said again
    marks: tuple[Mark, ...] = ()
    followed: tuple[Followed, ...] = ()

    @property
    def size(self) -> int:
        """How many things are held; the archive only grows, so it orders views (DESIGN §4)."""
        return len(self.statements) + len(self.assertions) + self.noted

    @property
    def noted(self) -> int:
        """How many marks are held, those that have followed included."""
        return len(self.marks) + len(self.followed)
