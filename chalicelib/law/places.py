"""Where in a rulebook file a value stands, so that whoever mends it finds the line."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

Path = tuple[str, ...]

_PART = r"\"[^\"]*\"|'[^']*'|[\w-]+"
_PARTS = re.compile(_PART)
_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*((?:{_PART})(?:\s*\.\s*(?:{_PART}))*)\s*=(.*)$")
_INDEX = re.compile(r"\[\d+\]$")


def find_line(text: str, keys: Sequence[str]) -> int | None:
    """The line of the value at the key path `keys` of TOML `text`, or of what holds it.

    Keys are those of a refusal: rules without `rules` before them, entries of lists as `name[0]`.
    It goes by the layout of the text, an entry a line, and need not be exact: None where nothing
    of the path is found.
    """
    lines = dict(reversed(list(_list_places(text))))
    wanted = tuple(keys)
    if wanted in lines:
        return lines[wanted]
    for length in range(len(wanted), 0, -1):
        for held in (("rules", *wanted[:length]), wanted[:length]):
            bare = (*held[:-1], _INDEX.sub("", held[-1]))
            if held in lines or bare in lines:
                return lines.get(held) or lines[bare]
    return lines.get(("rules",)) if wanted else None


def _list_places(text: str) -> Iterator[tuple[Path, int]]:
    """Every table, key and entry on a line of its own, with its line, in order."""
    arrays: Counter[Path] = Counter()
    table: Path = ()
    key: Path = ()
    entries = 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = key = _split(header[2])
            if header[1] == "[[":
                table = key = (*table[:-1], f"{table[-1]}[{arrays[table]}]")
                arrays[_split(header[2])] += 1
            yield table, number
        elif assigned := _KEY.match(line):
            key, entries = (*table, *_split(assigned[1])), assigned[2].count("{ effective")
            yield key, number
        elif key and line.lstrip().startswith("{"):
            yield (*key[:-1], f"{key[-1]}[{entries}]"), number
            entries += 1


def _split(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PARTS.findall(dotted))
