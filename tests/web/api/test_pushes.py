"""POST /v1/records: pushed records are checked, merged and answered, once for each key."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.collection import planning, results, uploads
from chalicelib.disclosure.publication.projection import project
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.tables import TableBusy
from chalicelib.web.api import pushes as routes
from chalicelib.web.api import uploads as upload_routes
from chalicelib.web.app import CreditApp
from chalicelib.web.contracts import list_faults
from tests.collection.archives import folded, held
from tests.collection.files import (
    DAY,
    ORGANISATION,
    PROVIDER,
    entitle,
    merge_all,
    penalty,
    person_penalty,
)
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

pytestmark = pytest.mark.usefixtures("aws", "pushing")

CALLER = signed_in(
    "provider",
    organisation=PROVIDER,
    expires=str(int((NOW + timedelta(days=30)).timestamp())),
)
ROWS = [penalty(), person_penalty(1), penalty(cf_jdrq="2026-02-30")]
WITHDRAWAL = {
    "cf_xdr_lb": "法人及非法人组织",
    "cf_xdr_shxym": ORGANISATION,
    "cf_wsh": penalty()["cf_wsh"],
    "cf_cfjgdm": PROVIDER,
    "操作": "撤销",
    "操作原因": "误报",
}


@pytest.fixture
def pushing() -> None:
    """A provider that may report."""
    entitle()


@pytest.fixture
def app() -> CreditApp:
    """The routes of pushes and uploads."""
    return _app()


def _app(**later: int) -> CreditApp:
    app = CreditApp("credit", now=lambda: NOW + timedelta(**later))
    app.mount([routes.api, upload_routes.api], guard=NOBODY)
    return app


def _push(
    app: CreditApp, records: Any, key: str = "k-1", caller: Mapping[str, str] = CALLER
) -> Answered:
    body = {"item": "penalty", "records": records}
    return post(app, "/v1/records", body, caller=caller, headers={"Idempotency-Key": key})


def test_should_keep_the_house_contract() -> None:
    assert list_faults(routes.api.endpoints) == []


def test_should_answer_each_record_when_pushed(app: CreditApp) -> None:
    answer = _push(app, ROWS)
    assert answer.status == 201
    receipt = answer.json["receipt"]
    upload = receipt["upload"]["upload"]
    assert answer.headers["Location"] == f"/v1/uploads/{upload}"
    assert (receipt["state"], receipt["accepted"], receipt["refused"]) == ("done", 2, 1)
    assert [(row["row"], row["accepted"]) for row in answer.json["rows"]] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    (problem,) = answer.json["rows"][2]["problems"]
    assert (problem["code"], problem["field"], problem["column"]) == ("E-DATE-01", "cf_jdrq", "")
    shown = ask(app, "GET", "/v1/uploads/{upload}", path={"upload": upload}, caller=CALLER)
    assert shown.json == receipt


def test_should_keep_what_was_sent_when_pushed(app: CreditApp) -> None:
    """Digits and order of keys as sent; line ends stand between values only."""
    body = '{"item": "penalty", "records": [{"cf_wsh":\n"1\\n号", "cf_nr_fk": 0.20}]}'
    answer = post(app, "/v1/records", body, caller=CALLER, headers={"Idempotency-Key": '"a"'})
    upload = answer.json["receipt"]["upload"]["upload"]
    assert (
        blobs.read(uploads.inbox_key(upload))
        == b'{"cf_wsh": "1\\n\xe5\x8f\xb7", "cf_nr_fk": 0.20}\n'
    )


def test_should_be_the_same_answer_when_pushed_again(app: CreditApp) -> None:
    first = _push(app, ROWS)
    before = held()
    for later in (_app(seconds=1), _app(days=3)):
        again = _push(later, ROWS)
        assert (again.status, again.text) == (first.status, first.text)
    assert held() == before
    assert len(ask(app, "GET", "/v1/uploads", caller=CALLER).json["uploads"]) == 1


def test_should_refuse_when_key_was_used_for_other_records(app: CreditApp) -> None:
    assert _push(app, ROWS).status == 201
    other = _push(app, ROWS[:1])
    assert (other.status, other.json["code"]) == (422, "E-PUSH-01")
    assert _push(app, ROWS[:1], key="k-2").status == 201


def test_should_keep_keys_apart_when_providers_choose_the_same(app: CreditApp) -> None:
    other = "11329900MB0000002H"
    assert _push(app, ROWS[:1]).status == 201
    foreign = signed_in("provider", organisation=other)
    assert _push(app, ROWS[:1], caller=foreign).json["code"] == "E-UPLOAD-02"


@pytest.mark.parametrize(
    ("given", "headers", "status", "code"),
    [
        ({"records": []}, {}, 422, "E-HTTP-07"),
        ({"records": [{}] * 501}, {}, 422, "E-HTTP-07"),
        ({"item": 1}, {}, 422, "E-HTTP-07"),
        ({"item": "horoscope"}, {}, 404, "E-CAT-11"),
        ({"item": "licence"}, {}, 403, "E-UPLOAD-03"),
        ({}, {"Idempotency-Key": ""}, 422, "E-HTTP-07"),
        ({}, {"Idempotency-Key": "空"}, 422, "E-HTTP-07"),
        ({"records": [penalty(), {"horoscope": "1"}]}, {}, 422, "E-HEAD-07"),
        ({"records": [penalty(), {}]}, {}, 422, "E-PUSH-03"),
        ({"records": [penalty(), {"cf_wsh": " "}]}, {}, 422, "E-PUSH-03"),
        ({"records": ["not an object"]}, {}, 422, "E-HTTP-07"),
    ],
)
def test_should_answer_with_a_code_when_push_is_wrong(
    app: CreditApp, given: dict[str, Any], headers: dict[str, str], status: int, code: str | None
) -> None:
    body = {"item": "penalty", "records": ROWS, **given}
    headers = {"Idempotency-Key": "k", **headers}
    for _ in range(2):
        answer = post(app, "/v1/records", body, caller=CALLER, headers=headers)
        assert (answer.status, answer.json.get("code")) == (status, code)


def test_should_point_to_the_wrong_place_alone_when_body_is_wrong(app: CreditApp) -> None:
    body = {"item": 1, "records": ROWS}
    answer = post(app, "/v1/records", body, caller=CALLER, headers={"Idempotency-Key": "k"})
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["/item"]


def test_should_refuse_too_much_when_body_is_long(app: CreditApp) -> None:
    answer = _push(app, [penalty(bz="长" * 400_000)])
    assert answer.status == 413


def test_should_leave_public_view_at_once_when_withdrawn(app: CreditApp) -> None:
    rulebook = load_rulebook("jiangsu")
    row = penalty(cf_cflb="责令停产停业", cf_nr_fk="")
    _push(app, [row])
    (key,) = held()
    project(key, DAY, rulebook)
    assert len(list(read_published(ORGANISATION, DAY, rulebook))) == 1

    answer = _push(_app(minutes=1), [WITHDRAWAL], key="k-2")
    (told,) = answer.json["rows"]
    assert (told["accepted"], told["operation"]) == (True, "withdraw")
    assert list(read_published(ORGANISATION, DAY, rulebook)) == []
    assert folded()[key].current is None


def test_should_be_finished_by_the_queues_when_tables_are_busy(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise TableBusy

    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.collection.merging.merge_range", refuse)
        answer = _push(app, ROWS)
    assert (answer.status, answer.headers["Retry-After"]) == (202, "2")
    upload = answer.json["receipt"]["upload"]["upload"]
    assert results.list_merged(upload) == []
    planning.plan_upload(upload)
    merge_all(upload)
    assert _push(app, ROWS).json["receipt"]["accepted"] == 2


def test_should_be_void_when_file_never_came(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.collection.pushes._receive", die)
        assert _push(app, ROWS).status == 500
    late = _push(_app(hours=2), ROWS)
    assert (late.status, late.json["code"]) == (409, "E-PUSH-02")
    assert held() == {}
    assert _push(_app(hours=2), ROWS, key="k-2").status == 201


def test_should_not_bring_back_a_purged_file_when_pushed_again(app: CreditApp) -> None:
    upload = _push(app, ROWS).json["receipt"]["upload"]["upload"]
    blobs.delete(uploads.inbox_key(upload))
    assert _push(app, ROWS).status == 201
    assert blobs.read(uploads.inbox_key(upload)) is None


def test_should_be_json_lines_when_kept(app: CreditApp) -> None:
    upload = _push(app, ROWS).json["receipt"]["upload"]["upload"]
    body = blobs.read(uploads.inbox_key(upload))
    assert body is not None
    assert [json.loads(line) for line in body.splitlines()] == ROWS
