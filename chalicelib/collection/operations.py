"""What a row does 操作: add what it says, correct an earlier record, or withdraw one.

A withdrawal needs no more than the fields that name the record; a correction of those names what
they were before, by themselves or by the record's name in a receipt.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple, TypeVar

import msgspec

from chalicelib.archive.statements import Value
from chalicelib.catalogue.model import Field, Item
from chalicelib.collection import codes
from chalicelib.collection.checks import Checked, Checker, personal_fields
from chalicelib.collection.layout import Columns, column_letter
from chalicelib.collection.normalising import compile_reader
from chalicelib.collection.operation_columns import (
    CORRECT,
    FORMER_RECORD,
    OPERATION,
    REASON,
    WITHDRAW,
    former_name,
    identifying_fields,
    is_of_operation,
    key_fields,
    with_operations,
)
from chalicelib.collection.problems import Problem
from chalicelib.collection.readers import Row
from chalicelib.collection.records import has_natural_key
from chalicelib.runtime.errors import Code
from chalicelib.subjects.identifiers import Paper
from chalicelib.subjects.texts import compact

V = TypeVar("V")

Kind = Literal["correct", "withdraw"]

_KINDS: Final[Mapping[Value | None, Kind]] = {CORRECT: "correct", WITHDRAW: "withdraw"}
_RECORD: Final = re.compile(r"(?:[0-9A-Z]{1,64}/)?[0-9w][A-Z2-7]{16}")
_ID_NUMBER: Final = re.compile(r"(?<![0-9])(?:[0-9]{15}|[0-9]{17}[0-9X])(?![0-9])")
_SHORTEST_NAME: Final = 2


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What a row does beside saying something, and why.

    What it corrects under another name is either `former`, a row with the keys as they were, or
    `record`: `<record>` of the row's own subject, or `<subject>/<record>`.
    """

    kind: Kind
    reason: str
    former: Checked | None = None
    record: str = ""


class Operated(NamedTuple):
    """A row as checked, without the columns of its operation; None where it only adds."""

    checked: Checked
    operation: Operation | None


class OperationChecker:
    """Checks the rows of one file of `item`, registered on `day`, by what each of them does."""

    def __init__(self, item: Item, columns: Columns, day: date, *, lettered: bool = True) -> None:
        whole = with_operations(item)
        self._columns = columns
        self._lettered = lettered
        self._item = whole
        self._keys = key_fields(item)
        self._identifying = identifying_fields(item)
        self._plain = Checker(whole, columns, day, lettered=lettered)
        self._named = Checker(_keys_only(whole), columns, day, lettered=lettered)
        self._former = Checker(_keys_only(whole), self._keys, day)
        self._operates = any(name is not None and is_of_operation(name) for name in columns)
        self._read_operation = compile_reader(whole.field(OPERATION))

    def check(self, row: Row) -> Operated:
        """`row` understood and checked."""
        if not self._operates or row.fault is not None:
            return Operated(self._plain.check(row), None)
        kind = _KINDS.get(self._read_operation(self._text(row, OPERATION)).value)
        if kind == "withdraw":
            checked = self._named.check(self._with_keys_only(row))
        else:
            checked = self._plain.check(row)
        former, record = self._check_former(row), self._text(row, FORMER_RECORD).strip()
        problems = [*checked.problems, *self._doubts(row, checked, kind, former, record)]
        refused = any(problem.refuses for problem in problems)
        reason = checked.fields.get(REASON)
        bare = msgspec.structs.replace(
            checked,
            problems=tuple(problems),
            fields=_without_operation(checked.fields),
            typed=_without_operation(checked.typed),
            identified=None if refused else checked.identified,
        )
        if kind is None or refused or not isinstance(reason, str):
            return Operated(bare, None)
        return Operated(bare, Operation(kind=kind, reason=reason, former=former, record=record))

    # -- the record as it was named before ----------------------------------------------------------

    def _check_former(self, row: Row) -> Checked | None:
        """The row with its keys as they were before; None where nothing tells of any."""
        given = {name for name in self._keys if self._text(row, former_name(name)).strip()}
        if not given:
            return None
        identified = bool(given & self._identifying)
        texts = {}
        for name in self._keys:
            column = former_name(name) if name in given else name
            gone = column == name and identified and name in self._identifying
            texts[name] = "" if gone else self._text(row, column)
        named = self._naming(texts)
        cells = [text if name in named else "" for name, text in texts.items()]
        checked = self._former.check(Row(row.number, cells))
        problems = [self._placed(each) for each in checked.problems if each.refuses]
        return msgspec.structs.replace(checked, problems=tuple(problems))

    def _placed(self, problem: Problem) -> Problem:
        """A problem of a former key, where it stands in the file."""
        name = former_name(problem.field)
        if name not in self._columns:
            return msgspec.structs.replace(problem, column=self._letter(problem.field))
        title = self._item.field(name).title
        return msgspec.structs.replace(problem, column=self._letter(name), field=name, label=title)

    # -- what is wrong with the operation itself ----------------------------------------------------

    def _doubts(
        self, row: Row, checked: Checked, kind: Kind | None, former: Checked | None, record: str
    ) -> list[Problem]:
        found = [] if former is None else list(former.problems)
        if kind != "correct" and (former is not None or record):
            found.append(self._problem(codes.FORMER_UNASKED, OPERATION))
        elif record and (former is not None or not _RECORD.fullmatch(record)):
            found.append(self._problem(codes.FORMER_RECORD, FORMER_RECORD))
        if self._names_somebody(row, checked):
            found.append(self._problem(codes.REASON_PERSONAL, REASON))
        return found

    def _names_somebody(self, row: Row, checked: Checked) -> bool:
        """Whether the reason holds an identity number, or what the row says of a person."""
        reason = compact(self._text(row, REASON)).upper()
        names = set(personal_fields(self._item))
        if checked.identified is not None and isinstance(checked.identified.subject, Paper):
            names.add(self._item.subject.name)
        personal = {compact(self._text(row, name)).upper() for name in names}
        return bool(_ID_NUMBER.search(reason)) or any(
            len(each) >= _SHORTEST_NAME and each in reason for each in personal
        )

    def _problem(self, code: Code, name: str) -> Problem:
        label = self._item.field(name).title
        return Problem(code=code.id, column=self._letter(name), field=name, label=label)

    # -- cells --------------------------------------------------------------------------------------

    def _text(self, row: Row, name: str) -> str:
        index = self._columns.index(name) if name in self._columns else len(row.cells)
        return row.cells[index] if index < len(row.cells) else ""

    def _letter(self, name: str) -> str:
        there = self._lettered and name in self._columns
        return column_letter(self._columns.index(name)) if there else ""

    def _naming(self, texts: Mapping[str, str]) -> set[str]:
        """Those of the key fields that name the record, if they hold `texts`."""
        weak = () if has_natural_key(self._item, texts) else self._item.weak_key
        natural = (name for key in self._item.natural_keys for name in key)
        kind = self._item.subject.kind
        return {*self._identifying, *natural, *weak, *((kind,) if kind else ())}

    def _with_keys_only(self, row: Row) -> Row:
        named = self._naming({name: self._text(row, name) for name in self._keys})
        kept = {*named, OPERATION, REASON}
        width = len(self._columns)
        cells = [
            cell if index >= width or self._columns[index] in {*kept, None} else ""
            for index, cell in enumerate(row.cells)
        ]
        return msgspec.structs.replace(row, cells=cells)


def _keys_only(item: Item) -> Item:
    """`item` as a row that only names a record has to meet it."""
    schema = msgspec.structs.replace(item.schema, fields=tuple(map(_optional, item.schema.fields)))
    return msgspec.structs.replace(item, schema=schema)


def _optional(field: Field) -> Field:
    if is_of_operation(field.name):
        return field
    return msgspec.structs.replace(field, required=False, required_when=None)


def _without_operation(said: Mapping[str, V]) -> dict[str, V]:
    return {name: value for name, value in said.items() if not is_of_operation(name)}
