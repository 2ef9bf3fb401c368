"""The page of the articles: what it says is built stands in code and tests, and nothing is left out."""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest

from infra.compose import PROJECT
from infra.documents.articles import (
    Article,
    ArticlesError,
    Cited,
    Status,
    Text,
    Texts,
    articles,
    find_citations,
    find_faults,
    read_texts,
)

BUILT = Cited(places=("law.periods",), tests=("law/test_periods.py",))
ENTRY = Article("公示期限", "built")
NUMBERS = {"JS": 39, "NJ": 76, "SZ": 35, "SD": 21, "JP": 21}
NOWHERE = "QJ-40"


def texts_of(entries: Mapping[int, Article], number: int = 1) -> Texts:
    return {
        "QJ": Text(title="办法", title_en="Measures", articles=number, article=dict(entries)),
    }


def faults_of(
    entries: Mapping[int, Article], cited: Mapping[str, Cited] | None = None, number: int = 1
) -> list[str]:
    found = {"QJ-1": BUILT} if cited is None else cited
    return list(find_faults(texts_of(entries, number), found))


def test_should_hold_every_article_of_the_five_texts_when_read() -> None:
    texts = read_texts()

    assert {letters: text.articles for letters, text in texts.items()} == NUMBERS
    assert list(find_faults(texts, find_citations(texts))) == []


def test_should_have_a_row_for_each_article_when_made() -> None:
    made = articles()

    for letters, number in NUMBERS.items():
        assert made.count(f"\n| `{letters}-") == number


def test_should_be_sound_when_built_and_cited_by_code_and_tests() -> None:
    assert faults_of({1: ENTRY}) == []


def test_should_be_refused_when_an_article_has_no_entry() -> None:
    assert faults_of({1: ENTRY}, number=2) == ["QJ-2 has no entry"]


def test_should_be_refused_when_there_is_no_such_article() -> None:
    entries = {1: ENTRY, 2: Article("附则", "not software", "liability")}
    assert faults_of(entries) == ["QJ-2 has an entry, but there is no such article"]


@pytest.mark.parametrize("status", ["built", "partly"])
@pytest.mark.parametrize(
    ("cited", "lacking"),
    [
        (Cited(tests=BUILT.tests), ["no module, rule or item cites it"]),
        (Cited(places=BUILT.places), ["no test cites it"]),
        (Cited(), ["no module, rule or item cites it", "no test cites it"]),
    ],
)
def test_should_be_refused_when_what_is_built_is_cited_nowhere(
    status: Status, cited: Cited, lacking: list[str]
) -> None:
    entry = Article("公示期限", status, "the rest is to come")
    assert faults_of({1: entry}, {"QJ-1": cited}) == [
        f"QJ-1 is “{status}”, but {each}" for each in lacking
    ]


@pytest.mark.parametrize("status", [each for each in get_args(Status) if each != "built"])
def test_should_be_refused_when_nothing_says_what_is_to_come_or_why(status: Status) -> None:
    [fault] = faults_of({1: Article("公示期限", status)})
    assert fault == f"QJ-1 is “{status}” without a note that says what or why"


def test_should_be_refused_when_an_article_is_cited_that_no_text_has() -> None:
    cited = {"QJ-1": BUILT, NOWHERE: Cited(files=("docs/limits.md",))}
    assert faults_of({1: ENTRY}, cited) == [
        f"{NOWHERE} is cited in docs/limits.md, but there is no such article"
    ]


def test_should_tell_every_reason_when_it_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.documents.articles.read_texts", lambda: texts_of({}, number=2))

    with pytest.raises(ArticlesError) as refused:
        articles()
    assert refused.value.reasons[:2] == ("QJ-1 has no entry", "QJ-2 has no entry")


def test_should_tell_places_from_tests_when_files_cite_an_article(tmp_path: Path) -> None:
    files = {
        "app.py": "",
        "chalicelib/law/periods.py": '"""Periods (QJ-1)."""',
        "chalicelib/catalogue/items/penalty.json": '{"basis": ["QJ-1"]}',
        "infra/local/demo/story.py": '"""A story (QJ-1)."""',
        "docs/limits.md": f"As QJ-1 and {NOWHERE} say.",
        "docs/articles.md": "| `QJ-99` |",
        "tests/law/test_periods.py": '"""QJ-1."""',
        "tests/articles/test_disclosure.py": (
            'def test_it_ends() -> None:\n    """QJ-1."""\n\n\ndef helper() -> None:\n    """QJ-2."""'
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    found = find_citations(texts_of({}), tmp_path)

    places, tests, cited_in = found["QJ-1"].places, found["QJ-1"].tests, found["QJ-1"].files
    assert {"law.periods", "item penalty", "infra.local.demo.story"} <= set(places)
    assert tests == ("disclosure: it_ends", "law/test_periods.py")
    assert len(cited_in) == 6
    assert found[NOWHERE].files == ("docs/limits.md",)
    assert "QJ-99" not in found


def test_should_name_the_tests_of_duties_when_listed() -> None:
    """Each test in `tests/articles` names the articles that demand it."""
    texts = read_texts()
    named = {
        test.partition(": ")[2]
        for cited in find_citations(texts).values()
        for test in cited.tests
        if ": " in test
    }
    standing = {
        line.removeprefix("def test_").partition("(")[0]
        for file in (PROJECT / "tests" / "articles").glob("test_*.py")
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("def test_")
    }
    assert named == standing
