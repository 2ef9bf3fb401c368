"""The operator's commands, driving the real handlers in this process."""

import json
import sys
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

import app
from chalicelib.disclosure.following import update_views
from chalicelib.jobs import preview, store
from chalicelib.jobs.surfaces import SURFACES
from chalicelib.law.rulebook import RULEBOOKS
from infra import operate
from infra.proof import look_at_pages
from infra.stack import CommandError, Functions
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import KEY, ORGANISATION, any_mark
from tests.handlers.events import clock_at, invoke
from tests.web.events import NOW


class Deployed(Functions):
    """A stack whose functions run in this process."""

    def __init__(self, stack: str) -> None:
        self.asked: list[str] = []
        self._parameters = {"Rulebook": "jiangsu", "PublicUrl": Page.url}

    def call(self, output: str, event: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(output)
        sent = json.loads(json.dumps(event))
        name = output.removesuffix("Name").lower()
        answer = invoke(getattr(app, name), sent)
        found: dict[str, Any] = json.loads(json.dumps(answer))
        return found


class Page(BaseHTTPRequestHandler):
    """An organisation's page as some front might show it, one record in each answer."""

    url: ClassVar[str] = ""
    records: ClassVar[list[str]] = []
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        [cursor] = parse_qs(urlsplit(self.path).query).get("cursor", ["0"])
        place = int(cursor)
        records = [
            dict(zip(("item", "record"), path.split("/"), strict=True))
            for path in Page.records[place : place + 1]
        ]
        following = str(place + 1) if place + 1 < len(Page.records) else None
        self.send_response(Page.status)
        self.end_headers()
        self.wfile.write(json.dumps({"records": records, "next_cursor": following}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(autouse=True)
def _front(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(Page, "url", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(Page, "records", [])
    monkeypatch.setattr(Page, "status", 200)
    monkeypatch.setattr(operate, "Functions", Deployed)
    with clock_at(NOW):
        yield
    server.shutdown()
    thread.join()
    server.server_close()


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["operate", *words, "--stack", "credit"])
    return operate.main()


def publish() -> None:
    register("清江桃溪食品有限公司")
    say()
    mark(any_mark())
    update_views(KEY, TODAY, JIANGSU)


@pytest.mark.usefixtures("aws")
class TestProving:
    def test_tells_every_surface_and_ends_well_where_nothing_shows(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        publish()

        assert command(monkeypatch, "prove", "--segments", "2") == 0

        told = capsys.readouterr().out.splitlines()
        assert told[0] == "1 subjects, 2 records"
        assert told[1].split(" | ")[-1] == "still shown"
        assert len(told) == 3 + len(SURFACES) + 1
        assert {line.split(" | ")[-1].strip() for line in told[3:]} == {"0"}
        assert any(line.startswith("public page over HTTP") for line in told)

    def test_fails_where_the_page_that_people_see_shows_what_is_withheld(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        publish()
        monkeypatch.setattr(Page, "records", ["registration/1REGISTRATION", KEY.path])

        assert command(monkeypatch, "prove") == 1

        assert f"STILL SHOWN on public page over HTTP 公示页: {ORGANISATION} {KEY.path}" in (
            capsys.readouterr().out
        )

    def test_tells_programs_in_json(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        publish()

        assert command(monkeypatch, "prove", "--json") == 0

        assert json.loads(capsys.readouterr().out)["withheld"] == {ORGANISATION: [KEY.path]}


def test_a_page_that_is_not_there_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Page, "status", 404)
    assert look_at_pages(Page.url, {ORGANISATION: (KEY.path,)}).violations == ()


def test_a_page_that_fails_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Page, "status", 500)
    with pytest.raises(CommandError, match="answers 500"):
        look_at_pages(Page.url, {ORGANISATION: (KEY.path,)})
    with pytest.raises(CommandError, match="does not answer"):
        look_at_pages("http://127.0.0.1:1", {ORGANISATION: (KEY.path,)})


@pytest.mark.usefixtures("aws")
class TestPreviewing:
    @pytest.fixture
    def staged(self, tmp_path: Path) -> Path:
        """The deployed rules, where disputed records are withheld from the public."""
        text = (RULEBOOKS / "jiangsu.toml").read_text("utf-8")
        number = JIANGSU.layers[0].edition
        text = text.replace(f"edition = {number}\n", f"edition = {number + 1}\n", 1)
        file = tmp_path / "jiangsu.toml"
        file.write_text(
            text + "\n[rules.item_severity]\n"
            'penalty = [{ effective = 2000-01-01, source = "OWN", value = "serious" }]\n',
            "utf-8",
        )
        return file

    def test_adds_up_the_parts(
        self, staged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(preview, "_READ", 2)
        publish()
        for number in range(3):
            say(msgspec.structs.replace(KEY, record=f"1RECORD{number}"), cf_cflb=("警告",))

        assert command(monkeypatch, "preview", "--rulebook", str(staged), "--json") == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["subjects"], found["records"], found["start"]) == (1, 5, None)
        assert {each["records"] for each in found["changes"]} == {3}

        assert command(monkeypatch, "preview", "--rulebook", str(staged)) == 0
        told = capsys.readouterr().out
        assert "5 records of 1 subjects" in told
        assert "class changed" in told or "withheld → shown" in told

    @pytest.mark.parametrize(
        ("text", "told"),
        [("edition = = 2", "line 1"), ('name = "jiangsu"\nsize = 2\n', "unknown field")],
    )
    def test_refuses_a_malformed_file_before_anything_runs(
        self,
        text: str,
        told: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        file = tmp_path / "jiangsu.toml"
        file.write_text(text, "utf-8")
        monkeypatch.setattr(Deployed, "call", _never)

        assert command(monkeypatch, "preview", "--rulebook", str(file)) == 1

        error = capsys.readouterr().err
        assert "refused: staged/jiangsu.toml" in error
        assert told in error

    def test_refuses_a_malformed_item_and_a_command_without_a_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "penalty.json"
        file.write_text("{", "utf-8")
        monkeypatch.setattr(Deployed, "call", _never)

        assert command(monkeypatch, "preview", "--item", str(file)) == 1
        assert "refused: E-CAT-01 " in capsys.readouterr().err
        assert command(monkeypatch, "preview", "--item", str(tmp_path / "missing.json")) == 1
        assert "missing.json" in capsys.readouterr().err
        assert command(monkeypatch, "preview") == 1


def _never(*_: object) -> dict[str, Any]:
    raise AssertionError("nothing may run")


@pytest.mark.usefixtures("aws")
class TestReevaluating:
    def test_tells_how_far_it_is_and_brings_it_to_the_end(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        publish()

        assert command(monkeypatch, "reevaluation") == 0
        assert "0 records projected, 4 segments are left" in capsys.readouterr().out
        assert command(monkeypatch, "reevaluate") == 0
        assert "2 records projected, done" in capsys.readouterr().out

    def test_gives_way_to_a_run_of_the_schedule(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        publish()
        monkeypatch.setattr(store, "keep_progress", lambda *_: False)

        assert command(monkeypatch, "reevaluate") == 1
        assert "another run is at it" in capsys.readouterr().err


def test_says_in_one_line_that_nothing_is_running(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as changed:
        for name in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"):
            changed.setenv(name, "")
        changed.setenv("AWS_ACCESS_KEY_ID", "x")
        changed.setenv("AWS_SECRET_ACCESS_KEY", "x")
        changed.setenv("EMULATOR_PORT", "9")  # nobody listens there
        changed.setattr("sys.argv", ["operate", "prove", "--local"])
        changed.setattr(operate, "Functions", Functions)

        assert operate.main() == 1

    told = capsys.readouterr().err
    assert "cannot be reached" in told
    assert told.count("\n") == 1
