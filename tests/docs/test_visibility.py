"""The page of the decision tables says what is decided, under every rulebook."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import MarkKind, RecordKey, Value
from chalicelib.archive.visibility import Decision, Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Consent
from chalicelib.law.rulebook import load_rulebook
from infra.documents import rules
from infra.documents.rules import CHANNELS, load_rulebooks
from tests.factories import KEY, any_mark

DAY = date(2026, 11, 22)
MEANING = {"shown": "shown", "**marked**": "marked", "—": "withheld"}
BOOKS = [book.name for book in load_rulebooks()]

Row = tuple[str, str, str, dict[str, tuple[str, str]]]


def read_rows() -> Iterator[Row]:
    """The page's rows: rulebook, what the table is about, the row's name, and its cells."""
    book = head = ""
    for line in rules.visibility().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("## "):
            book = line.removeprefix("## ")
        elif line.startswith("| `"):
            pairs = (tuple(cell.split(" ")) for cell in cells[1:])
            by_channel = [(MEANING.get(value, value), source) for value, source in pairs]
            yield book, head, cells[0].strip("`"), dict(zip(CHANNELS, by_channel, strict=True))
        elif line.startswith("|") and "---" not in line:
            head = cells[0]


ROWS = list(read_rows())


def rows_of(head: str) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    return [(book, name, cells) for book, about, name, cells in ROWS if about == head]


CONSENT = Consent(notice="gzrq", agreement="tysbh", purpose="ydyt", until="ydqx")


def any_facts(kind: str = "责令停产停业", decided: str = "2026-11-10") -> Facts:
    fields: dict[str, Value] = {"cf_cflb": (kind,), "cf_jdrq": decided, "cf_wsh": "1"}
    return Facts(key=KEY, said="20261111T000000.000Z", fields=fields)


def facts_in(state: str) -> Facts:
    """Facts of which `state` is true."""
    person = RecordKey("P" + "A" * 26, KEY.item, KEY.record)
    young = {**any_facts().fields, "cf_xdr_zjhm": "110101201001010019"}
    changes: dict[str, dict[str, Any]] = {
        "person": {"key": person},
        "underage": {"key": person, "fields": young},
        "consent_over": {"fields": {**any_facts().fields, CONSENT.until: "2026-11-10"}},
        "withdrawn": {"said": ""},
    }
    match state:
        case "unpublished":
            return any_facts("警告")
        case "unclassified":
            return any_facts("罚款")
        case "ended":
            return any_facts(decided="2016-11-10")
    change = changes.get(state) or {"marks": (any_mark(MarkKind(state)),)}
    return msgspec.structs.replace(any_facts(), **change)


def see(facts: Facts, channel: Any, book: str, **changes: Any) -> Decision:
    item = msgspec.structs.replace(load_catalogue(DAY).item("penalty"), **changes)
    return decide(facts, item, Viewer(facts.key.subject), channel, DAY, load_rulebook(book))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("book", "state", "cells"), rows_of("true of the record"))
def test_should_be_what_is_decided_when_a_state_is_true(
    book: str, state: str, cells: dict[str, tuple[str, str]], channel: Any
) -> None:
    decision = see(facts_in(state), channel, book, consent=CONSENT)

    found = {each.about: (each.treatment, each.source) for each in decision.reasons}
    held = state == "underage" and not load_rulebook(book).full_capacity_age.on(DAY).value
    assert found.get(state) == (None if held else cells[channel])


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("book", "openness", "cells"), rows_of("the item is open"))
def test_should_be_what_is_decided_when_an_item_is_open(
    book: str, openness: str, cells: dict[str, tuple[str, str]], channel: Any
) -> None:
    reason = see(any_facts(), channel, book, openness=openness).reason

    assert reason.about == f"openness_{openness}"
    assert (reason.treatment, reason.source) == cells[channel]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("book", "_", "cells"), rows_of("period"))
def test_should_be_the_channels_period_when_a_record_is_decided(
    book: str, _: str, cells: dict[str, tuple[str, str]], channel: Any
) -> None:
    period = see(any_facts(), channel, book).period

    assert period is not None
    assert period.span == cells[channel][0]


@pytest.mark.parametrize("book", BOOKS)
def test_should_be_as_beneath_when_a_row_is_left_out(book: str) -> None:
    loaded = load_rulebook(book)
    if len(loaded.layers) == 1:
        return
    beneath = load_rulebook(loaded.layers[1].name)
    told = {name for each, head, name, _ in ROWS if each == book and head == "true of the record"}
    for state, by_channel in loaded.treatment.items():
        for channel, rule in by_channel.items():
            if state not in told:
                assert rule.on(DAY) == beneath.treatment[state][channel].on(DAY)
