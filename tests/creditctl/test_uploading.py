"""`creditctl upload` and what comes after, against the system's own routes."""

import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from chalicelib.runtime import clock
from creditctl.console import Console
from creditctl.exits import Exit, Failure, Refused, Unreachable
from creditctl.server import Server
from creditctl.signing_in import Given
from tests.collection.files import csv_of, penalty
from tests.creditctl.conftest import Run
from tests.creditctl.system import TOKEN, System, inbox
from tests.web.events import NOW

ROWS = [penalty(), penalty(cf_jdrq="2026-02-30"), penalty(cf_wsh="清市监处罚〔2026〕2号")]
BODY = csv_of("penalty", ROWS)
SEND = ("--item", "penalty")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of three rows, one of them wrong."""
    path = tmp_path / "处罚.csv"
    path.write_bytes(BODY)
    return path


def _remembered(folder: Path) -> list[Path]:
    return list((folder / "state" / "uploads").glob("*.json"))


def test_should_show_the_receipt_when_a_file_is_sent(
    system: System, file: Path, run: Run, tmp_path: Path
) -> None:
    ran = run("upload", file, *SEND)
    assert ran.exit == 1
    assert "第 3 行" in ran.out
    assert "E-DATE-01" in ran.out
    assert "共 3 行：接收 2 行（其中提示 0 行），拒绝 1 行" in ran.out
    assert system.received == len(BODY)
    assert _remembered(tmp_path) == []


def test_should_tell_nothing_but_json_when_asked(system: System, file: Path, run: Run) -> None:
    ran = run("upload", file, *SEND, "--json")
    receipt = ran.json
    assert (receipt["state"], receipt["refused"]) == ("done", 1)
    assert receipt["upload"]["file_name"] == "处罚.csv"
    again = run("receipt", receipt["upload"]["upload"], "--json")
    assert (again.exit, again.json) == (1, receipt)
    assert system.url not in ran.out


def test_should_end_well_when_all_is_accepted(system: System, file: Path, run: Run) -> None:
    file.write_bytes(csv_of("penalty", [penalty()]))
    assert run("upload", file, *SEND, "--server", f"{system.url}/").exit == 0


def test_should_merge_nothing_when_a_whole_file_has_a_wrong_row(
    system: System, file: Path, run: Run
) -> None:
    ran = run("upload", file, *SEND, "--mode", "whole", "--json")
    assert ran.exit == 1
    assert (ran.json["upload"]["mode"], ran.json["accepted"]) == ("whole", 0)
    assert (ran.json["refused"], ran.json["withheld"]) == (1, 2)


def test_should_say_why_when_a_file_cannot_be_read(system: System, file: Path, run: Run) -> None:
    file.write_bytes("姓名,颜色\r\n甲,红\r\n".encode())
    ran = run("upload", file, *SEND)
    assert ran.exit == 1
    assert "文件不能读取" in ran.out
    assert system.received


def test_should_not_wait_when_told_so(system: System, file: Path, run: Run, tmp_path: Path) -> None:
    system.holds = True
    ran = run("upload", file, *SEND, "--no-wait", "--json")
    assert ran.exit == 0
    assert inbox(ran.json["upload"]) == BODY
    assert _remembered(tmp_path) == []
    shown = run("receipt", ran.json["upload"])
    assert shown.exit == 0
    assert "状态：received" in shown.out


def test_should_send_again_when_the_connection_breaks(system: System, file: Path, run: Run) -> None:
    system.breaks = 2
    ran = run("upload", file, *SEND)
    assert ran.exit == 1
    assert "重发" in ran.err
    assert system.count("POST", "/v1/uploads") == 1


def test_should_go_on_with_the_same_upload_when_run_again(
    system: System, file: Path, run: Run, tmp_path: Path
) -> None:
    system.breaks = 3
    ran = run("upload", file, *SEND)
    assert ran.exit == 4
    assert len(_remembered(tmp_path)) == 1
    (kept,) = _remembered(tmp_path)
    assert kept.stat().st_mode & 0o077 == 0
    again = run("upload", file, *SEND)
    assert again.exit == 1
    assert "继续上次未完成的上传" in again.err
    assert system.count("POST", "/v1/uploads") == 1
    assert _remembered(tmp_path) == []


def test_should_only_wait_when_the_file_is_there_already(
    system: System, file: Path, run: Run
) -> None:
    system.holds = True
    ran = run("upload", file, *SEND, "--timeout", "0")
    assert ran.exit == 5
    upload = ran.out.split()[-1]
    assert upload in ran.err
    system.process(upload)
    again = run("upload", file, *SEND, "--json")
    assert (again.exit, again.json["upload"]["upload"]) == (1, upload)
    assert system.received == len(BODY)


def test_should_register_anew_when_the_address_holds_no_longer(
    system: System, file: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.breaks = 3
    assert run("upload", file, *SEND).exit == 4
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    assert run("upload", file, *SEND).exit == 1
    assert system.count("POST", "/v1/uploads") == 2


def test_should_be_content_when_the_store_has_it_already(
    system: System, file: Path, run: Run
) -> None:
    """An answer was lost: the second PUT finds the bytes there (412)."""
    system.holds = True
    assert run("upload", file, *SEND, "--timeout", "0").exit == 5
    ((path, _),) = {(path, method) for method, path, _ in system.asked if method == "PUT"}
    system.holds = False
    system.process(path.removeprefix("/store/inbox/"))
    assert run("upload", file, *SEND).exit == 1


def test_should_tell_every_row_when_asked_for_results(system: System, file: Path, run: Run) -> None:
    upload = run("upload", file, *SEND, "--json").json["upload"]["upload"]
    ran = run("results", upload, "--json")
    rows = ran.json["rows"]
    assert [(row["row"], row["accepted"]) for row in rows] == [(2, True), (3, False), (4, True)]
    assert ran.exit == 1
    refused = run("results", upload, "--refused")
    assert "第 3 行 拒绝" in refused.out
    assert "E-DATE-01" in refused.out
    assert "第 2 行" not in refused.out
    assert system.count("GET", f"/v1/uploads/{upload}/rows") == 2


def test_should_page_when_there_are_many_rows(system: System, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "many.csv"
    rows = [penalty(cf_wsh=f"清市监处罚〔2026〕{n}号", cf_nr_fk="多") for n in range(250)]
    path.write_bytes(csv_of("penalty", rows))
    upload = run("upload", path, *SEND, "--json").json["upload"]["upload"]
    assert len(run("results", upload, "--json").json["rows"]) == 250
    assert system.count("GET", f"/v1/uploads/{upload}/rows") == 2
    assert "仅列出前 100 条" in run("receipt", upload).out


def test_should_accept_every_row_when_refused_ones_are_mended(
    system: System, file: Path, run: Run, tmp_path: Path
) -> None:
    upload = run("upload", file, *SEND, "--json").json["upload"]["upload"]
    refused = tmp_path / "退回.xlsx"
    ran = run("results", upload, "--refused-file", refused)
    assert (ran.exit, ran.out) == (1, f"已写入 {refused}\n")
    book = openpyxl.load_workbook(refused)
    sheet = book.worksheets[0]
    (place,) = [cell for row in sheet for cell in row if cell.comment]
    assert place.value == "2026-02-30"
    place.value = "2026-02-27"
    book.save(refused)
    assert run("check", refused, "--item", "penalty").exit == 0
    mended = run("upload", refused, *SEND, "--json")
    assert (mended.exit, mended.json["accepted"]) == (0, 1)
    nothing = run("results", mended.json["upload"]["upload"], "--refused-file", refused)
    assert (nothing.exit, nothing.out) == (0, "没有被拒绝的行，未生成文件\n")
    assert system.url


def test_should_save_several_files_when_one_does_not_hold_all(
    system: System, file: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.collection.scanning.MAX_ROWS", 2)
    monkeypatch.setattr("chalicelib.collection.returning.MAX_RANGES", 1)
    file.write_bytes(csv_of("penalty", [penalty(cf_jdrq="x"), *ROWS, penalty(cf_jdrq="y")]))
    upload = run("upload", file, *SEND, "--json").json["upload"]["upload"]
    ran = run("results", upload, "--refused-file", tmp_path / "a.xlsx", "--json")
    assert [Path(each).name for each in ran.json["files"]] == ["a.xlsx", "a-2.xlsx", "a-3.xlsx"]
    assert run("results", upload, "--refused-file", tmp_path / "absent" / "a.xlsx").exit == 2
    assert system.url


def test_should_withdraw_and_restore_records_when_asked(
    system: System, file: Path, run: Run
) -> None:
    upload = run("upload", file, *SEND, "--json").json["upload"]["upload"]
    one = run("withdraw", upload, "--row", "4", "--reason", "决定书已撤销", "--json")
    assert one.exit == 0
    assert [(each["row"], each["new"]) for each in one.json["records"]] == [(4, True)]
    every = run("withdraw", upload, "--reason", "整批误报", "--json")
    assert [(each["row"], each["new"]) for each in every.json["records"]] == [(2, True), (4, False)]
    restored = run("withdraw", upload, "--reason", "撤销有误", "--undo")
    assert restored.out == "已恢复 2 条记录\n"
    assert run("withdraw", upload, "--row", "3", "--reason", "x").exit == 2
    assert system.url


def test_should_pass_on_what_the_server_says_when_refused(
    system: System, file: Path, run: Run
) -> None:
    ran = run("upload", file, "--item", "licence")
    assert ran.exit == 3
    assert "E-UPLOAD-03" in ran.err
    told = run("upload", file, "--item", "licence", "--json", "--lang", "en")
    assert told.exit == 3
    assert json.loads(told.out)["problem"]["code"] == "E-UPLOAD-03"
    assert "not entitled" in told.err
    assert run("receipt", "20261122-AAAAAAAAAAAA").exit == 3
    assert system.received == 0


def test_should_ask_again_when_the_server_is_busy(system: System, file: Path, run: Run) -> None:
    system.busy = 2
    assert run("upload", file, *SEND).exit == 1
    system.busy = 100
    assert run("upload", file, *SEND).exit == 4


def test_should_say_that_it_is_out_of_reach_when_nobody_answers(file: Path, run: Run) -> None:
    ran = run("upload", file, *SEND, "--server", "http://127.0.0.1:9")
    assert ran.exit == 4
    assert "127.0.0.1:9" in ran.err


@pytest.mark.parametrize("address", ["ftp://example.org", "localhost:8000", ""])
def test_should_refuse_use_when_the_address_is_none(address: str, file: Path, run: Run) -> None:
    assert run("upload", file, *SEND, "--server", address).exit == 2


def test_should_warn_when_all_goes_in_the_clear(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "creditctl.server.opener.open", lambda *_, **__: (_ for _ in ()).throw(OSError("no"))
    )
    assert "未加密" in run("receipt", "x", "--server", "http://credit.example").err
    assert "未加密" not in run("receipt", "x", "--server", "https://credit.example").err


def test_should_not_follow_when_the_server_sends_elsewhere(
    system: System, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token must not go to a host that nobody chose."""
    from tests.web.events import Answered

    monkeypatch.setattr(
        system, "answer", lambda *_: Answered(302, {}, '{"see": "http://elsewhere.example"}')
    )
    assert run("receipt", "x").exit == 3
    assert len(system.asked) == 1


def test_should_not_ask_twice_when_the_first_may_have_been_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server("http://127.0.0.1:9", Given(TOKEN), "zh", pause=lambda _: None)
    tries: list[str] = []

    def open_nothing(request: object, **_: object) -> None:
        tries.append(str(request))
        raise OSError

    monkeypatch.setattr("creditctl.server.opener.open", open_nothing)
    with pytest.raises(Unreachable):
        server.post("v1", "uploads", body={})
    assert len(tries) == 1
    with pytest.raises(Unreachable):
        server.post("v1", "marks", body={}, repeatable=True)
    assert len(tries) == 6


def test_should_be_interrupted_when_the_user_says_so(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("creditctl.commands.find_signer", interrupt)
    ran = run("upload", file, *SEND, "--server", "https://credit.example")
    assert (ran.exit, ran.err) == (130, "已中断\n")


def test_should_draw_a_bar_when_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from creditctl import words

    console = Console("zh", as_json=False)
    console.show_progress(words.SENDING, 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    console.show_progress(words.SENDING, 1, 2)
    console.clear()
    shown = capsys.readouterr().err
    assert "上传 [###############---------------]  50%" in shown
    assert shown.endswith("\r\033[K")


def test_should_carry_its_exit_code_when_a_failure_is_made() -> None:
    from creditctl import words

    assert Failure(Exit.USAGE, words.NO_TOKEN).exit == 2
    assert Refused(words.PROBLEM, 403, {}).exit == 3
