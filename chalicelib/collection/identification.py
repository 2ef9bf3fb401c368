"""Who a row is about, and which natural persons it names beside: decided by its identifiers."""

from collections.abc import Collection, Mapping
from datetime import date

import msgspec

from chalicelib.archive.statements import Value
from chalicelib.catalogue.model import Item, Mention
from chalicelib.collection import codes
from chalicelib.subjects import codes as subject_codes
from chalicelib.subjects.identifiers import (
    PLACEHOLDER,
    Fault,
    Paper,
    PaperKind,
    check_paper,
    check_registration_number,
    doubts_about_others,
    organisation_subject,
    read_paper_kind,
    sole_trader_subject,
)

Faulty = tuple[str, Fault]
"""A field's name, and what is wrong with it."""


class Named(msgspec.Struct, frozen=True):
    """A person named in a row: the paper if one was given, the name, and the fields that tell."""

    paper: Paper | None
    name: str
    fields: tuple[str, ...]


class Identified(msgspec.Struct, frozen=True):
    """Who a row is about, by subject key or by paper; and the persons whom it names beside.

    `papers` are the numbers of all papers by field, as checked.
    """

    subject: str | Paper
    named: tuple[Named, ...] = ()
    papers: Mapping[str, str] = {}


class _Row(msgspec.Struct, frozen=True):
    fields: Mapping[str, Value]
    faulted: Collection[str]
    faults: list[Faulty]
    papers: dict[str, str]

    def text(self, field: str | None) -> str:
        value = self.fields.get(field) if field is not None else None
        return value if isinstance(value, str) else ""


class Identifier:
    """Tells who the rows of an item are about; nobody is born after `day`."""

    def __init__(self, item: Item, day: date) -> None:
        self._subject = item.subject
        self._day = day
        own = Mention(
            name="", paper_kind=item.subject.paper_kind, paper_number=item.subject.paper_number
        )
        self._mentions = (*item.mentions, own)
        self._others = (item.subject.organisation_code, item.subject.registration_number)

    def identify(
        self, fields: Mapping[str, Value], faulted: Collection[str]
    ) -> tuple[Identified | None, list[Faulty]]:
        """Who the row `fields` is about, and what is wrong with the identifiers.

        Fields in `faulted` have been complained of already. None where the subject cannot be told.
        """
        row = _Row(fields, faulted, [], {})
        kind = self._subject.kind_of(row.text(self._subject.kind))
        if kind == "person":
            paper = self._identify_person(row)
            return (None if paper is None else Identified(paper, (), row.papers)), row.faults
        subject = None if kind is None else self._identify_unit(row, trader=kind == "sole_trader")
        named = tuple(self._list_named(row))
        return (None if subject is None else Identified(subject, named, row.papers)), row.faults

    def _identify_person(self, row: _Row) -> Paper | None:
        code = self._subject.uscc
        if code is not None and code in row.fields:
            row.faults.append((code, Fault(codes.SUBJECT_PERSON_CODE)))
        return self._read_paper(self._subject.paper_kind, self._subject.paper_number, row)

    def _identify_unit(self, row: _Row, *, trader: bool) -> str | None:
        """The subject key of an organisation, or of a sole trader 个体工商户."""
        field = self._subject.uscc
        code = row.text(field)
        if code == PLACEHOLDER and trader:
            return self._identify_trader(row)
        if field is not None and code == PLACEHOLDER:
            row.faults.append((field, Fault(subject_codes.USCC_PLACEHOLDER)))
            return None
        if not code:
            return None
        self._doubt_others(row, code)
        return organisation_subject(code)

    def _doubt_others(self, row: _Row, code: str) -> None:
        """Tell what is odd about the older codes beside the present one; they decide nothing."""
        doubts = doubts_about_others(code, *map(row.text, self._others))
        for field, doubt in zip(self._others, doubts, strict=True):
            if field is not None and doubt is not None and field not in row.faulted:
                row.faults.append((field, doubt))

    def _identify_trader(self, row: _Row) -> str | None:
        field = self._subject.registration_number
        text = row.text(field)
        if field is None or not text:
            return None
        number = check_registration_number(text)
        if isinstance(number, Fault):
            row.faults.append((field, number))
            return None
        return sole_trader_subject(number)

    def _list_named(self, row: _Row) -> list[Named]:
        named = []
        for mention in self._mentions:
            name = row.text(mention.name)
            paper = self._read_paper(mention.paper_kind, mention.paper_number, row)
            if name or paper is not None:
                places = (mention.name, mention.paper_kind, mention.paper_number)
                told = [place for place in places if place is not None and place in row.fields]
                named.append(Named(paper, name, tuple(told)))
        return named

    def _read_paper(
        self, kind_field: str | None, number_field: str | None, row: _Row
    ) -> Paper | None:
        """The paper in two fields; an identity number where no kind is given."""
        number = row.text(number_field)
        if number_field is None or not number or number_field in row.faulted:
            return None
        label = row.text(kind_field)
        kind = read_paper_kind(label) if label else PaperKind.ID_NUMBER
        paper = kind if isinstance(kind, Fault) else check_paper(kind, number, self._day)
        if isinstance(paper, Fault):
            row.faults.append((number_field, paper))
            return None
        row.papers[number_field] = paper.number
        return paper
