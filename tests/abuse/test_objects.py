"""What is somebody else's is told apart from what does not exist by nobody (OWASP API1, API6)."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.subjects.identities import keyring
from chalicelib.web.app import CreditApp
from chalicelib.web.callers import Role
from chalicelib.web.cursors import write_cursor
from tests.abuse.asking import ROUTES, send, send_body, somebody, watching
from tests.collection.files import PROVIDER
from tests.factories import ORGANISATION
from tests.web.events import Answered

_BY_NAME = {endpoint.name: endpoint for endpoint in ROUTES}
_NOBODYS = "91329900MA00000000"
_TERMS = {"purpose": "financing", "until": "2026-12-31", "uses": "many", "items": ["penalty"]}
_LENDER = "91329900MA99010471"
_AGENCY = "11329900009901024T"
_APPLICATION = {
    "items": ["tax_paid"],
    "purpose": "supervision",
    "ways": ["query"],
    "basis": "x",
    "until": "2026-12-31",
}


def made(app: CreditApp, name: str, body: Mapping[str, Any], **more: Any) -> Answered:
    return send_body(app, _BY_NAME[name], json.dumps(body), **more)


def asked_by_both(
    app: CreditApp, name: str, existing: dict[str, str], missing: dict[str, str], role: Role
) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Answer and work for a thing of somebody else's, and for one that nobody has."""
    results = []
    for path in (existing, missing):
        with watching() as seen:
            answer = send(
                app, _BY_NAME[name], path=path, caller=somebody(role), headers={}, query=None
            )
        told = re.sub(r'"(instance|request_id)":"[^"]*",', "", answer.text)
        for name_asked in path.values():
            told = told.replace(name_asked, "…")
        results.append((answer.status, told, seen))
    return results


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("read_subject_archive", Role.SUBJECT),
        ("read_subject_archive", Role.THIRD_PARTY),
        ("list_queries", Role.SUBJECT),
        ("list_notices", Role.SUBJECT),
        ("list_given", Role.SUBJECT),
    ],
)
def test_should_answer_the_same_when_an_archive_is_anothers_or_nobodys(
    app: CreditApp, name: str, role: Role
) -> None:
    """The same bytes, after the same requests of AWS."""
    others, nobodys = asked_by_both(
        app, name, {"subject": ORGANISATION}, {"subject": _NOBODYS}, role
    )
    assert others[0] == 404
    assert others == nobodys


@pytest.mark.parametrize("name", ["read_grant", "list_uses", "list_scope"])
@pytest.mark.parametrize("role", [Role.SUBJECT, Role.THIRD_PARTY])
def test_should_answer_the_same_when_a_grant_is_anothers_or_nobodys(
    app: CreditApp, name: str, role: Role
) -> None:
    body = {**_TERMS, "recipient": _LENDER}
    owner = somebody(Role.SUBJECT, ORGANISATION)
    grant = made(app, "give_grant", body, path={"subject": ORGANISATION}, caller=owner)
    others, nobodys = asked_by_both(
        app, name, {"grant": grant.json["id"]}, {"grant": "G" + "A" * 24}, role
    )
    assert (others[0], others) == (404, nobodys)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("read_share", Role.AGENCY),
        ("read_share", Role.JUDICIAL),
        ("read_share", Role.PROVIDER),
        ("list_share_uses", Role.AGENCY),
    ],
)
def test_should_answer_the_same_when_a_share_is_anothers_or_nobodys(
    app: CreditApp, name: str, role: Role
) -> None:
    owner = somebody(Role.AGENCY, _AGENCY)
    share = made(app, "apply_for_share", _APPLICATION, caller=owner).json["id"]
    others, nobodys = asked_by_both(app, name, {"share": share}, {"share": "S" + "A" * 24}, role)
    assert (others[0], others) == (404, nobodys)


@pytest.mark.parametrize("name", ["read_upload", "print_receipt"])
def test_should_answer_the_same_when_an_upload_is_anothers_or_nobodys(
    app: CreditApp, name: str
) -> None:
    provider = somebody(Role.PROVIDER, PROVIDER)
    unit = {"name": "清江市某局", "items": ["penalty"]}
    path = {"provider": provider["organisation"]}
    operator = somebody(Role.OPERATOR)
    assert made(app, "register_provider", unit, path=path, caller=operator).status == 200
    file = {"item": "penalty", "size": 10, "sha256": "A" * 43 + "=", "file_name": "a.csv"}
    upload = made(app, "register_upload", file, caller=provider).json["upload"]["upload"]
    others, nobodys = asked_by_both(
        app, name, {"upload": upload}, {"upload": f"{upload[:8]}-AAAAAAAAAAAA"}, Role.PROVIDER
    )
    assert (others[0], others) == (404, nobodys)


def test_should_be_unguessable_when_ids_are_made(app: CreditApp) -> None:
    """Of two that were made one after the other nothing but the day is the same."""
    owner = somebody(Role.SUBJECT, ORGANISATION)
    body = {**_TERMS, "recipient": _LENDER}
    path = {"subject": ORGANISATION}
    grants = [made(app, "give_grant", body, path=path, caller=owner).json["id"] for _ in range(8)]
    reports = [
        made(app, "issue_report", {"kind": "standard"}, path=path, caller=owner).json["number"]
        for _ in range(8)
    ]
    for ids, prefix, letters in ((grants, 1, 24), (reports, 13, 10)):
        tails = [each[prefix:] for each in ids]
        assert {len(tail) for tail in tails} == {letters}
        for place in range(letters):
            assert len({tail[place] for tail in tails}) > 1


def test_should_take_no_cursor_of_another_caller_when_it_is_replayed(app: CreditApp) -> None:
    """A place in one listing opens no other."""
    key = keyring().sessions
    cursor = write_cursor({"place": "0"}, key=key, scope=f"queries:{ORGANISATION}")
    operator = somebody(Role.OPERATOR)
    own, foreign = (
        send(
            app,
            _BY_NAME["list_queries"],
            path={"subject": subject},
            query={"cursor": [cursor]},
            caller=operator,
        )
        for subject in (ORGANISATION, _LENDER)
    )
    assert own.status == 200
    assert (foreign.status, foreign.json["code"]) == (422, "E-PAGE-01")
