"""The first real routes: service and catalogue."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from chalicelib.catalogue.loader import ITEMS, load_catalogue
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.settings import Settings, settings
from chalicelib.web.api import catalogue, service
from chalicelib.web.api.catalogue import ItemShown
from chalicelib.web.app import CreditApp
from tests.factories import DAY
from tests.web.events import NOW, ask
from tests.web.tiny import NOBODY


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[CreditApp]:
    """The real routes under the `jiangsu` rulebook."""
    for name in Settings.__struct_fields__:
        monkeypatch.setenv(name.upper(), "jiangsu" if name == "rulebook" else "1")
    settings.cache_clear()
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([service.api, catalogue.api], guard=NOBODY)
    yield app
    settings.cache_clear()


def test_should_tell_its_versions_when_asked_what_it_is(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1")
    assert answer.status == 200
    assert answer.json["catalogue_version"] == load_catalogue(DAY).version
    assert answer.json["rulebook"]["name"] == "jiangsu"
    assert answer.json["rulebook"]["version"].startswith("jiangsu-")


def test_should_describe_every_mounted_route_when_asked(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1/openapi.json")
    routes = {
        (method.upper(), path)
        for path, operations in answer.json["paths"].items()
        for method in operations
    }
    assert routes == {(each.method, each.path) for each in app.inventory}
    mounted = {(method, path) for path, methods in app.routes.items() for method in methods}
    assert routes == mounted


def test_should_be_well_without_any_setting_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RULEBOOK", raising=False)
    app = CreditApp("credit", now=lambda: NOW)
    app.mount([service.api, catalogue.api], guard=NOBODY)
    answer = ask(app, "GET", "/v1/health")
    assert (answer.status, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_should_list_every_item_with_a_basis_here_when_the_catalogue_is_read(
    app: CreditApp,
) -> None:
    texts, items = load_rulebook("jiangsu").texts, load_catalogue(DAY).items
    collected = sorted(name for name, item in items.items() if item.has_basis_in(texts))

    answer = ask(app, "GET", "/v1/catalogue")

    assert answer.json["version"] == load_catalogue(DAY).version
    assert [each["id"] for each in answer.json["items"]] == collected
    assert "disciplinary" in items.keys() - set(collected)
    assert answer.headers["ETag"]


def _without_blanks(value: Any) -> Any:
    """A document without its nulls and empty values, which say nothing."""
    if isinstance(value, dict):
        pairs = ((name, _without_blanks(each)) for name, each in value.items())
        return {name: each for name, each in pairs if each not in (None, "", [], {}, False)}
    return [_without_blanks(each) for each in value] if isinstance(value, list) else value


def _comparable(item: dict[str, Any]) -> dict[str, Any]:
    """What an item file and an answer must agree in: all but how a field's rule is written."""
    item = _without_blanks(item)
    if item["subject"].get("only") == "organisation":  # as where nothing is said
        del item["subject"]["only"]
    for field in item["schema"]["fields"]:
        for name in ("rule", "format", "missingValues"):
            field.pop(name, None)
    return item


@pytest.mark.parametrize("path", sorted(ITEMS.glob("*.json")), ids=lambda path: path.stem)
def test_should_agree_with_what_was_adopted_when_an_item_is_read(app: CreditApp, path: Any) -> None:
    adopted = json.loads(path.read_text("utf-8"))
    answer = ask(app, "GET", "/v1/catalogue/{item}", path={"item": path.stem})
    msgspec.json.decode(answer.text, type=ItemShown)
    told = answer.json
    versions = told.pop("versions")
    assert [each["version"] for each in versions if each["in_force"]] == [adopted["version"]]
    assert _comparable(told) == _comparable(adopted)


def test_should_answer_404_when_the_catalogue_has_no_such_item(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1/catalogue/{item}", path={"item": "horoscope"})
    assert (answer.status, answer.json["code"]) == (404, "E-CAT-11")
