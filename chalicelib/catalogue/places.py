"""Where in a catalogue file a value stands, so that whoever mends it finds the line."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.runtime.errors import DomainError

Path = tuple[str, ...]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_STEPS: Final = re.compile(r"[^/.]+")
_REMARK: Final = re.compile(r" \([^)]*\)")


def find_repeated(content: bytes) -> tuple[str, int] | None:
    """A name that stands twice in one object of `content`, right JSON where the last silently wins.

    It is told as a pointer, with the line on which it stands again.
    """
    seen: set[Path] = set()
    for path, line in _list_lines(content.decode()):
        if path in seen:
            return "/" + "/".join(path), line
        seen.add(path)
    return None


def with_line(refused: DomainError, file: str, content: bytes) -> DomainError:
    """What was refused in `content` of `file`, which is named with the line; as it is if no JSON."""
    try:
        written = json.loads(content)
    except ValueError:
        return refused
    lines = dict(_list_lines(content.decode()))
    for path in _list_paths(refused, written):
        if path in lines:
            located = {**refused.values, "file": f"{file}:{lines[path]}"}
            return DomainError(refused.code, pointer=refused.pointer, **located)
    return refused


def _list_paths(refused: DomainError, written: Any) -> Iterator[Path]:
    """The places that a refusal may mean, the most exact first: place, pointer, field, all of it."""
    place = _REMARK.sub("", str(refused.values.get("place", "")))
    steps = tuple(_STEPS.findall(place))
    for length in range(len(steps), 0, -1):
        yield steps[:length]
    if refused.pointer:
        yield tuple(_STEPS.findall(refused.pointer))
    if "field" in refused.values:
        names = [field.get("name") for field in written["schema"]["fields"]]
        if refused.values["field"] in names:
            yield "schema", "fields", str(names.index(refused.values["field"]))
    yield ()


def _list_lines(text: str) -> Iterator[tuple[Path, int]]:
    """The line on which each value begins, by its path; places in lists are numbers."""
    holders: list[str] = []  # brackets that are open
    path: list[str] = []
    naming, line, read = False, 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", read, token.start())
        read = token.start()
        word = token[0]
        if word in "}]":
            holders.pop()
            path.pop()
        elif word == ",":
            naming = holders[-1] == "{"
            path[-1] = "" if naming else str(int(path[-1]) + 1)
        elif naming:
            path[-1], naming = json.loads(word), False
        elif word != ":":
            yield tuple(path), line
            if word in "{[":
                holders.append(word)
                naming = word == "{"
                path.append("" if naming else "0")
