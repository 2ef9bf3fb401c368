"""The uploads routes: what a provider sends, reads and never sees of others."""

import base64
import hashlib
import json
from typing import Any

import pytest

from chalicelib.collection import planning, store, uploads
from chalicelib.collection.parts import read_parts
from chalicelib.jobs.archives import Part
from chalicelib.jobs.rebuild import rebuild_part
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs, clients
from chalicelib.runtime.settings import settings
from chalicelib.web.api import parts, providers, returns
from chalicelib.web.api import uploads as routes
from chalicelib.web.app import CreditApp
from chalicelib.web.contracts import list_faults
from tests.collection.files import (
    DAY,
    ORGANISATION,
    OTHER_PROVIDER,
    PROVIDER,
    csv_of,
    entitle,
    merge_all,
    penalty,
    person_penalty,
    receive,
    registration,
    send,
)
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

pytestmark = pytest.mark.usefixtures("aws", "entitled")

CALLER = signed_in("provider", organisation=PROVIDER)
OTHER = signed_in("provider", organisation=OTHER_PROVIDER)
OPERATOR = signed_in("operator", organisation="11329900MB0000001A")
ROWS = [penalty(), person_penalty(1), penalty(cf_jdrq="2026-02-30")]


@pytest.fixture
def app() -> CreditApp:
    """The uploads routes alone."""
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([routes.api, parts.api, providers.api, returns.api], guard=NOBODY)
    return app


@pytest.fixture
def upload() -> str:
    """A merged upload of the provider."""
    return send(csv_of("penalty", ROWS), "penalty")


def _announced(body: bytes, **changed: Any) -> dict[str, Any]:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return {
        "item": "penalty",
        "size": len(body),
        "sha256": digest,
        "file_name": "处罚.csv",
        **changed,
    }


def _read(app: CreditApp, upload: str, rest: str = "", **parts: Any) -> Answered:
    parts.setdefault("caller", CALLER)
    return ask(app, "GET", f"/v1/uploads/{{upload}}{rest}", path={"upload": upload}, **parts)


def test_should_keep_the_house_contract() -> None:
    assert (
        list_faults(
            [
                *routes.api.endpoints,
                *parts.api.endpoints,
                *providers.api.endpoints,
                *returns.api.endpoints,
            ]
        )
        == []
    )


def test_should_be_sent_in_parts_by_its_provider_alone(app: CreditApp) -> None:
    body = csv_of("penalty", ROWS)
    announced = _announced(body)
    announced["parts"] = {"size": 5 << 20, "sha256": [announced["sha256"]]}
    invited = post(app, "/v1/uploads", announced, caller=CALLER).json
    upload = invited["upload"]["upload"]
    assert (invited["url"], invited["expires_at"][:10]) == (None, "2026-11-23")
    done: dict[str, Any] = {"path": {"upload": upload}, "body": None}
    route = "/v1/uploads/{upload}/completion"
    assert ask(app, "POST", route, **done, caller=CALLER).json["code"] == "E-PART-04"
    (part,) = _read(app, upload, "/parts").json["parts"]
    assert (part["number"], part["size"]) == (1, len(body))
    assert part["headers"] == {"x-amz-checksum-sha256": announced["sha256"]}
    for caller in (OTHER, OPERATOR):
        assert _read(app, upload, "/parts", caller=caller).status in {403, 404}
        assert ask(app, "POST", route, **done, caller=caller).status in {403, 404}
    opened = read_parts(upload)
    assert opened is not None
    clients.s3().upload_part(
        Bucket=settings().files_bucket,
        Key=uploads.inbox_key(upload),
        UploadId=opened.multipart,
        PartNumber=1,
        Body=body,
    )
    assert ask(app, "POST", route, **done, caller=CALLER).json == invited["upload"]
    assert _read(app, upload).json["state"] == "received"
    assert _read(app, upload, "/parts").json["parts"][0]["url"] is None


def test_should_note_as_settled_when_a_final_receipt_is_read(app: CreditApp, upload: str) -> None:
    waiting = receive(csv_of("penalty", ROWS), "penalty")
    for each in (upload, waiting):
        assert _read(app, each).status == 200
    assert [name for _, name in store.find_unsettled(10)] == [waiting]


def test_should_lead_from_registration_to_receipt_when_a_file_is_sent(app: CreditApp) -> None:
    body = csv_of("penalty", ROWS)
    invited = post(app, "/v1/uploads", _announced(body), caller=CALLER)
    assert invited.status == 201
    upload = invited.json["upload"]["upload"]
    assert invited.json["expires_at"] == "2026-11-22T13:00:00+08:00"
    assert invited.json["upload"]["registered_at"].startswith("2026-11-22T12:00:00")

    waiting = _read(app, upload)
    assert (waiting.json["state"], waiting.headers["Retry-After"]) == ("registered", "2")

    blobs.write(uploads.inbox_key(upload), body, "text/csv")
    planning.plan_upload(upload)
    merge_all(upload)

    receipt = _read(app, upload)
    assert "Retry-After" not in receipt.headers
    counts = {name: receipt.json[name] for name in ("state", "received", "accepted", "refused")}
    assert counts == {"state": "done", "received": 3, "accepted": 2, "refused": 1}
    (problem,) = receipt.json["problems"]
    assert problem["row"] == 4
    told = problem["told"]
    assert (told["code"], told["label"]) == ("E-DATE-01", "处罚决定日期")
    assert (told["detail"], told["detail_en"]) == ("无法识别的日期。", "Not a date.")


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"item": "licence"}, 403, "E-UPLOAD-03"),
        ({"item": "horoscope"}, 404, "E-CAT-11"),
        ({"size": 0}, 422, "E-UPLOAD-04"),
        ({"size": 300 << 20}, 422, "E-PART-01"),
        ({"size": 3 << 30}, 422, "E-UPLOAD-04"),
        ({"parts": {"size": 1, "sha256": ["x"]}}, 422, "E-PART-02"),
        ({"parts": {"size": 5 << 20, "sha256": ["x"]}}, 422, "E-UPLOAD-05"),
        ({"parts": {"size": 5 << 20, "sha256": []}}, 422, "E-HTTP-07"),
        ({"size": -1}, 422, "E-HTTP-07"),
        ({"sha256": "x"}, 422, "E-UPLOAD-05"),
        ({"file_name": ""}, 422, "E-HTTP-07"),
        ({"extra": 1}, 422, "E-HTTP-07"),
    ],
)
def test_should_refuse_with_a_code_when_announcement_is_wrong(
    app: CreditApp, changed: dict[str, Any], status: int, code: str
) -> None:
    answer = post(app, "/v1/uploads", _announced(b"x", **changed), caller=CALLER)
    assert (answer.status, answer.json["code"]) == (status, code)


def test_should_refuse_when_nobody_registered_the_provider(app: CreditApp) -> None:
    for caller in (OTHER, signed_in("provider")):
        answer = post(app, "/v1/uploads", _announced(b"x"), caller=caller)
        assert (answer.status, answer.json["code"]) == (403, "E-UPLOAD-02")


@pytest.mark.parametrize("rest", ["", "/rows", "/findings"])
def test_should_not_be_there_when_upload_is_anothers(
    app: CreditApp, upload: str, rest: str
) -> None:
    query = {"range": ["0"]} if rest else None
    foreign = _read(app, upload, rest, caller=OTHER, query=query)
    absent = _read(app, "20261122-AAAAAAAAAAAA", rest, query=query)
    assert (foreign.status, absent.status) == (404, 404)
    assert foreign.json["code"] == absent.json["code"] == "E-UPLOAD-01"
    assert _read(app, upload, rest, caller=OPERATOR, query=query).status == 200


def test_should_list_own_uploads_only_when_asked(app: CreditApp, upload: str) -> None:
    entitle(OTHER_PROVIDER)
    own = ask(app, "GET", "/v1/uploads", caller=CALLER, query={"provider": [OTHER_PROVIDER]})
    assert [each["upload"] for each in own.json["uploads"]] == [upload]
    assert ask(app, "GET", "/v1/uploads", caller=OTHER).json["uploads"] == []
    chosen = ask(app, "GET", "/v1/uploads", caller=OPERATOR, query={"provider": [PROVIDER]})
    assert chosen.json == own.json
    assert ask(app, "GET", "/v1/uploads", caller=OPERATOR).json["uploads"] == []


def test_should_page_uploads_when_there_are_many(app: CreditApp, monkeypatch: Any) -> None:
    monkeypatch.setattr(routes, "_UPLOADS_A_PAGE", 2)
    made = [post(app, "/v1/uploads", _announced(b"x"), caller=CALLER).json for _ in range(3)]
    first = ask(app, "GET", "/v1/uploads", caller=CALLER).json
    cursor = first["next_cursor"]
    rest = ask(app, "GET", "/v1/uploads", caller=CALLER, query={"cursor": [cursor]}).json
    listed = {each["upload"] for each in (*first["uploads"], *rest["uploads"])}
    assert listed == {each["upload"]["upload"] for each in made}
    assert rest["next_cursor"] is None
    stolen = ask(app, "GET", "/v1/uploads", caller=OTHER, query={"cursor": [cursor]})
    assert stolen.json["code"] == "E-PAGE-01"


def test_should_page_rows_with_texts_when_asked(
    app: CreditApp, upload: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(routes, "_ROWS_A_PAGE", 2)
    first = _read(app, upload, "/rows", query={"range": ["0"]}).json
    rest = _read(
        app, upload, "/rows", query={"range": ["0"], "cursor": [first["next_cursor"]]}
    ).json
    rows = [*first["rows"], *rest["rows"]]
    assert [(row["row"], row["accepted"]) for row in rows] == [(2, True), (3, True), (4, False)]
    assert rows[0]["record"].startswith("1")
    assert rows[2]["problems"][0]["mend"] == "请填写真实存在的日期，如 2026-03-25。"
    assert rest["next_cursor"] is None
    assert _read(app, upload, "/rows", query={"range": ["1"]}).json["code"] == "E-UPLOAD-07"


def test_should_tell_findings_when_rows_were_said_before(app: CreditApp, upload: str) -> None:
    again = send(csv_of("penalty", ROWS), "penalty", now=NOW)
    found = _read(app, again, "/findings", query={"range": ["0"]}).json["findings"]
    assert [(each["row"], each["told"]["code"]) for each in found] == [
        (2, "F-SAME-01"),
        (3, "F-SAME-01"),
    ]
    assert upload in found[0]["told"]["detail"]


def test_should_tell_why_when_file_cannot_be_read(app: CreditApp) -> None:
    upload = send(b"PK\x03\x04 zip", "penalty")
    answer = _read(app, upload).json
    assert (answer["state"], answer["reason"]["code"]) == ("quarantined", "E-FILE-07")
    assert "XLSX" in answer["reason"]["detail"]


def test_should_register_providers_when_operator_asks(app: CreditApp) -> None:
    parts = {
        "path": {"provider": OTHER_PROVIDER},
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"name": "某局", "items": ["penalty", "penalty"]}),
    }
    route = "/v1/providers/{provider}"
    assert ask(app, "PUT", route, caller=CALLER, **parts).status == 403
    answer = ask(app, "PUT", route, caller=OPERATOR, **parts)
    entry = {"provider": OTHER_PROVIDER, "name": "某局", "items": ["penalty"]}
    assert (answer.status, answer.json) == (200, entry)
    listed = ask(app, "GET", "/v1/providers", caller=OPERATOR).json["providers"]
    assert entry in listed
    wrong = {**parts, "path": {"provider": "x"}}
    assert ask(app, "PUT", route, caller=OPERATOR, **wrong).json["code"] == "E-UPLOAD-06"


# -- what comes back ------------------------------------------------------------------------------


def test_should_print_the_receipt_when_it_is_asked_for_as_a_page(app: CreditApp) -> None:
    rows = [*ROWS, penalty(cf_nr_fk="0<b>")]
    upload = send(csv_of("penalty", rows), "penalty", file_name="<script>.csv")
    page = _read(app, upload, "/receipt")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = page.headers["Content-Security-Policy"]
    assert "style-src 'sha256-" in policy
    assert "script" not in policy
    for text in (upload, "&lt;script&gt;.csv", "E-DATE-01", "部分接收", "处罚决定日期"):
        assert text in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize("kind", ["results", "refused"])
def test_should_offer_a_file_when_what_came_of_the_rows_is_fetched(
    app: CreditApp, upload: str, kind: str
) -> None:
    found = _read(app, upload, f"/{kind}").json
    assert found["url"].startswith("http")
    assert found["expires_at"] == "2026-11-22T12:15:00+08:00"
    assert found["next_range"] is None
    assert _read(app, upload, f"/{kind}", query={"range": ["1"]}).status == 404


@pytest.mark.parametrize("kind", ["receipt", "results", "refused"])
def test_should_hide_what_comes_back_when_the_upload_is_anothers(
    app: CreditApp, upload: str, kind: str
) -> None:
    assert _read(app, upload, f"/{kind}", caller=OTHER).json["code"] == "E-UPLOAD-01"


def test_should_keep_originals_from_the_operator_when_refused_rows_are_fetched(
    app: CreditApp, upload: str
) -> None:
    assert _read(app, upload, "/refused", caller=OPERATOR).status == 403


def test_should_lead_to_the_page_of_each_code_when_problems_are_told(
    app: CreditApp, upload: str
) -> None:
    (problem,) = _read(app, upload).json["problems"]
    assert problem["told"]["type"] == "/problems/E-DATE-01"


def test_should_offer_candidates_with_reasons_when_a_code_is_hidden(app: CreditApp) -> None:
    send(csv_of("registration", [registration()]))
    assert rebuild_part(Part(), DAY, load_rulebook("jiangsu")).records
    hidden = f"{ORGANISATION[:11]}****{ORGANISATION[15:]}"
    upload = send(csv_of("penalty", [penalty(cf_xdr_shxym=hidden)]), "penalty")
    query = {"range": ["0"], "row": ["2"]}
    (found,) = _read(app, upload, "/candidates", query=query).json["candidates"]
    assert found["code"] == ORGANISATION
    code, name = found["clues"]
    assert code["characters"] == [*range(1, 12), *range(16, 19)]
    assert (name["kind"], name["likeness"]) == ("name", "same")
    missing = _read(app, upload, "/candidates", query={"range": ["0"], "row": ["9"]})
    assert missing.json["code"] == "E-UPLOAD-07"


def test_should_report_on_codes_to_their_authority(app: CreditApp) -> None:
    send(csv_of("penalty", [penalty(cf_xdr_shxym="9" * 18)]), "penalty")
    caller = signed_in("code_authority", organisation=OTHER_PROVIDER)
    report = ask(app, "GET", "/v1/code-issues", caller=caller).json
    (issue,) = report["issues"]
    assert (issue["kind"], issue["row"], report["next_cursor"]) == ("wrong", 2, None)
    assert ask(app, "GET", "/v1/code-issues", caller=CALLER).status == 403
