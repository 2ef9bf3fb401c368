"""Every article of the texts: what has become of it, where it is built, and which tests hold it.

`docs/articles.toml` says by hand what each article is about and how far it is done; places and tests
are found by their citing the article's key. What is called built must be cited by both.
"""

import ast
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from chalicelib.law.listing import list_rules
from chalicelib.law.rulebook import RULEBOOKS, load_rulebook
from infra.compose import PROJECT
from infra.documents.markdown import literal, literals, page, table

Status = Literal["built", "partly", "to come", "not software"]

SOURCE: Final = PROJECT / "docs" / "articles.toml"

_DONE: Final[frozenset[Status]] = frozenset({"built", "partly"})
_DUTIES: Final = "tests/articles/"
_CITING: Final = (
    *("app.py", "README*.md", "docs/*.md", "chalicelib/**/*.py", "chalicelib/**/*.json"),
    *("chalicelib/**/*.toml", "infra/**/*.py", "infra/**/*.yaml", "tests/**/*.py"),
)


class Article(Struct, frozen=True, forbid_unknown_fields=True):
    """One article: a few words of its own, how far it is done, and what is missing or why."""

    gist: Annotated[str, Meta(min_length=1)]
    status: Status
    note: str = ""


class Text(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the texts, and what has become of each of its `articles` (a number) by number."""

    title: str
    title_en: str
    articles: Annotated[int, Meta(ge=1)]
    article: dict[int, Article]


class Cited(Struct, frozen=True):
    """What cites one article: places in code and data, tests, and all the files."""

    places: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


Texts = Mapping[str, Text]


class ArticlesError(Exception):
    """What `articles.toml` says and what cites the articles do not go together: each reason."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


def read_texts(file: Path = SOURCE) -> Texts:
    """The texts by the letters of their keys."""
    written = tomllib.loads(file.read_text("utf-8"))
    return msgspec.convert(written, dict[str, Text], strict=False)


def find_citations(texts: Texts, root: Path = PROJECT) -> dict[str, Cited]:
    """What cites each key that begins as those of `texts` do, whether there is such an article."""
    key = re.compile(rf"\b(?:{'|'.join(texts)})-[1-9][0-9]*\b")
    found: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for path in _list_files(root):
        name = path.relative_to(root).as_posix()
        for role, named, text in _parts(name, path.read_text("utf-8")):
            for cited in key.findall(text):
                found[cited][role, named] += 1
                found[cited]["file", name] += 1
    for rule, text in _list_rules():
        for cited in key.findall(text):
            found[cited]["place", rule] += 1
    return {
        cited: Cited(*(tuple(_of(role, marks)) for role in ("place", "test", "file")))
        for cited, marks in found.items()
    }


def find_faults(texts: Texts, cited: Mapping[str, Cited]) -> Iterator[str]:
    """Why the two do not go together, a line each."""
    known = {f"{letters}-{n}" for letters, text in texts.items() for n in _numbers(text)}
    for letters, text in texts.items():
        for number in _numbers(text):
            if number not in text.article:
                yield f"{letters}-{number} has no entry"
        for number, article in text.article.items():
            key = f"{letters}-{number}"
            yield from _find_faults(key, article, cited.get(key, Cited()), exists=key in known)
    for key in sorted(cited.keys() - known):
        yield f"{key} is cited in {', '.join(cited[key].files)}, but there is no such article"


def articles() -> str:
    """`articles.md`.

    Raises:
        ArticlesError: an article has no entry, is called built without being cited by code and
            tests, or is cited and does not exist.
    """
    texts = read_texts()
    cited = find_citations(texts)
    faults = [*find_faults(texts, cited)]
    if faults:
        raise ArticlesError(faults)
    about = (
        "Every article of the five texts. What is **built** does all that the article asks of"
        " software; what is **partly** so lacks what stands beside it; the rest is to come with the"
        " capability named, or is not for software to do. Where: modules of `chalicelib`, values of"
        " rulebooks, items of the catalogue that cite the article. Tests: those of the duties by"
        " name (`tests/articles`), the others by file. `articles.toml` holds what is written by"
        " hand; an article without entry, or called built and cited by no code or no test, is"
        " refused."
    )
    heads = ("text", *get_args(Status), "articles")
    overview = table(heads, (_count(letters, text) for letters, text in texts.items()))
    parts = [part for letters, text in texts.items() for part in _describe(letters, text, cited)]
    return page("Articles 条文", about, overview, *parts)


def _list_files(root: Path) -> list[Path]:
    made = root / "docs" / "articles.md"
    found = {path for pattern in _CITING for path in root.glob(pattern)}
    return sorted(found - {made})


def _parts(name: str, text: str) -> Iterator[tuple[str, str, str]]:
    """What a file may cite articles as: a place, a test, or nothing of the kind; its name; text."""
    if name.startswith(_DUTIES):
        yield from _list_duties(name, text)
    elif name.startswith("tests/"):
        yield "test", name.removeprefix("tests/"), text
    elif "/catalogue/items/" in name:
        yield "place", f"item {Path(name).stem}", text
    elif name.endswith((".py", ".json")) and not name.startswith("docs/"):
        module = name.removeprefix("chalicelib/").rpartition(".")[0]
        yield "place", module.replace("/", "."), text
    else:
        yield "other", name, text


def _list_duties(name: str, text: str) -> Iterator[tuple[str, str, str]]:
    """The tests in a file of duties, each by its own name, and what stands outside of them."""
    tree = ast.parse(text)
    tests = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    for each in tests:
        if each.name.startswith("test_"):
            file = Path(name).stem.removeprefix("test_")
            yield "test", f"{file}: {each.name.removeprefix('test_')}", ast.unparse(each)


def _list_rules() -> Iterator[tuple[str, str]]:
    """Each rule of a rulebook by name, with the article and the note of each of its values."""
    for file in sorted(RULEBOOKS.glob("*.toml")):
        for listed in list_rules(load_rulebook(file.stem)):
            rule = ".".join(listed.path.split(".")[:2])
            for entry in listed.rule.entries:
                if entry.rulebook == file.stem:
                    yield f"{file.stem}: {rule}", f"{entry.source} {entry.note}"


def _of(role: str, marks: Iterable[tuple[str, str]]) -> list[str]:
    return sorted({name for each, name in marks if each == role})


def _numbers(text: Text) -> range:
    return range(1, text.articles + 1)


def _find_faults(key: str, article: Article, cited: Cited, *, exists: bool) -> Iterator[str]:
    if not exists:
        yield f"{key} has an entry, but there is no such article"
    if article.status != "built" and not article.note:
        yield f"{key} is “{article.status}” without a note that says what or why"
    if article.status in _DONE:
        if not cited.places:
            yield f"{key} is “{article.status}”, but no module, rule or item cites it"
        if not cited.tests:
            yield f"{key} is “{article.status}”, but no test cites it"


def _count(letters: str, text: Text) -> Iterator[object]:
    counted = Counter(article.status for article in text.article.values())
    yield f"[{letters} {text.title}](#{letters.lower()})"
    yield from (counted[status] or "" for status in get_args(Status))
    yield text.articles


def _describe(letters: str, text: Text, cited: Mapping[str, Cited]) -> Iterator[str]:
    yield f"## {letters}"
    yield f"{text.title} · {text.title_en}"
    yield table(
        ("article", "", "status", "where", "tests", "still to come, or why not"),
        (
            (
                literal(key),
                article.gist,
                f"**{article.status}**" if article.status in _DONE else article.status,
                literals(cited.get(key, Cited()).places),
                literals(cited.get(key, Cited()).tests),
                article.note,
            )
            for number, article in sorted(text.article.items())
            for key in [f"{letters}-{number}"]
        ),
    )
