"""The checks of a row: every problem of it is told, not just the first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec

from chalicelib.archive.statements import Value
from chalicelib.catalogue.model import Field, Item
from chalicelib.collection import codes
from chalicelib.collection.identification import Faulty, Identified, Identifier
from chalicelib.collection.layout import Columns, column_letter
from chalicelib.collection.normalising import Reader, Understood, compile_reader
from chalicelib.collection.problems import Problem
from chalicelib.collection.readers import MAX_CELL, MAX_ROW, Row
from chalicelib.collection.rules import Rules, holds
from chalicelib.subjects.identifiers import Fault

# What may be repeated to the provider: dates, amounts and codes with letters. Anything that could
# be a name, an identity number or a telephone number in a shifted column is not.
_HARMLESS: Final = re.compile(
    r"(?=(?:\D*\d){0,10}\D*$)(?=\D*\d)[0-9.,:/\\+年月日元万亿千美港欧镑币() -]+"
)
_LONGEST_SHOWN: Final = 20
_HARMLESS_CODE: Final = re.compile(r"(?=.{2,16}[A-WYZ])[0-9A-Z]{18}")


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A row as understood; `identified` only where no problem refuses it."""

    row: int
    problems: tuple[Problem, ...]
    fields: Mapping[str, Value]
    typed: Mapping[str, str]
    identified: Identified | None


class _Memory(dict[str, Understood]):
    """What each cell of a column means: they repeat (dates, agencies, places)."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def __missing__(self, text: str) -> Understood:
        understood = self[text] = self._read(text)
        return understood


class _Column(NamedTuple):
    field: Field
    letter: str
    memory: _Memory


class _Cells(msgspec.Struct, frozen=True):
    """One row while it is being checked."""

    fields: dict[str, Value]
    typed: dict[str, str]
    faults: list[Faulty]
    faulted: set[str]

    def add(self, field: str, fault: Fault) -> None:
        self.faults.append((field, fault))
        self.faulted.add(field)


class Checker:
    """Checks the rows of one file of an item, registered on `day`.

    `lettered`: its columns have letters that a problem's place can be told by.
    """

    def __init__(self, item: Item, columns: Columns, day: date, *, lettered: bool = True) -> None:
        self._lettered = lettered
        self._item = item
        self._today = day.isoformat()
        self._width = len(columns)
        self._columns = [self._column(index, name) for index, name in enumerate(columns)]
        self._memories = [each and (each.field.name, each.memory) for each in self._columns]
        self._unlabelled = None in self._columns
        self._letters = {each.field.name: each.letter for each in self._columns if each}
        self._places = {name: place for place, name in enumerate(self._letters)}
        self._required = {field.name: field for field in item.schema.fields if field.required}
        self._rules = Rules(item)
        self._identifier = Identifier(item, day)
        self._conditional = [field for field in item.schema.fields if field.required_when]

    def _column(self, index: int, name: str | None) -> _Column | None:
        if name is None:
            return None
        field = self._item.field(name)
        read = compile_reader(field, names_subject=name == self._item.subject.uscc)
        return _Column(field, column_letter(index) if self._lettered else "", _Memory(read))

    def check(self, row: Row) -> Checked:
        """`row` understood and checked."""
        if row.fault is not None:
            limits = {codes.ROW_CELL.id: MAX_CELL, codes.ROW_SIZE.id: MAX_ROW}
            limit = limits.get(row.fault.id)
            values: dict[str, str | int] = {} if limit is None else {"limit": limit}
            return self._refuse(row, Problem(code=row.fault.id, values=values))
        if self._overflows(row.cells):
            values = {"cells": len(row.cells), "columns": self._width}
            return self._refuse(row, Problem(code=codes.ROW_COLUMNS.id, values=values))
        return self._check_cells(row)

    def _refuse(self, row: Row, problem: Problem) -> Checked:
        return Checked(row=row.number, problems=(problem,), fields={}, typed={}, identified=None)

    def _overflows(self, cells: Sequence[str]) -> bool:
        """Whether something stands past the header, or under a column without a label."""
        if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
            return True
        return self._unlabelled and any(
            column is None and cell.strip()
            for column, cell in zip(self._columns, cells, strict=False)
        )

    def _check_cells(self, row: Row) -> Checked:
        cells = self._understand(row.cells)
        self._check_required(cells)
        self._check_dates(cells)
        self._check_consent(cells)
        for name, fault in self._rules.check(cells.fields, cells.faulted):
            cells.add(name, fault)
        identified, faults = self._identifier.identify(cells.fields, cells.faulted)
        for name, fault in faults:
            cells.add(name, fault)
        if identified is None:
            self._demand_subject(cells)
        else:
            _correct_papers(cells, identified.papers)
        problems = self._tell(row.cells, cells)
        refused = bool(problems) and any(problem.refuses for problem in problems)
        return Checked(
            row=row.number,
            problems=problems,
            fields=cells.fields,
            typed=cells.typed,
            identified=None if refused else identified,
        )

    def _understand(self, texts: Iterable[str]) -> _Cells:
        cells = _Cells({}, {}, [], set())
        fields, typed = cells.fields, cells.typed
        for column, text in zip(self._memories, texts, strict=False):
            if not text or column is None:
                continue
            name, memory = column
            understood = memory[text]
            if understood.value is not None:
                fields[name] = understood.value
            if understood.differs:
                typed[name] = text
            for fault in understood.faults:
                cells.add(name, fault)
        return cells

    def _check_required(self, cells: _Cells) -> None:
        if not cells.fields.keys() >= self._required.keys():
            for name in self._required:
                if name not in cells.fields and name not in cells.faulted:
                    cells.add(name, Fault(codes.REQUIRED))
        for field in self._conditional:
            condition = field.required_when
            if condition is None or field.name in cells.fields or field.name in cells.faulted:
                continue
            if holds(condition, cells.fields):
                other = self._item.field(condition.field).title
                cells.add(field.name, Fault(codes.REQUIRED_WHEN, {"other": other}))

    def _demand_subject(self, cells: _Cells) -> None:
        """A row whose subject cannot be told is always told why."""
        if not any(fault.code.id.startswith("E-") for _, fault in cells.faults):
            subject = self._item.subject
            told_by = subject.uscc or subject.paper_number or subject.name
            cells.add(told_by, Fault(codes.REQUIRED))

    def _check_dates(self, cells: _Cells) -> None:
        """Dates are `YYYY-MM-DD`, so they compare as text."""
        dates, fields = self._item.dates, cells.fields
        formed = fields.get(dates.formed)
        if isinstance(formed, str) and formed > self._today:
            cells.add(dates.formed, Fault(codes.DATE_FUTURE, {"day": self._today}))
        if dates.valid_until is None:
            return
        start, end = fields.get(dates.effective), fields.get(dates.valid_until)
        if isinstance(start, str) and isinstance(end, str) and end < start:
            other = self._item.field(dates.effective).title
            cells.add(dates.valid_until, Fault(codes.DATE_ORDER, {"other": other}))

    def _check_consent(self, cells: _Cells) -> None:
        """What a person has agreed to for a term is not collected after it (SZ-12, NJ-29)."""
        consent = self._item.consent
        until = cells.fields.get(consent.until) if consent else None
        if consent and isinstance(until, str) and until < self._today:
            cells.add(consent.until, Fault(codes.CONSENT_OVER, {"day": self._today}))

    def _tell(self, texts: Sequence[str], cells: _Cells) -> tuple[Problem, ...]:
        if not cells.faults:
            return ()
        shown = self._shown(texts, cells)
        cells.faults.sort(key=lambda faulty: self._places.get(faulty[0], self._width))
        return tuple(
            Problem(
                code=fault.code.id,
                column=self._letters.get(name, ""),
                field=name,
                label=self._item.field(name).title,
                values={**fault.values, **({"value": shown[name]} if name in shown else {})},
            )
            for name, fault in cells.faults
        )

    def _shown(self, texts: Sequence[str], cells: _Cells) -> dict[str, str]:
        """What was typed in faulty cells, where the row is not a person's and it is harmless."""
        subject = self._item.subject
        said = _text(cells.fields.get(subject.kind)) if subject.kind else ""
        if subject.kind_of(said) in (None, "person"):
            return {}
        personal = personal_fields(self._item)
        typed = {
            column.field.name: text
            for column, text in zip(self._columns, texts, strict=False)
            if column is not None and column.field.name in cells.faulted
        }
        return {
            name: text for name, text in typed.items() if name not in personal and is_harmless(text)
        }


def personal_fields(item: Item) -> frozenset[str]:
    """The fields that hold a natural person's name or paper, whoever the row is about."""
    names = {item.subject.paper_kind, item.subject.paper_number}
    for mention in item.mentions:
        names |= {mention.name, mention.paper_kind, mention.paper_number}
    return frozenset(name for name in names if name is not None)


def is_harmless(text: str) -> bool:
    """Whether typed text may be repeated: it can neither name nor number a person."""
    short = len(text) <= _LONGEST_SHOWN
    return short and bool(_HARMLESS.fullmatch(text) or _HARMLESS_CODE.fullmatch(text))


def _correct_papers(cells: _Cells, papers: Mapping[str, str]) -> None:
    """Put the checked numbers in place: 15 digits have become 18."""
    for name, number in papers.items():
        cells.typed.setdefault(name, _text(cells.fields[name]))
        cells.fields[name] = number
        if cells.typed[name] == number:
            del cells.typed[name]


def _text(value: Value | None) -> str:
    return value if isinstance(value, str) else ""
