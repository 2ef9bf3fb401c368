"""`creditctl upload` of a large file: in parts, gone on with after a kill, no byte twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from moto.s3 import models as moto_s3

from chalicelib.collection import assembling, parts
from chalicelib.runtime import clock
from creditctl import describing
from tests.collection.files import csv_of, penalty
from tests.creditctl.conftest import Run
from tests.creditctl.system import System, inbox
from tests.web.events import NOW

PART = 200
BODY = csv_of("penalty", [penalty(cf_wsh=f"{number}号") for number in range(5)])
SEND = ("--item", "penalty")
COUNT = -(-len(BODY) // PART)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(parts, "MIN_PART", PART)
    monkeypatch.setattr(describing, "PART", PART)
    monkeypatch.setattr(describing, "IN_PARTS", PART)
    with patch.object(moto_s3, "S3_UPLOAD_PART_MIN_SIZE", 1):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of several parts."""
    path = tmp_path / "处罚.csv"
    path.write_bytes(BODY)
    return path


def test_should_send_every_part_once(system: System, file: Path, run: Run) -> None:
    ran = run("upload", file, *SEND, "--json")
    assert ran.exit == 0
    upload = ran.json["upload"]["upload"]
    assert inbox(upload) == BODY
    assert system.received == len(BODY)
    assert system.count("PUT", f"/store/inbox/{upload}") == COUNT


def test_should_send_only_what_is_missing_when_run_again(
    system: System, file: Path, run: Run
) -> None:
    system.breaks_after = COUNT // 2
    assert run("upload", file, *SEND).exit == 4
    there = system.received
    assert 0 < there < len(BODY)
    system.breaks_after = None
    again = run("upload", file, *SEND)
    assert again.exit == 0
    assert "继续上次未完成的上传" in again.err
    assert system.received == len(BODY)
    assert system.count("POST", "/v1/uploads") == 1


def test_should_ask_for_new_addresses_when_the_old_ones_run_out(
    system: System, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembling, "ADDRESS_VALID", timedelta(minutes=1))
    ran = run("upload", file, *SEND, "--json")
    upload = ran.json["upload"]["upload"]
    assert ran.exit == 0
    assert system.count("GET", f"/v1/uploads/{upload}/parts") == COUNT
    assert inbox(upload) == BODY


def test_should_register_anew_when_the_parts_have_been_given_up(
    system: System, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.breaks_after = 1
    assert run("upload", file, *SEND).exit == 4
    system.breaks_after = None
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=24))
    assert run("upload", file, *SEND).exit == 0
    assert system.count("POST", "/v1/uploads") == 2


def test_should_show_how_far_it_has_come(
    system: System, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[int, int]] = []
    monkeypatch.setattr(
        "creditctl.console.Console.show_progress",
        lambda _, __, done, total, **___: shown.append((done, total)),
    )
    assert run("upload", file, *SEND).exit == 0
    sent = [done for done, total in shown if total == len(BODY)]
    assert sent[-1] == len(BODY)
