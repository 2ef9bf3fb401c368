"""The page of the decision table says what is decided."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
import pytest

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import MarkKind, RecordKey, Value
from chalicelib.archive.visibility import Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.law.rulebook import load_rulebook
from infra.documents.__main__ import DOCS
from infra.documents.rules import CHANNELS
from tests.factories import KEY, any_mark

DAY = date(2026, 11, 22)
MEANING = {"shown": "shown", "**marked**": "marked", "—": "withheld"}

Cells = Mapping[str, Mapping[str, tuple[str, str]]]


def read_tables() -> list[Cells]:
    """The page's tables: treatment and source by state and channel."""
    tables: list[dict[str, dict[str, tuple[str, str]]]] = []
    for line in (DOCS / "visibility.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|  |"):
            tables.append({})
        elif line.startswith("| `"):
            treatments = (tuple(cell.split(" ")) for cell in cells[1:])
            by_channel = [(MEANING[treatment], source) for treatment, source in treatments]
            tables[-1][cells[0].strip("`")] = dict(zip(CHANNELS, by_channel, strict=True))
    return list(tables)


OPENNESS, STATES = read_tables()


def any_facts(kind: str = "责令停产停业", decided: str = "2026-11-10") -> Facts:
    fields: dict[str, Value] = {"cf_cflb": (kind,), "cf_jdrq": decided, "cf_wsh": "1"}
    return Facts(key=KEY, said="20261111T000000.000Z", fields=fields)


def facts_in(state: str) -> Facts:
    """Facts of which `state` is true."""
    person = RecordKey("P" + "A" * 26, KEY.item, KEY.record)
    changes: dict[str, dict[str, Any]] = {"person": {"key": person}, "withdrawn": {"said": ""}}
    match state:
        case "unpublished":
            return any_facts("警告")
        case "unclassified":
            return any_facts("罚款")
        case "ended":
            return any_facts(decided="2016-11-10")
    change = changes.get(state) or {"marks": (any_mark(MarkKind(state)),)}
    return msgspec.structs.replace(any_facts(), **change)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("state", STATES)
def test_should_be_what_is_decided_when_a_state_is_true(state: str, channel: Any) -> None:
    facts = facts_in(state)
    item = load_catalogue().item("penalty")
    viewer = Viewer(facts.key.subject)

    decision = decide(facts, item, viewer, channel, DAY, load_rulebook("jiangsu"))

    found = {each.about: (each.treatment, each.source) for each in decision.reasons}
    assert found[state] == STATES[state][channel]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("openness", OPENNESS)
def test_should_be_what_is_decided_when_an_item_is_open(openness: Any, channel: Any) -> None:
    item = msgspec.structs.replace(load_catalogue().item("penalty"), openness=openness)

    decision = decide(
        any_facts(), item, Viewer(KEY.subject), channel, DAY, load_rulebook("jiangsu")
    )

    reason = decision.reason
    assert reason.about == f"openness_{openness}"
    assert (reason.treatment, reason.source) == OPENNESS[openness][channel]
