"""The sending script: registers, puts, waits, prints; against a server that answers as ours does."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from infra import send

RECEIPT = {
    "state": "done",
    "ranges": 1,
    "merged": 1,
    "received": 2,
    "accepted": 1,
    "warned": 0,
    "refused": 1,
    "codes": {"E-DATE-01": 1},
    "problems": [
        {
            "row": 3,
            "told": {
                "code": "E-DATE-01",
                "column": "C",
                "label": "成立日期",
                "detail": "无法识别的日期。",
                "mend": "请填写日期。",
            },
        }
    ],
    "reason": None,
}


class _Answering(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str, bytes]]] = []
    receipts: ClassVar[list[dict[str, Any]]] = []
    there: ClassVar[set[int]] = set()

    def _take(self) -> bytes:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append((self.command, self.path, body))
        return body

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        announced = json.loads(self._take())
        if self.path.endswith("/completion"):
            self._answer(200, {})
            return
        if announced["item"] == "horoscope":
            self._answer(404, {"code": "E-CAT-11", "detail": "目录中没有", "mend": "请改"})
            return
        host = self.headers["Host"]
        url = None if "parts" in announced else f"http://{host}/put"
        invited = {"upload": {"upload": "u1"}, "url": url, "headers": {"x-a": "b"}}
        self._answer(201, invited)

    def do_PUT(self) -> None:
        self._take()
        assert self.headers["x-a"] == "b"
        self._answer(412, {})  # it is there already: an earlier try got through

    def do_GET(self) -> None:
        self._take()
        host = self.headers["Host"]
        first, _, after = self.path.partition("/parts?after=")
        if not after:
            self._answer(200, self.receipts.pop(0))
            return
        number = int(after) + 1
        url = None if number in self.there else f"http://{host}/{first[-2:]}/{number}"
        size = 100 if number < 3 else 50
        part = {"number": number, "size": size, "url": url, "headers": {"x-a": "b"}}
        following = number if number < 3 else None
        self._answer(200, {"parts": [part], "next_after": following})

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """Where the stand-in answers."""
    server = HTTPServer(("127.0.0.1", 0), _Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    _Answering.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to send."""
    path = tmp_path / "rows.csv"
    path.write_bytes(b"a,b\n" * 5000)
    return path


def _run(
    monkeypatch: pytest.MonkeyPatch, url: str, file: Path, item: str = "registration", *more: str
) -> int:
    given = ["--url", url, "--token", "t", "--item", item, *more]
    monkeypatch.setattr(sys, "argv", ["send", *given, str(file)])
    monkeypatch.setattr(send, "_PAUSE_SECONDS", 0)
    return send.main()


def test_should_send_and_print_receipt_when_all_goes_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, file: Path
) -> None:
    _Answering.receipts[:] = [{**RECEIPT, "state": "merging", "merged": 0}, RECEIPT]
    assert _run(monkeypatch, url, file) == 1
    sent = {(method, path): body for method, path, body in _Answering.asked}
    assert sent["PUT", "/put"] == file.read_bytes()
    announced = json.loads(sent["POST", "/v1/uploads"])
    assert (announced["size"], announced["file_name"]) == (20_000, "rows.csv")
    printed = capsys.readouterr().out
    assert "received 2 · accepted 1 · warned 0 · refused 1" in printed
    assert "3 C 成立日期 E-DATE-01 无法识别的日期。 请填写日期。" in printed


def test_should_be_content_when_every_row_is_accepted(
    monkeypatch: pytest.MonkeyPatch, url: str, file: Path
) -> None:
    _Answering.receipts[:] = [{**RECEIPT, "refused": 0, "codes": {}, "problems": []}]
    assert _run(monkeypatch, url, file) == 0


@pytest.mark.parametrize("begun", [False, True])
def test_should_send_a_large_file_in_parts_and_go_on_with_it(
    monkeypatch: pytest.MonkeyPatch, url: str, file: Path, begun: bool
) -> None:
    monkeypatch.setattr(send, "_PART", 100)
    monkeypatch.setattr(send, "_IN_PARTS", 100)
    monkeypatch.setattr(_Answering, "there", {2} if begun else set())
    file.write_bytes(bytes(range(250)))
    done = {**RECEIPT, "refused": 0, "codes": {}, "problems": []}
    _Answering.receipts[:] = [{**done, "state": "registered"}, done] if begun else [done]
    assert _run(monkeypatch, url, file, "penalty", *(("--upload", "u1") if begun else ())) == 0
    sent = {path: body for method, path, body in _Answering.asked if method == "PUT"}
    whole = {
        "/u1/1": bytes(range(100)),
        "/u1/2": bytes(range(100, 200)),
        "/u1/3": bytes(range(200, 250)),
    }
    assert sent == {path: body for path, body in whole.items() if not begun or path != "/u1/2"}
    assert _Answering.asked[-2][:2] == ("POST", "/v1/uploads/u1/completion")


def test_should_say_why_when_file_is_unreadable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, file: Path
) -> None:
    reason = {"code": "E-FILE-02", "detail": "编码", "mend": "另存"}
    _Answering.receipts[:] = [{**RECEIPT, "state": "quarantined", "reason": reason}]
    assert _run(monkeypatch, url, file) == 1
    assert "E-FILE-02 编码 另存" in capsys.readouterr().out


def test_should_tell_in_one_line_when_it_cannot_send(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, file: Path
) -> None:
    assert _run(monkeypatch, url, file, "horoscope") == 2
    assert capsys.readouterr().err == "404 E-CAT-11 目录中没有 请改\n"
    assert _run(monkeypatch, url, file.with_name("absent.csv")) == 2
    assert _run(monkeypatch, "http://127.0.0.1:9", file) == 2
