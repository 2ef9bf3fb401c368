"""A person erased in a legal procedure: nothing can be read any more, and all else works."""

import io
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any
from unittest.mock import patch

import pytest

from infra import operate
from infra.local.deployment import STACK
from tests.collection.files import csv_of, penalty, registration
from tests.e2e.invented import Person
from tests.e2e.providers import Provider
from tests.e2e.rows import fined, represented
from tests.e2e.system import System
from tests.e2e.traces import find_in_logs, find_in_stores

pytestmark = pytest.mark.deployed

_MORE_THAN_A_CALL = 21
_PLAIN = {"s3 inbox", "disk inbox"}  # files as received, and as the emulator keeps them


def test_should_leave_nothing_of_a_person_when_erased(system: System) -> None:
    provider = system.provider()
    person, other = system.invent.person(check_digit="X"), system.invent.person()
    code = system.invent.code()
    called = system.invent.name()
    row = registration(uni_social_crd_cd=code, comp_nm=called, legal_repre=person.name)
    provider.deliver("registration", csv_of("registration", [row]))
    uploads = _report(provider, person, other, code)
    for _ in range(_MORE_THAN_A_CALL):
        provider.put("penalty", csv_of("penalty", [penalty(cf_xdr_shxym=system.invent.code())]))
    subject, others = _find(system, person), _find(system, other)
    system.settle()
    number = _issue_report(system, subject)
    on_organisation = _issue_report(system, code)
    words = {person.name, person.number, person.number.lower(), person.old_number}
    assert {place.partition("/")[0] for place in find_in_stores(system, words)} == _PLAIN
    before = system.archive(code)["records"], system.public(code), system.archive(others)

    assert _erase(system, person) == "erased; blanked 6 records in 5 files\n"
    assert _erase(system, person) == "erased; blanked 0 records in 0 files\n"

    assert not find_in_stores(system, words)
    assert not find_in_logs(system, words)
    _check_unknown(system, person, subject)
    _check_the_rest(system, code, others, before)
    assert _verify(system, number) == ""
    assert _verify(system, on_organisation).startswith(called[:2])
    _check_receipts(provider, uploads)

    new = system.invent.code()
    rows = [represented(other, new), fined(other, cf_wsh="9号")]
    provider.deliver("penalty", csv_of("penalty", rows))
    assert len(system.archive(new)["records"]) == 1
    assert len(system.archive(others)["records"]) == 2


def _report(provider: Provider, person: Person, other: Person, code: str) -> dict[str, int]:
    """Files that name the person in every way; how many rows each is said to have."""
    small = {"cf_fr_zjhm": person.number.lower()}
    old = {"cf_xdr_zjhm": person.old_number}
    files: dict[bytes, int] = {}
    first = [fined(person), fined(other), represented(person, code), represented(other, code)]
    first[3]["cf_wsh"] = "3号"
    files[csv_of("penalty", first)] = 4
    second = [represented(person, code, cf_wsh="4号", **small)]
    files[csv_of("penalty", second, encoding="gb18030")] = 1
    files[csv_of("penalty", [fined(person, cf_wsh="5号", **old)])] = 1
    prohibited = {**fined(person, cf_wsh="6号"), "bz": "无"}
    unread = csv_of("penalty", [prohibited]).replace("备注".encode(), "血型".encode())
    files[unread] = 0
    sent = {provider.put("penalty", body): rows for body, rows in files.items()}
    for upload, rows in sent.items():
        receipt = provider.receipt(upload)
        assert (receipt["received"], receipt["accepted"]) == (rows, rows), receipt
    return sent


def _find(system: System, person: Person) -> str:
    told = {"paper_kind": person.kind, "paper_number": person.number}
    path = "/v1/archives/lookup"
    answer = system.operator.post(path, told, X_Query_Purpose="window_service")
    subject: str = answer.of(200)["subject"]
    return subject


def _issue_report(system: System, subject: str) -> str:
    path = f"/v1/archives/{subject}/reports"
    wanted = {"kind": "standard"}
    answer = system.operator.post(path, wanted, X_Query_Purpose="window_service")
    number: str = answer.of(201)["number"]
    return number


def _erase(system: System, person: Person) -> str:
    """Erase with the operator's command; what it says beside its questions."""
    said = io.StringIO()
    with (
        system.reached(),
        patch("sys.argv", ["operate", "erase", "--stack", STACK]),
        patch("builtins.input", side_effect=[person.kind, person.name]),
        patch("getpass.getpass", return_value=person.number),
        redirect_stdout(said),
    ):
        assert operate.main() == 0
    return said.getvalue()


def _check_the_rest(
    system: System, code: str, others: str, before: tuple[Sequence[Any], Any, Any]
) -> None:
    """Everything that is not about the erased person is as it was."""
    records, shown, archive = before
    assert system.public(code) == shown
    assert system.archive(others)["records"] == archive["records"]
    now = {record["record"]: record["fields"] for record in system.archive(code)["records"]}
    personal = {"cf_frdb", "cf_fr_zjlx", "cf_fr_zjhm"}
    assert now.keys() == {record["record"] for record in records}
    for record in records:
        kept = now[record["record"]]
        lost = record["fields"].keys() - kept.keys()
        assert kept == {name: record["fields"][name] for name in kept}
        assert lost in (set(), personal, {"legal_repre"})
    assert sum("cf_fr_zjhm" in fields for fields in now.values()) == 1


def _check_unknown(system: System, person: Person, subject: str) -> None:
    """Nobody finds the person, not even by the paper or signed in with it."""
    told = {"paper_kind": person.kind, "paper_number": person.number}
    lookup = system.operator.post("/v1/archives/lookup", told, X_Query_Purpose="window_service")
    lookup.refused(404, "E-ARCHIVE-01")
    assert system.archive(subject)["records"] == []
    signed_in = system.sign_in("subject", paper_kind="id", paper_number=person.number)
    signed_in.get(f"/v1/archives/{subject}").refused(404, "E-ARCHIVE-01")


def _verify(system: System, number: str) -> str:
    """The name that is told of a report."""
    path = f"/v1/reports/{number}/verification"
    name: str = system.nobody.get(path).of(200)["subject_name"]
    return name


def _check_receipts(provider: Provider, uploads: dict[str, int]) -> None:
    """Receipts stay as they were, and what they lead to can be read."""
    for upload, rows in uploads.items():
        receipt = provider.receipt(upload)
        assert (receipt["received"], receipt["accepted"]) == (rows, rows)
        if rows:
            provider.rows(upload)
            provider.findings(upload)
