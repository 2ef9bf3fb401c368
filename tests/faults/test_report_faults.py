"""Issuing a report dies or is refused at any AWS call: never a number without its report."""

from chalicelib.reports import store
from chalicelib.reports.issuing import issue_standard_report, read_report
from tests.aws import emulated_aws
from tests.faults.sweep import Fault, sweep
from tests.reports.disclosed import CATALOGUE, JS, SUBJECT, WHEN, penalty


def test_should_end_the_same_when_issuing_fails_anywhere() -> None:
    def issue() -> None:
        issue_standard_report(
            SUBJECT,
            [penalty()],
            {},
            generated=WHEN,
            as_of=WHEN,
            rulebook=JS,
            catalogue=CATALOGUE,
            randomness=bytes,
        )

    def check() -> None:
        (row,) = store.Report.scan()
        assert read_report(row.number)

    places = sweep(emulated_aws, lambda: None, issue, check)

    struck = {(place.operation, place.fault) for place in places}
    assert {(name, fault) for name in ("PutObject", "PutItem") for fault in Fault} == struck
