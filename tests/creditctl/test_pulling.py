"""`creditctl pull`: only what is new, nothing lost, whatever happens between."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.runtime.clock import LAWFUL_ZONE
from creditctl import views
from creditctl.views import View, spell
from creditctl.watermarks import (
    Position,
    State,
    Watermark,
    keep_state,
    mark_of,
    read_state,
    source_of,
)
from tests.collection.files import DAY, penalty
from tests.creditctl.conftest import Ran, Run
from tests.creditctl.system import System, inbox

COLUMNS = list(penalty())
Pull = Callable[..., Ran]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A provider's database with a view of penalties."""
    path = tmp_path / "provider.db"
    names = ", ".join(f'"{name}" TEXT' for name in COLUMNS)
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE penalties (id INTEGER, {names}, changed TIMESTAMP)")
        chosen = ", ".join(COLUMNS)
        connection.execute(f"CREATE VIEW reported AS SELECT {chosen}, changed FROM penalties")
    connection.close()
    return path


def _add(database: Path, number: int, changed: str | None, **fields: str) -> None:
    row = penalty(cf_wsh=f"清市监处罚〔2026〕{number}号", **fields)
    marks = ", ".join("?" * (len(row) + 2))
    with sqlite3.connect(database) as connection:
        connection.execute(
            f"INSERT INTO penalties VALUES ({marks})", (number, *row.values(), changed)
        )
    connection.close()


@pytest.fixture
def pull(run: Run, database: Path) -> Pull:
    """Runs the agent once."""

    def run_agent(*more: object, view: str = "reported", watermark: str = "changed") -> Ran:
        url = f"sqlite:///{database}"
        options = ("--url", url, "--view", view, "--item", "penalty", "--watermark", watermark)
        return run("pull", *options, *more)

    return run_agent


def _sent(system: System) -> list[list[str]]:
    """The document numbers in each file that reached the store, in order."""
    files = []
    for path in dict.fromkeys(path for method, path, _ in system.asked if method == "PUT"):
        lines = (inbox(path.removeprefix("/store/inbox/")) or b"").decode().splitlines()
        place = lines[0].split(",").index("cf_wsh")
        files.append([line.split(",")[place].partition("〕")[2][:-1] for line in lines[1:]])
    return files


def test_should_send_only_what_is_new_when_run_again(
    system: System, database: Path, pull: Pull
) -> None:
    """JS-16, SD-11, SD-12: 数据库对接."""
    _add(database, 1, "2026-11-01 08:00:00")
    _add(database, 2, "2026-11-02 08:00:00")
    assert pull().exit == 0
    assert "没有新数据" in pull().err
    _add(database, 3, "2026-11-03 08:00:00")
    ran = pull()
    assert "读取 1 行新数据" in ran.err
    assert _sent(system) == [["1", "2"], ["3"]]


def test_should_not_miss_a_row_when_watermarks_are_the_same(
    system: System, database: Path, pull: Pull
) -> None:
    same = "2026-11-01 08:00:00"
    _add(database, 1, same)
    pull()
    _add(database, 2, same)
    pull()
    _add(database, 3, "2026-11-02 08:00:00")
    pull()
    _add(database, 4, "2026-11-02 08:00:00")
    pull()
    assert _sent(system) == [["1"], ["2"], ["3"], ["4"]]


def test_should_not_miss_a_row_when_its_transaction_ended_late(
    system: System, database: Path, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MAX_ROWS", 1)
    _add(database, 1, "2026-11-01 08:00:00")
    _add(database, 2, "2026-11-01 08:03:00")
    pull()
    _add(database, 3, "2026-11-01 07:59:00")
    _add(database, 4, "2026-11-01 08:01:00")
    _add(database, 5, "2026-11-01 08:04:00")
    assert pull().exit == 0
    assert _sent(system) == [["1"], ["2"], ["3"], ["4"], ["5"]]
    _add(database, 6, "2026-11-01 07:58:00")
    assert "没有新数据" in pull().err


def test_should_send_a_row_again_when_it_has_changed(
    system: System, database: Path, pull: Pull
) -> None:
    _add(database, 1, "2026-11-01 08:00:00")
    pull()
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE penalties SET cf_nr = '罚款三千元', changed = '2026-11-05 00:00:00'"
        )
    connection.close()
    assert pull("--json").json["accepted"] == 1
    assert _sent(system) == [["1"], ["1"]]


def test_should_cut_files_when_there_is_much(
    system: System, database: Path, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where more rows than one file takes have the same watermark."""
    monkeypatch.setattr(views, "MAX_ROWS", 2)
    for number in range(1, 6):
        _add(database, number, "2026-11-01 08:00:00")
    _add(database, 6, "2026-11-02 08:00:00")
    assert pull().exit == 0
    assert _sent(system) == [["1", "2"], ["3", "4"], ["5", "6"]]


@pytest.mark.parametrize("breaks", [3])
def test_should_send_the_same_bytes_when_it_was_cut_off(
    system: System, database: Path, pull: Pull, breaks: int
) -> None:
    _add(database, 1, "2026-11-01 08:00:00")
    system.breaks = breaks
    assert pull().exit == 4
    _add(database, 2, "2026-11-02 08:00:00")
    assert pull().exit == 0
    assert system.count("POST", "/v1/uploads") == 2
    assert _sent(system) == [["1"], ["2"]]


def test_should_read_again_when_the_pending_file_is_gone(
    system: System, database: Path, pull: Pull, tmp_path: Path
) -> None:
    _add(database, 1, "2026-11-01 08:00:00")
    system.breaks = 3
    state = tmp_path / "agent" / "state.json"
    assert pull("--state", state).exit == 4
    state.with_suffix(".csv").unlink()
    assert pull("--state", state).exit == 0
    assert _sent(system) == [["1"]]
    assert sorted(path.name for path in state.parent.iterdir()) == ["state.json"]


def test_should_move_on_and_tell_when_rows_are_refused(
    system: System, database: Path, pull: Pull
) -> None:
    _add(database, 1, "2026-11-01 08:00:00", cf_jdrq="2026-02-30")
    ran = pull()
    assert ran.exit == 1
    assert "E-DATE-01" in ran.out
    assert pull().exit == 0
    assert len(_sent(system)) == 1


def test_should_stay_where_it_is_when_the_file_cannot_be_read(
    system: System, database: Path, pull: Pull
) -> None:
    _add(database, 1, "2026-11-01 08:00:00")
    with sqlite3.connect(database) as connection:
        chosen = ", ".join(name for name in COLUMNS if name != "cf_nr")
        connection.execute(f"CREATE VIEW lacking AS SELECT {chosen}, changed FROM penalties")
    connection.close()
    for _ in range(2):
        ran = pull(view="lacking")
        assert ran.exit == 1
        assert "E-HEAD-05" in ran.out
    assert len(_sent(system)) == 2


def test_should_tell_when_rows_have_no_watermark(
    system: System, database: Path, pull: Pull
) -> None:
    _add(database, 1, None)
    assert "有 1 行的水位列为空" in pull().err
    assert _sent(system) == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"view": "absent"}, "没有视图 absent"),
        ({"watermark": "absent"}, "没有水位列 absent"),
        ({"view": "penalties"}, "没有的列：id"),
    ],
)
@pytest.mark.usefixtures("system")
def test_should_refuse_use_when_the_view_does_not_fit(
    asked: Mapping[str, str], told: str, pull: Pull
) -> None:
    ran = pull(**asked)
    assert ran.exit == 2
    assert told in ran.err


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("sqlite:////nowhere/at/all.db", 4),
        ("nonsense", 4),
        ("postgresql+nodriver://u:secret@127.0.0.1/x", 4),
        ("mysql+pymysql://u:secret@127.0.0.1/x", 2),
    ],
)
def test_should_keep_the_password_when_the_database_fails(url: str, end: int, run: Run) -> None:
    ran = run("pull", "--url", url, "--view", "v", "--item", "penalty", "--watermark", "w")
    assert ran.exit == end
    assert "secret" not in ran.err + ran.out


@pytest.mark.usefixtures("system")
def test_should_refuse_a_state_when_it_is_of_another_view(pull: Pull, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    keep_state(state, State(source=source_of("https://elsewhere", "v", "penalty", "w")))
    assert pull("--state", state).exit == 2
    state.write_bytes(b"{")
    assert pull("--state", state).exit == 2


def test_should_go_on_when_the_server_is_out_of_reach_for_a_while(
    system: System, database: Path, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    _add(database, 1, "2026-11-01 08:00:00")
    system.breaks = 3
    waited: list[float] = []

    def pause(seconds: float) -> None:
        if seconds == 900.0:
            waited.append(seconds)
        if len(waited) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("creditctl.server.time.sleep", pause)
    monkeypatch.setattr("creditctl.server.Server.__init__.__defaults__", (pause,))
    ran = pull("--every", "15m")
    assert ran.exit == 130
    assert "稍后重试" in ran.err
    assert _sent(system) == [["1"]]
    assert pull("--every", "soon").exit == 2


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (date(2026, 3, 25), "2026-03-25"),
        (
            datetime(2026, 3, 25, 8, 30, tzinfo=LAWFUL_ZONE).replace(tzinfo=None),
            "2026-03-25 08:30:00",
        ),
        (datetime(2026, 3, 24, 16, 0, tzinfo=UTC), "2026-03-25 00:00:00"),
        (Decimal("1E+3"), "1000"),
        (0.1, "0.1"),
        (True, "1"),
        (b"abc", "abc"),
        (12, "12"),
        ("文本", "文本"),
    ],
)
def test_should_spell_values_as_people_do_when_read(value: object, text: str) -> None:
    assert spell(value) == text


@given(
    st.one_of(
        st.integers(),
        st.floats(allow_nan=False),
        st.text(),
        st.binary(),
        st.datetimes(),
        st.dates(),
        st.decimals(allow_nan=False, allow_infinity=False),
    )
)
def test_should_be_the_same_value_when_a_mark_is_kept(value: Watermark) -> None:
    mark = mark_of(value)
    assert mark.value == value
    assert type(mark.value) is type(value)


def test_should_begin_at_the_beginning_when_there_is_no_state(tmp_path: Path) -> None:
    path = tmp_path / "a" / "state.json"
    state = read_state(path, "s")
    assert state.position == Position()
    keep_state(path, state)
    assert read_state(path, "s") == state
    assert path.stat().st_mode & 0o077 == 0


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.integers(0, 3), max_size=4), max_size=5), st.integers(1, 3))
def test_should_read_every_row_once_when_rows_keep_coming(
    arrivals: list[list[int]], size: int
) -> None:
    """Marks never go back from one reading to the next; how they repeat does not matter."""
    item = load_catalogue(DAY).item("penalty")
    with TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/a.db")) as connection:
        connection.execute("CREATE TABLE reported (cf_wsh TEXT, changed INTEGER)")
        connection.commit()
        view = View(f"sqlite:///{folder}/a.db", "reported", "changed", item, timedelta(minutes=5))
        position, read, base, number = Position(), list[str](), 0, 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(views, "MAX_ROWS", size)
            for marks in arrivals:
                for mark in marks:
                    connection.execute(
                        "INSERT INTO reported VALUES (?, ?)", (f"n{number}", base + mark)
                    )
                    number += 1
                connection.commit()
                base += max(marks, default=0)
                while rows := (found := view.read_new(position)).rows:
                    read += [row[0] for row in rows]
                    position = found.following
        assert sorted(read) == sorted(f"n{each}" for each in range(number))
