"""What is stored of a file stays what it was: keys are made from it, and boxes are sealed to it."""

import hashlib
from collections.abc import Iterable

import pytest

from chalicelib.archive.statements import Statement
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import linking
from chalicelib.collection.linking import Source, link_rows
from chalicelib.collection.operations import OperationChecker
from chalicelib.collection.readers import Row
from chalicelib.subjects.identifiers import Paper
from chalicelib.subjects.identities import Person
from infra.bench.workload import COLUMNS, ITEM, write_rows
from tests.collection.files import DAY

SOURCE = Source("20261122-AAAAAAAAAAAA", "11329900009900013F", "20261122T010000.000Z")


def _people(papers: Iterable[Paper], since: str) -> dict[Paper, Person]:
    """Somebody for each paper, always the same."""
    assert since
    return {paper: _person(hashlib.sha256(paper.number.encode())) for paper in papers}


def _person(digest: "hashlib._Hash") -> Person:
    return Person(f"P{digest.hexdigest()[:26].upper()}", digest.digest())


def _statements() -> list[Statement]:
    item = load_catalogue(DAY).item(ITEM)
    columns = tuple(name.lower() for name in COLUMNS)
    checker = OperationChecker(item, columns, DAY)
    rows = [checker.check(Row(number, cells)) for number, cells in enumerate(write_rows(300), 2)]
    return link_rows(item, SOURCE, [row.checked for row in rows])


def test_should_say_the_same_under_the_same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "find_or_add_people", _people)
    said = hashlib.sha256()
    for statement in _statements():
        said.update(f"{statement.subject} {statement.key} {statement.first}".encode())
        said.update(statement.words.encode())
    assert said.hexdigest()[:16] == "2fd34a31260444bf"
