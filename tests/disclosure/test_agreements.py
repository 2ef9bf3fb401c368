"""Agreements on bulk queries (NJ-67): no check of a third party without one that covers it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.disclosure import ledger
from chalicelib.runtime.clock import lawful_day
from chalicelib.web.api import agreements
from chalicelib.web.app import CreditApp
from tests.disclosure.archives import TODAY
from tests.disclosure.checks_made import (
    AGENCY,
    FINED,
    LENDER,
    SUPERVISOR,
    build_app,
    list_of,
    register,
    submit,
    work,
)
from tests.disclosure.grants_given import BANK, OTHER_BANK
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

OPERATOR = signed_in("operator")
NUMBER = "清信批〔2026〕7号"
LIST = list_of((FINED,))
ROUTE = "/v1/agreements/{organisation}"


@pytest.fixture
def app(aws: dict[str, str]) -> CreditApp:
    """The app with the routes of agreements and of checks, before anything was agreed."""
    app = build_app()
    app.mount([agreements.api], guard=NOBODY)
    return app


def give(app: CreditApp, organisation: str = BANK, **changed: Any) -> Answered:
    """Register an agreement on financing, from today for a month."""
    given = {
        "number": NUMBER,
        "purposes": ["financing"],
        "since": TODAY.isoformat(),
        "until": (TODAY + timedelta(days=30)).isoformat(),
        **changed,
    }
    return post(app, ROUTE, given, path={"organisation": organisation}, caller=OPERATOR)


def end(app: CreditApp, number: str = NUMBER, reason: str = "协议解除") -> Answered:
    body = {"number": number, "reason": reason}
    path = {"organisation": BANK}
    return post(app, f"{ROUTE}/ending", body, path=path, caller=OPERATOR)


def listed(app: CreditApp) -> list[dict[str, Any]]:
    path = {"organisation": BANK}
    found: list[dict[str, Any]] = ask(app, "GET", ROUTE, path=path, caller=SUPERVISOR).json[
        "agreements"
    ]
    return found


def try_check(app: CreditApp, caller: Mapping[str, str] = LENDER, **changed: Any) -> Answered:
    return register(app, LIST, caller, **{"basis": NUMBER, **changed})


def test_should_name_the_agreement_in_the_ledger_when_a_third_party_checks(app: CreditApp) -> None:
    assert give(app).status == 201
    check = submit(app, LIST, LENDER, basis=NUMBER)
    work(check)

    [entry] = ledger.entries_of(FINED, None, 9).entries
    assert entry.entry.basis == f"{check} {NUMBER}"


def test_should_refuse_a_third_partys_check_when_no_agreement_covers_it(app: CreditApp) -> None:
    refused = [try_check(app)]
    give(app)
    give(app, OTHER_BANK, number="2")
    give(app, number="over", since="2020-01-01", until=(TODAY - timedelta(days=1)).isoformat())
    give(app, number="early", since=(TODAY + timedelta(days=1)).isoformat())
    refused += [try_check(app, basis=basis) for basis in ("另一文件", "2", "over", "early")]
    refused += [try_check(app, purpose="transaction")]
    refused += [try_check(app, signed_in("third_party", person="P" + "A" * 26))]

    assert {(each.status, each.json["code"]) for each in refused} == {(403, "E-CHECK-14")}
    assert try_check(app).status == 201


def test_should_ask_no_agreement_of_who_checks_on_duty(app: CreditApp) -> None:
    assert [try_check(app, each).status for each in (AGENCY, SUPERVISOR)] == [201, 201]


def test_should_refuse_from_its_end_on_when_an_agreement_is_ended(app: CreditApp) -> None:
    give(app)
    assert [end(app, reason=reason).status for reason in "aab"] == [200, 200, 409]

    assert try_check(app).json["code"] == "E-CHECK-14"
    [shown] = listed(app)
    assert not shown["in_force"]
    assert shown["ending"] == {"at": "2026-11-22T12:00:00+08:00", "by": "someone", "reason": "a"}
    assert end(app, "8").json["code"] == "E-CHECK-15"


def test_should_keep_an_agreement_as_it_was_registered(app: CreditApp) -> None:
    first, same = give(app), give(app)
    assert (first.status, same.status) == (201, 201)
    assert first.json == same.json == listed(app)[0]
    assert first.json["in_force"]
    other = give(app, purposes=["transaction"])
    assert (other.status, other.json["code"]) == (409, "E-CHECK-16")
    assert give(app, BANK.lower()).json == first.json


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"until": (lawful_day(NOW) - timedelta(days=1)).isoformat()}, "E-CHECK-18"),
        ({"purposes": ["judicial"]}, "E-PURPOSE-03"),
        ({"purposes": ["x"]}, "E-PURPOSE-02"),
        ({"purposes": []}, "E-HTTP-07"),
        ({"number": ""}, "E-HTTP-07"),
        ({"organisation": BANK[:-1] + "0"}, "E-USCC-03"),
    ],
)
def test_should_refuse_to_register_what_cannot_be_agreed(
    app: CreditApp, changed: Any, code: str
) -> None:
    assert give(app, **changed).json["code"] == code
    assert listed(app) == []
