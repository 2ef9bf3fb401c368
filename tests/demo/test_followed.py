"""What the story says the public sees is what the law says."""

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.normalising import compile_reader
from chalicelib.law.classes import classify
from chalicelib.law.periods import display_period
from chalicelib.law.rulebook import load_rulebook
from infra.local.demo.followed import FOLLOWED, Followed
from infra.local.demo.offences import find_offence
from infra.local.demo.penalties import ITEM
from infra.local.demo.people import Person
from infra.local.stack import RULEBOOK


@pytest.mark.parametrize("one", FOLLOWED, ids=lambda one: f"{one.conduct} {one.decided}")
def test_should_be_shown_as_long_as_the_rulebook_says_when_followed(one: Followed) -> None:
    rulebook = load_rulebook(RULEBOOK)
    read = compile_reader(load_catalogue().item(ITEM).field("cf_cflb"))
    kinds = read(find_offence(one.conduct).kinds).value
    assert isinstance(kinds, tuple)
    severity = classify(rulebook, ITEM, kinds, summary_procedure=None, on=one.decided).severity
    period = display_period(rulebook, severity, one.decided)
    public = period.published and not isinstance(one.subject, Person)
    assert one.shown_until == (period.last_day if public else None)
