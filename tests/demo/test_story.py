"""A step that comes out wrong ends the demo with one line that says so."""

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from infra.local.demo.asking import Caller, DemoFailure, check_rows, comes_true, send
from infra.local.demo.deliveries import Deliveries
from infra.local.demo.sending import Sent, check_receipt, describe
from infra.local.problems import Problem


class _Nobody:
    url = "http://127.0.0.1:9"
    rulebook = "jiangsu"

    def token(self, persona: str, **claims: str) -> str:
        return persona


class _Refuses(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(HTTPStatus.NOT_FOUND)
        self.end_headers()
        self.wfile.write(b'{"code": "E-HTTP-01"}')

    def log_message(self, *_: object) -> None:
        """Silent."""


def _receipt(deliveries: Deliveries) -> tuple[Sent, dict[str, Any]]:
    """A file and the receipt that it must get."""
    file = deliveries.files[0]
    told = [
        {"row": row, "told": {"code": code}}
        for row, codes in file.planted.items()
        for code in codes
    ]
    codes = [code for several in file.planted.values() for code in several]
    refused = len(file.refused)
    receipt = {
        "state": "done",
        "received": file.rows,
        "accepted": file.rows - refused,
        "refused": refused,
        "warned": len(file.planted) - refused,
        "codes": {code: codes.count(code) for code in codes},
        "problems": told,
    }
    return Sent(file, Caller(_Nobody(), "provider"), "u1"), receipt


def test_should_be_content_when_the_receipt_is_as_planted(deliveries: Deliveries) -> None:
    sent, receipt = _receipt(deliveries)
    check_receipt(sent, receipt)
    assert str(receipt["refused"]) in describe(receipt)


def test_should_name_the_row_when_it_was_refused_otherwise(deliveries: Deliveries) -> None:
    sent, receipt = _receipt(deliveries)
    receipt["problems"][0]["row"] += 1
    with pytest.raises(DemoFailure, match=r"演示-.*, row \d+: "):
        check_receipt(sent, receipt)


@pytest.mark.parametrize("count", ["received", "accepted", "refused", "warned"])
def test_should_fail_when_a_count_is_wrong(deliveries: Deliveries, count: str) -> None:
    sent, receipt = _receipt(deliveries)
    with pytest.raises(DemoFailure, match="counts"):
        check_receipt(sent, receipt | {count: receipt[count] + 1})


def test_should_fail_when_a_readable_file_was_put_aside(deliveries: Deliveries) -> None:
    sent, receipt = _receipt(deliveries)
    with pytest.raises(DemoFailure, match="state"):
        check_receipt(sent, receipt | {"state": "quarantined"})


def test_should_fail_in_one_line_when_nobody_answers() -> None:
    with pytest.raises(Problem, match="no answer") as failure:
        Caller(_Nobody()).get("/v1")
    assert "\n" not in str(failure.value)


def test_should_fail_in_one_line_when_the_status_is_unexpected() -> None:
    server = HTTPServer(("127.0.0.1", 0), _Refuses)
    Thread(target=server.serve_forever, daemon=True).start()
    system = _Nobody()
    system.url = f"http://127.0.0.1:{server.server_port}"
    try:
        with pytest.raises(DemoFailure, match=r"GET /v1 answered 404: .*E-HTTP-01"):
            Caller(system, "operator").get("/v1", purpose="supervision")
        refusal = Caller(system).ask("GET", "/v1", expect=(404,))
        assert refusal == json.loads(send("GET", system.url + "/v1", None, {})[1])
    finally:
        server.shutdown()
        server.server_close()


def test_should_tell_the_first_difference_only_when_rows_differ() -> None:
    with pytest.raises(DemoFailure, match=r"x, row 3: \(\), expected \('A',\)"):
        check_rows("x", {5: ("B",)}, {3: ("A",), 5: ("C",)})


def test_should_give_up_when_it_never_comes_true() -> None:
    assert not comes_true(lambda: None, 0)
    assert comes_true(lambda: 1, 0)
