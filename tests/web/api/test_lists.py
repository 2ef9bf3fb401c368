"""Public lists over HTTP: paged by signed cursors, of today or of a past day."""

from datetime import timedelta

import pytest

from chalicelib.disclosure.publication.projection import project
from chalicelib.web.api import lists
from chalicelib.web.app import CreditApp
from tests.collection.files import uscc
from tests.disclosure.archives import JIANGSU, TODAY, mark
from tests.disclosure.responsible import LISTED, list_organisation
from tests.factories import ORGANISATION, any_mark
from tests.web.events import NOW, Answered, ask
from tests.web.tiny import NOBODY


@pytest.fixture
def app(aws: dict[str, str]) -> CreditApp:
    assert aws["RULEBOOK"] == "jiangsu"
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([lists.api], guard=NOBODY)
    return app


def read(app: CreditApp, item: str = "dishonesty", **query: str) -> Answered:
    given = {name: [value] for name, value in query.items()}
    return ask(app, "GET", "/v1/lists/{item}", path={"item": item}, query=given)


def put_on_list() -> None:
    list_organisation()
    project(LISTED, TODAY, JIANGSU)


def test_the_lists_are_named_with_their_articles(app: CreditApp) -> None:
    """NJ-40, SZ-27."""
    named = {each["item"]: each for each in ask(app, "GET", "/v1/lists").json["lists"]}

    assert named["dishonesty"]["title"] == "严重失信主体名单"
    assert "NJ-40" in named["dishonesty"]["basis"]
    assert named["honour"]["kind"] == "red"


def test_an_entry_tells_who_why_and_until_when(app: CreditApp) -> None:
    put_on_list()

    answer = read(app)

    [entry] = answer.json["entries"]
    assert (entry["code"], entry["name"]) == (ORGANISATION, "清江桃溪食品有限公司")
    assert entry["record"]["severity"] == "serious"
    assert entry["record"]["period"]["last_day"] == "2029-05-20"
    assert (answer.json["as_of"], answer.json["next_cursor"]) == (None, None)
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_whom_a_mark_withholds_is_off_the_list(app: CreditApp) -> None:
    put_on_list()
    mark(any_mark(), LISTED)

    assert read(app).json["entries"] == []


def test_a_past_day_says_whether_it_is_final(app: CreditApp) -> None:
    put_on_list()

    before, after = read(app, as_of="2026-05-31").json, read(app, as_of="2026-06-02").json

    assert (before["entries"], len(after["entries"])) == ([], 1)
    assert after["as_of"] == "2026-06-02T23:59:59.999000+08:00"
    assert after["final"] is True
    assert read(app, as_of="2026-11-22").json["as_of"] is None


def test_a_final_past_day_asked_again_is_the_same_bytes(app: CreditApp) -> None:
    """DESIGN §4: whatever has been reported since, and under another year's calendar."""
    put_on_list()
    first = read(app, as_of="2026-06-02")

    list_organisation(day=20, serill_rea="更正")
    project(LISTED, TODAY, JIANGSU)
    app._now = lambda: NOW + timedelta(days=200)
    again = read(app, as_of="2026-06-02")

    assert first.json["final"] is True
    assert again.text == first.text


def test_a_day_to_come_is_refused(app: CreditApp) -> None:
    answer = read(app, as_of="2026-11-23")

    assert (answer.status, answer.json["code"]) == (422, "E-ARCHIVE-04")


def test_what_is_no_list_is_unknown(app: CreditApp) -> None:
    answer = read(app, "penalty")

    assert (answer.status, answer.json["code"]) == (404, "E-LIST-01")


def test_a_cursor_leads_on_and_belongs_to_its_list_and_day(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_PAGE", 2)
    subjects = [uscc(number) for number in range(11, 14)]
    for number, subject in enumerate(subjects, 1):
        key = type(LISTED)(subject, LISTED.item, LISTED.record)
        list_organisation(key=key, day=number)
        project(key, TODAY, JIANGSU)

    first = read(app).json
    second = read(app, cursor=first["next_cursor"]).json

    seen = [each["code"] for each in (*first["entries"], *second["entries"])]
    assert seen == subjects[::-1]
    assert second["next_cursor"] is None
    for foreign in (
        read(app, "honour", cursor=first["next_cursor"]),
        read(app, as_of="2026-06-05", cursor=first["next_cursor"]),
    ):
        assert (foreign.status, foreign.json["code"]) == (422, "E-PAGE-01")
