"""The app around its routes: metrics, descriptions of what is expected."""

import json
from typing import Annotated, Any

import pytest
from msgspec import Meta

from chalicelib.runtime.observability import metrics
from chalicelib.web.app import publish_metrics
from chalicelib.web.expectations import describe
from tests.web.tiny import Part


def test_should_send_metrics_even_when_the_handler_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(metrics.provider, "namespace", "Credit")

    def fail(_: Any) -> None:
        metrics.add_metric("RowsRefused", "Count", 2)
        raise LookupError

    with pytest.raises(LookupError):
        publish_metrics(None, fail)
    assert json.loads(capsys.readouterr().out)["RowsRefused"] == [2.0]


def test_should_send_nothing_when_there_are_no_metrics(capsys: pytest.CaptureFixture[str]) -> None:
    assert publish_metrics("event", lambda event: event) == "event"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("shape", "zh", "en"),
    [
        (str, "文本", "text"),
        (Annotated[str, Meta(max_length=3)], "至多 3 个字符的文本", "text of at most 3 characters"),
        (
            Annotated[str, Meta(min_length=3)],
            "至少 3 个字符的文本",
            "text of at least 3 characters",
        ),
        (
            Annotated[str, Meta(pattern=r"^[0-9]+(?!\n)$")],
            "文本（格式 ^[0-9]+$）",
            "text (pattern ^[0-9]+$)",
        ),
        (Annotated[int, Meta(gt=0, lt=10)], "1 至 9 的整数", "an integer, 1 to 9"),
        (int | None, "整数", "an integer"),
        (int | bool, "整数或true 或 false", "an integer or true or false"),
        (
            Annotated[list[str], Meta(min_length=2, max_length=2)],
            "2 项的列表",
            "a list of 2 entries",
        ),
        (Part, "对象", "an object"),
        (complex, "有效的值", "a valid value"),
    ],
)
def test_should_say_what_is_expected_in_both_languages(shape: Any, zh: str, en: str) -> None:
    assert describe(shape) == (zh, en)
