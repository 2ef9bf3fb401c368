"""What is there before anybody makes up requests, and whose it is: so that these lead somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.runtime.clock import lawful_day, now
from infra.local.issuer import PERSONAS
from tests.collection.files import csv_of, penalty, person_penalty, registration, uscc
from tests.disclosure.checks_made import list_of
from tests.e2e.providers import Provider
from tests.e2e.system import System
from tests.e2e.test_checks import _ALWAYS, _result, _submit
from tests.e2e.test_machines import Machine
from tests.e2e.test_roles import _APPLICATION

_REPRESENTED = PERSONAS["representative"]["organisation"]
_BANK = PERSONAS["third_party"]["organisation"]
_CONTRACTED = uscc(1)
_ARCHIVE = f"/v1/archives/{_REPRESENTED}"
_AGREEMENT = {"number": "1", "purposes": ["financing"], **_ALWAYS}
_PERSON = PERSONAS["subject"]
_PAPER = {"paper_kind": "身份证", "paper_number": _PERSON["paper_number"]}


@dataclass(frozen=True, slots=True)
class World:
    """A system that holds one thing of each kind: `known` by the path parameter that asks for it.

    `words` are fields of bodies that are more than their schema says.
    """

    system: System
    known: Mapping[str, str]
    words: Mapping[str, Any]

    def sign_in(self, role: str, number: int) -> str:
        """A token of the n-th caller in a role: every second is whose the things are."""
        persona = "representative" if role == "subject" else role
        claims = {"organisation": self.known["provider"]} if role == "provider" else {}
        if number % 2:
            claims = {"sub": f"made-up-{number}", "organisation": uscc(number, "11")}
        return self.system.stack.token(persona, **claims)


def make(system: System) -> World:
    """One thing of each kind, made through the interface."""
    provider = system.provider()
    until = lawful_day(now()) + timedelta(days=300)
    terms = {
        "purpose": "financing",
        "items": ["penalty"],
        "recipient": _BANK,
        "until": until.isoformat(),
    }
    known = {
        "subject": _REPRESENTED,
        "code": _REPRESENTED,
        "item": "penalty",
        "provider": provider.code,
        "organisation": _CONTRACTED,
        **_report(provider),
        **_read_and_grant(system, {**terms, "uses": "many"}),
        "check": _check(system),
        "share": _share(system),
        "client": _register(system, provider),
    }
    more = {"item": "penalty", "purposes": ["financing"], "basis": _AGREEMENT["number"]}
    return World(system, known, {**_PAPER, **terms, **more})


def _report(provider: Provider) -> dict[str, str]:
    company = registration(uni_social_crd_cd=_REPRESENTED)
    provider.deliver("registration", csv_of("registration", [company]))
    person = {"cf_xdr_mc": _PERSON["name"], "cf_xdr_zjhm": _PERSON["paper_number"]}
    fine = penalty(cf_xdr_shxym=_REPRESENTED, cf_xdr_mc=company["comp_nm"])
    rows = [fine, {**person_penalty(), **person}]
    upload = provider.deliver("penalty", csv_of("penalty", rows))["upload"]["upload"]
    row = next(each for each in provider.rows(upload) if each["subject"] == _REPRESENTED)
    return {"upload": upload, "record": row["record"].rpartition("/")[2]}


def _read_and_grant(system: System, terms: Mapping[str, Any]) -> dict[str, str]:
    subject = system.sign_in("representative")
    number = subject.post(f"{_ARCHIVE}/reports", {"kind": "standard"}).of(201)["number"]
    [entry] = subject.get(f"{_ARCHIVE}/queries").of(200)["queries"]
    grant = subject.post(f"{_ARCHIVE}/grants", terms).of(201)["id"]
    system.sign_in("third_party").get(_ARCHIVE, X_Query_Grant=grant).of(200)
    return {"number": number, "entry": entry["entry"], "grant": grant}


def _check(system: System) -> str:
    for organisation in (_CONTRACTED, _BANK):
        system.operator.post(f"/v1/agreements/{organisation}", _AGREEMENT).of(201)
    agency = system.sign_in("agency")
    check = _submit(agency, list_of((_REPRESENTED,)), "supervision")
    _result(agency, check)
    return check


def _share(system: System) -> str:
    applied = {**_APPLICATION, "items": ["penalty"]}
    share: str = system.sign_in("agency").post("/v1/shares", applied).of(201)["id"]
    system.operator.post(f"/v1/shares/{share}/decision", {"items": ["penalty"]}).of(200)
    return share


def _register(system: System, provider: Provider) -> str:
    machine = Machine(system, organisation=provider.code)
    machine.register()
    return machine.id
