"""What the story says the public sees is what the law says, under every rulebook."""

import pytest

from chalicelib.archive.facts import Facts
from chalicelib.archive.judging import judge
from chalicelib.archive.statements import RecordKey
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.normalising import compile_reader
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook
from infra.local.demo.followed import FOLLOWED, Followed
from infra.local.demo.offences import find_offence
from infra.local.demo.penalties import ITEM
from infra.local.demo.people import Person
from tests.factories import DAY, ORGANISATION

NAMES = sorted(file.stem for file in RULEBOOKS.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("one", FOLLOWED, ids=lambda one: f"{one.conduct} {one.decided}")
def test_should_be_shown_as_long_as_the_rulebook_says_when_followed(
    one: Followed, name: str
) -> None:
    item = load_catalogue(DAY).item(ITEM)
    kinds = compile_reader(item.field("cf_cflb"))(find_offence(one.conduct).kinds).value
    assert isinstance(kinds, tuple)
    facts = Facts(
        key=RecordKey(ORGANISATION, ITEM, "1"),
        said="x",
        fields={"cf_cflb": kinds, "cf_jdrq": one.decided.isoformat()},
    )
    period = judge(facts, item, load_rulebook(name)).periods["display"]
    public = period.published and not isinstance(one.subject, Person)
    assert one.shown_until == (period.last_day if public else None)
