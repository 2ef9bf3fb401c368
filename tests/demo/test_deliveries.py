"""Every refusal of a demo file is known before it is sent."""

from itertools import chain

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.runtime.errors import DomainError
from infra.local.demo.deliveries import Deliveries, make_deliveries
from infra.local.demo.followed import LATEST_DAY
from infra.local.demo.providers import PROVIDERS
from tests.demo.checking import check_file
from tests.factories import DAY


def test_should_be_the_same_bytes_when_made_again(deliveries: Deliveries) -> None:
    assert make_deliveries() == deliveries


def test_should_be_refused_as_planted_when_checked(deliveries: Deliveries) -> None:
    for file in (*deliveries.files, *deliveries.corrections):
        outcome = check_file(file)
        assert outcome.told == dict(file.planted), file.name
        assert len(outcome.rows) == file.rows, file.name
        accepted = {row.row for row in outcome.rows if row.identified is not None}
        assert accepted.isdisjoint(file.refused), file.name
        assert len(accepted) == file.rows - len(file.refused), file.name


def test_should_be_accepted_when_the_clock_stands_at_its_last_day(deliveries: Deliveries) -> None:
    """No record is dated later than the demo says."""
    for file in deliveries.files:
        assert check_file(file, LATEST_DAY).told == dict(file.planted), file.name


def test_should_be_put_aside_as_expected_when_unreadable(deliveries: Deliveries) -> None:
    for file in deliveries.unreadable:
        with pytest.raises(DomainError) as refusal:
            check_file(file)
        assert refusal.value.code.id == file.quarantine, file.name


def test_should_have_every_sort_of_file_when_sent(deliveries: Deliveries) -> None:
    files = deliveries.files
    assert {file.item for file in files} <= set(load_catalogue(DAY).items)
    assert {check_file(file).encoding for file in files} == {"utf-8", "gb18030"}
    marked = {file.content.startswith(b"\xef\xbb\xbf") for file in files}
    assert marked == {True, False}
    assert sum(file.rows for file in files) > 3000
    wanted = {"E-USCC-03", "E-USCC-02", "E-USCC-05", "E-REQUIRED-01", "E-REQUIRED-02", "E-DATE-01"}
    wanted |= {"E-DATE-02", "E-DATE-03", "E-CHOICE-01", "E-PAPER-02", "E-AMOUNT-01", "W-VALUE-01"}
    told = {code for file in files for codes in file.planted.values() for code in codes}
    assert wanted <= told


def test_should_say_that_they_are_invented_when_named(deliveries: Deliveries) -> None:
    every = chain(deliveries.files, deliveries.corrections, deliveries.unreadable)
    names = [file.name for file in every]
    assert all(name.startswith("演示-") for name in names)
    assert len(set(names)) == len(names)


def test_should_come_from_who_may_report_when_sent(deliveries: Deliveries) -> None:
    for file in (*deliveries.files, *deliveries.corrections, *deliveries.unreadable):
        assert file.provider in PROVIDERS
        assert file.item in file.provider.items


def test_should_end_where_it_began_when_corrected_back(deliveries: Deliveries) -> None:
    first, second, third = deliveries.corrections
    assert first.content == third.content != second.content
