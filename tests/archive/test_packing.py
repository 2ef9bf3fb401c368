"""Stored words: shorter, readable for good, and never what keys are made from."""

import hashlib
import math
import statistics
from collections.abc import Iterable, Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive import packing, store
from chalicelib.archive.packing import dictionary, pack, unpack
from chalicelib.archive.statements import Statement, decode_words, store_words
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import linking
from chalicelib.collection.checks import Checker
from chalicelib.collection.linking import Source, link_rows
from chalicelib.collection.readers import Row
from chalicelib.subjects.identifiers import Paper
from chalicelib.subjects.identities import Person
from infra.local.demo import penalties
from infra.local.demo.city import make_city
from infra.local.demo.providers import ENVIRONMENT, MARKET
from tests.collection.files import DAY
from tests.factories import any_statement, any_words

REGISTERED = "20261122T010000.000Z"
LONG = "当事人于2025年3月1日在清江市望湖区从事经营活动。" * 30


def _people(papers: Iterable[Paper], since: str) -> dict[Paper, Person]:
    """Somebody for each paper, with nothing to look up."""
    assert since
    return {
        paper: Person(f"P{number:026d}".translate(str.maketrans("01", "AB")), bytes(32))
        for number, paper in enumerate(sorted(papers))
    }


def _demo_statements() -> Iterator[Statement]:
    rng, city, item = Random(1), make_city(), load_catalogue(DAY).item("penalty")
    columns = tuple(penalties.LAYOUT.columns)
    for provider, wanted in ((MARKET, 480), (ENVIRONMENT, 220)):
        checker = Checker(item, columns, DAY)
        rows = [
            checker.check(Row(number, [row.get(name, "") for name in columns]))
            for number, row in enumerate(penalties.write_rows(rng, city, provider, wanted), 2)
        ]
        source = Source("20261122-AAAAAAAAAAAA", provider.uscc, REGISTERED)
        yield from link_rows(item, source, rows)


def _bytes(statement: Statement) -> int:
    """The size of the stored item, as DynamoDB counts it."""
    item = {
        "subject": statement.subject.encode(),
        "key": statement.key.encode(),
        "body": store_words(statement.words),
        "first": str(statement.first).encode(),
    }
    return sum(len(name) + len(value) for name, value in item.items())


def test_should_take_little_more_than_one_write_unit_when_the_demo_penalises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linking, "find_or_add_people", _people)
    sizes = [_bytes(statement) for statement in _demo_statements()]
    assert len(sizes) == 700
    assert statistics.mean(math.ceil(size / 1024) for size in sizes) <= 1.1
    assert statistics.mean(sizes) <= 680


def test_should_store_long_texts_in_a_fraction_of_their_bytes() -> None:
    words = any_words({"cf_sy": LONG})
    assert len(store_words(words)) < len(words.encode()) / 5


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=300), max_size=30))
def test_should_read_the_same_words_when_stored(fields: dict[str, str]) -> None:
    words = any_words(fields)
    assert decode_words(store_words(words)) == words
    assert decode_words(words.encode()) == words


@given(st.binary(max_size=3000).filter(lambda body: not body.startswith(b"\xc1")))
def test_should_never_store_more_than_there_is(body: bytes) -> None:
    assert len(pack(body)) <= max(len(body), 0)
    assert unpack(pack(body)) == body


def test_should_make_keys_from_the_words_however_they_are_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = any_statement(cf_sy=LONG)
    monkeypatch.setattr(packing, "_LEVEL", 9)
    packing._deflater.cache_clear()
    assert any_statement(cf_sy=LONG).key == before.key
    assert before.digest == "4IC3GKXMNR2DPOJ6"
    packing._deflater.cache_clear()


def test_should_keep_the_digest_that_a_statement_was_stored_under() -> None:
    said = any_statement(cf_sy=LONG)
    item = store._statement_item(said)
    assert store._statement(item) == said
    older = {**item, "key": {"S": said.key.replace(said.digest, "AAAAAAAAAAAAAAAA")}}
    assert store._statement(older).digest == "AAAAAAAAAAAAAAAA"


def test_should_stand_for_good_when_a_dictionary_has_been_used() -> None:
    """What was stored with it cannot be read with another."""
    digests = {1: "43c1d724cd4585c9"}
    assert {
        number: hashlib.sha256(dictionary(number)).hexdigest()[:16] for number in digests
    } == digests
    assert max(digests) == packing._NEWEST
