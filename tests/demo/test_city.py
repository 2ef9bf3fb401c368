"""Identifiers of the invented have right check digits, and belong to nobody."""

from collections import Counter

import pytest

from chalicelib.subjects.identifiers import (
    PLACEHOLDER,
    check_id_number,
    check_registration_number,
    check_uscc,
    doubts_about_uscc,
)
from infra.local.demo.city import COMPANY, RENAMED, STALL, STALLHOLDER, City, make_city
from infra.local.demo.identifiers import REGION
from infra.local.demo.organisations import COUNTS, Form
from infra.local.demo.providers import PROVIDERS
from infra.local.issuer import PERSONAS
from tests.demo.checking import DAY


@pytest.fixture(scope="module")
def city() -> City:
    return make_city()


def test_should_be_the_same_when_made_again(city: City) -> None:
    assert make_city() == city


def test_should_have_valid_codes_when_registered(city: City) -> None:
    every = (*city.organisations, COMPANY, RENAMED, STALL)
    codes = [one.uscc for one in every if one.uscc != PLACEHOLDER]
    codes += [provider.uscc for provider in PROVIDERS]
    for code in codes:
        assert check_uscc(code) == code
        assert not doubts_about_uscc(code)
        assert code[2:8] == REGION
    assert len(set(codes)) == len(codes)


def test_should_have_valid_registration_numbers_when_sole_traders(city: City) -> None:
    traders = [one for one in (*city.organisations, STALL) if one.form is Form.SOLE_TRADER]
    numbers = [one.registration_number for one in traders]
    for number in numbers:
        assert check_registration_number(number) == number
    assert len(set(numbers)) == len(numbers)
    assert any(one.uscc == PLACEHOLDER for one in traders)
    assert any(one.uscc != PLACEHOLDER for one in traders)


def test_should_have_valid_id_numbers_when_persons(city: City) -> None:
    followed = [one.representative for one in (COMPANY, RENAMED, STALL)]
    people = (*city.people, STALLHOLDER, *followed)
    for person in people:
        assert check_id_number(person.id_number, DAY) == person.id_number
        assert person.id_number.startswith(REGION)
    assert len({person.id_number for person in people}) == len(people)


def test_should_have_the_wanted_numbers_and_names_of_their_own_when_counted(city: City) -> None:
    assert Counter(one.form for one in city.organisations) == COUNTS
    names = [one.name for one in (*city.organisations, COMPANY, RENAMED, STALL)]
    assert len(set(names)) == len(names)


def test_should_be_the_followed_when_personas_sign_in() -> None:
    representative, subject = PERSONAS["representative"], PERSONAS["subject"]
    assert representative["organisation"] == COMPANY.uscc
    assert representative["name"] == COMPANY.representative.name
    assert (subject["name"], subject["paper_number"]) == (STALLHOLDER.name, STALLHOLDER.id_number)
