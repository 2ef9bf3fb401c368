"""What the story says becomes of a record is what each rulebook decides."""

import pytest

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import RecordKey
from chalicelib.archive.visibility import Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.normalising import compile_reader
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook
from infra.local.demo.explained import CHANNELS, OUTCOMES
from infra.local.demo.followed import Followed
from infra.local.demo.offences import find_offence
from infra.local.demo.penalties import ITEM
from tests.factories import DAY, ORGANISATION


def test_should_tell_every_rulebook_when_the_story_is_written() -> None:
    assert set(OUTCOMES) == {file.stem for file in RULEBOOKS.glob("*.toml")}


@pytest.mark.parametrize(
    ("name", "one"), [(name, one) for name, told in OUTCOMES.items() for one in told]
)
def test_should_decide_as_told_when_asked_over_each_channel(name: str, one: Followed) -> None:
    item = load_catalogue(DAY).item(ITEM)
    kinds = compile_reader(item.field("cf_cflb"))(find_offence(one.conduct).kinds).value
    assert isinstance(kinds, tuple)
    facts = Facts(
        key=RecordKey(ORGANISATION, ITEM, "1"),
        said="x",
        fields={"cf_cflb": kinds, "cf_jdrq": one.decided.isoformat()},
    )
    outcomes = [
        decide(facts, item, Viewer(ORGANISATION), channel, DAY, load_rulebook(name)).outcome
        for channel in CHANNELS
    ]
    assert tuple(outcomes) == OUTCOMES[name][one]
