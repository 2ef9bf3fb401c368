"""From checked rows to statements: whose they are, which record, what is sealed for whom."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, cast

import msgspec

from chalicelib.archive.opening import Personal, Said, seal_words
from chalicelib.archive.statements import Assertion, RecordKey, Statement
from chalicelib.catalogue.model import Item
from chalicelib.collection.checks import Checked
from chalicelib.collection.identification import Identified, Named
from chalicelib.collection.normalising import NORMALISER
from chalicelib.collection.records import name_record
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import Person, find_or_add_people
from chalicelib.subjects.names import normalise_name

_NAMED: Final = cast("PaperKind", "named")
"""Not a paper: someone of whom only the name inside one organisation is known."""


class PersonErased(Exception):
    """Someone in the range was erased while it was merged; the message is delivered again."""


class Source(msgspec.Struct, frozen=True):
    """Whose words they are, and when they were registered."""

    upload: str
    provider: str
    registered: str


def link_rows(item: Item, source: Source, rows: Iterable[Checked]) -> list[Statement]:
    """One statement for each of the accepted `rows`, in their order.

    Persons nobody knew yet are made, in one batch. Raises `PersonErased`.
    """
    accepted = [(row, row.identified) for row in rows if row.identified is not None]
    papers = {paper for _, identified in accepted for paper in _papers_in(identified)}
    people = find_or_add_people(papers, since=source.registered)
    linker = _Linker(item, source, people)
    return [linker.link(row, identified) for row, identified in accepted]


def _papers_in(identified: Identified) -> Iterator[Paper]:
    if isinstance(identified.subject, Paper):
        yield identified.subject
        return
    for named in identified.named:
        yield _paper_of(named, identified.subject)


def _paper_of(named: Named, organisation: str) -> Paper:
    """The paper given, or what stands for one where only a name is known."""
    return named.paper or paper_of_name(named.name, organisation)


def paper_of_name(name: str, organisation: str) -> Paper:
    """What stands for the paper of someone known by name inside one organisation only."""
    return Paper(_NAMED, f"{organisation}|{normalise_name(name)}")


class _Linker:
    def __init__(self, item: Item, source: Source, people: dict[Paper, Person]) -> None:
        self._item = item
        self._source = source
        self._people = people

    def link(self, row: Checked, identified: Identified) -> Statement:
        subject, personal = self._part(row, identified)
        record = name_record(self._item, self._source.provider, row.fields)
        words = seal_words(
            RecordKey(subject, self._item.id, record),
            _rest_of(row, personal),
            personal,
            version=self._item.version,
            normaliser=NORMALISER,
        )
        return Statement(
            subject=subject,
            item=self._item.id,
            record=record,
            provider=self._source.provider,
            words=words,
            first=Assertion(self._source.registered, self._source.upload, row.row),
        )

    def _part(self, row: Checked, identified: Identified) -> tuple[str, Sequence[Personal]]:
        """The subject's key, and what of the row is sealed for whom: all of a person's own row."""
        if isinstance(identified.subject, Paper):
            person, key = self._find(identified.subject)
            return person, (Personal(person, key, Said(row.fields, row.typed)),)
        personal = []
        for named in identified.named:
            person, key = self._find(_paper_of(named, identified.subject))
            personal.append(Personal(person, key, _said(row, named.fields)))
        return identified.subject, personal

    def _find(self, paper: Paper) -> tuple[str, bytes]:
        person = self._people[paper]
        if person.key is None:
            raise PersonErased
        return person.subject, person.key


def _rest_of(row: Checked, personal: Iterable[Personal]) -> Said:
    """What the row says beside what is personal."""
    fields, typed = dict(row.fields), dict(row.typed)
    for each in personal:
        for name in each.said.fields:
            fields.pop(name, None)
        for name in each.said.typed:
            typed.pop(name, None)
    return Said(fields, typed)


def _said(row: Checked, names: Iterable[str]) -> Said:
    return Said(
        fields={name: row.fields[name] for name in names if name in row.fields},
        typed={name: row.typed[name] for name in names if name in row.typed},
    )
