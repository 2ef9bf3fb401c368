"""The columns 操作: what a row does (新增, 更正, 撤销), why, and to which record.

Every item takes them in every format without naming them. Where the columns of a file or the keys of
a line are matched with fields, these stand beside the item's own; no statement ever holds them.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from chalicelib.catalogue.labels import normalise_label
from chalicelib.catalogue.model import Condition, Field, Item, labels_of

ADD: Final = "新增"
CORRECT: Final = "更正"
WITHDRAW: Final = "撤销"

OPERATION: Final = "operation"
REASON: Final = "operation_reason"
FORMER_RECORD: Final = "former_record"
_FORMER: Final = "orig_"

MAX_REASON: Final = 500
_MAX_RECORD: Final = 100


def with_operations(item: Item) -> Item:
    """`item` as the columns of a file are matched with it.

    Beside the operation, its reason and the record that it corrects (更正前记录), each field that
    tells records apart has a column `orig_<field>` (原…) for what it was before. A label that the
    item itself uses stays the item's.
    """
    taken = {label for field in item.schema.fields for label in labels_of(field)}
    added = [_without(field, taken) for field in _columns(item)]
    known = [field for field in added if normalise_label(field.name) not in taken]
    schema = msgspec.structs.replace(item.schema, fields=(*item.schema.fields, *known))
    return msgspec.structs.replace(item, schema=schema)


def key_fields(item: Item) -> tuple[str, ...]:
    """The fields that say whose record a row is about, and which; in the order of the item."""
    subject = item.subject
    names = {subject.kind, *identifying_fields(item), *item.weak_key}
    names |= {name for key in item.natural_keys for name in key}
    return tuple(field.name for field in item.schema.fields if field.name in names)


def identifying_fields(item: Item) -> frozenset[str]:
    """The fields with the subject's codes and papers; they are about one and the same subject."""
    subject = item.subject
    names = (subject.uscc, subject.registration_number, subject.paper_kind, subject.paper_number)
    return frozenset(name for name in names if name is not None)


def former_name(field: str) -> str:
    """The name of the column for what `field` was before."""
    return f"{_FORMER}{field}"


def is_of_operation(name: str) -> bool:
    """Whether a column of `with_operations` is none of the item's own."""
    return name in {OPERATION, REASON, FORMER_RECORD} or name.startswith(_FORMER)


def _columns(item: Item) -> Iterator[Field]:
    missing = item.schema.missing_values
    yield Field(
        name=OPERATION,
        title="操作",
        title_en="Operation",
        type="choice",
        openness="internal",
        missing_values=missing,
        aliases=("操作类型",),
        enum=(ADD, CORRECT, WITHDRAW),
        choice_aliases={"add": ADD, "correct": CORRECT, "withdraw": WITHDRAW},
    )
    yield Field(
        name=REASON,
        title="操作原因",
        title_en="Reason of the operation",
        type="text",
        openness="internal",
        missing_values=missing,
        aliases=("reason",),
        required_when=Condition(field=OPERATION, in_=(CORRECT, WITHDRAW)),
        max_length=MAX_REASON,
    )
    yield Field(
        name=FORMER_RECORD,
        title="更正前记录",
        title_en="Record before the correction",
        type="string",
        openness="internal",
        missing_values=missing,
        max_length=_MAX_RECORD,
    )
    for name in key_fields(item):
        field = item.field(name)
        yield Field(
            name=former_name(name),
            title=f"原{field.title}",
            title_en=f"{field.title_en} before",
            type="date" if field.type == "date" else "string",
            openness="internal",
            missing_values=missing,
            aliases=tuple(f"原{alias}" for alias in field.aliases if not alias.isascii()),
        )


def _without(field: Field, taken: set[str]) -> Field:
    free = tuple(alias for alias in field.aliases if normalise_label(alias) not in taken)
    title = field.name if normalise_label(field.title) in taken else field.title
    return msgspec.structs.replace(field, title=title, aliases=free)
