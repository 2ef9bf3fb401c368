"""The rules for everyone to read (JS-37)."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.settings import settings
from chalicelib.web.api import rulebook
from chalicelib.web.api.rulebook import RulebookShown
from chalicelib.web.app import CreditApp
from tests.web.events import NOW, Answered, ask
from tests.web.tiny import NOBODY, deploy_under

NAMES = ("national", "jiangsu", "nanjing", "shenzhen", "shandong")


@pytest.fixture
def app(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[CreditApp]:
    """The route under the rulebook that the test names, or `jiangsu`."""
    deploy_under(getattr(request, "param", "jiangsu"), monkeypatch)
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([rulebook.api], guard=NOBODY)
    yield app
    settings.cache_clear()


def read(app: CreditApp, **query: str) -> Answered:
    return ask(app, "GET", "/v1/rulebook", query={name: [text] for name, text in query.items()})


def find(answer: Answered, path: str, **records: str) -> list[dict[str, Any]]:
    found = [
        rule["values"]
        for rule in answer.json["rules"]
        if (rule["path"], rule["records"]) == (path, records)
    ]
    values: list[dict[str, Any]]
    [values] = found
    return values


@pytest.mark.parametrize(("app", "name"), [(name, name) for name in NAMES], indirect=["app"])
def test_should_tell_layers_and_every_rule_when_read(app: CreditApp, name: str) -> None:
    answer = read(app)

    shown = msgspec.json.decode(answer.text, type=RulebookShown)
    loaded = load_rulebook(name)
    assert (shown.name, shown.title, shown.version) == (name, loaded.title, loaded.version)
    assert [layer.name for layer in shown.layers] == [layer.name for layer in loaded.layers]
    assert len({(rule.path, *rule.records.items()) for rule in shown.rules}) == len(shown.rules)
    assert (shown.calendars[-1].year, shown.calendars[-1].source) == (2026, "chinesecalendar")
    assert all(value.source for rule in shown.rules for value in rule.values)
    assert answer.headers["ETag"]
    assert len(answer.text) < 1_000_000


@pytest.mark.parametrize("app", ["nanjing"], indirect=True)
def test_should_tell_whose_value_holds_when_layers_differ(app: CreditApp) -> None:
    own, beneath, *_ = find(read(app), "deadline.dispute_decide")

    assert (own["value"], own["source"], own["rulebook"]) == (15, "NJ-58", "nanjing")
    assert (beneath["value"], beneath["source"], beneath["rulebook"]) == (5, "JP-15", "jiangsu")
    assert (own["standing"], beneath["standing"]) == ("in_force", "superseded")


@pytest.mark.parametrize("app", ["nanjing"], indirect=True)
def test_should_name_the_records_when_a_rule_is_not_about_all(app: CreditApp) -> None:
    [value] = find(read(app), "term", severity="serious", span="query")

    assert value["value"] == {"maximum_months": 36, "prolonged": True}
    assert (value["source"], value["external"]) == ("NJ-56", False)


def test_should_tell_what_is_to_come_when_another_day_is_asked_for(app: CreditApp) -> None:
    before, after = (
        find(read(app, on=day), "deadline.repair_decide") for day in ("2026-03-31", "2026-04-01")
    )

    assert [value["standing"] for value in before] == ["upcoming", "in_force"]
    assert [value["standing"] for value in after] == ["in_force", "superseded"]
    assert (after[0]["effective"], after[0]["external"]) == ("2026-04-01", True)


def test_should_stand_on_todays_lawful_day_when_none_is_asked_for(app: CreditApp) -> None:
    assert read(app).json["on"] == NOW.date().isoformat()
    assert read(app).json == read(app, on=NOW.date().isoformat()).json


def test_should_refuse_when_the_day_is_none(app: CreditApp) -> None:
    assert read(app, on="2026-02-30").status == 422
