"""Reading rulebook files: TOML into typed rules, layer over layer, and what is wrong with them."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from chalicelib.law.places import find_line
from chalicelib.law.rules import Choice, Head, Rule, Ruled, Which

Keys = tuple[str, ...]
Entries = tuple[Ruled[Any], ...]

S = TypeVar("S", bound=Struct)

_AT_LINE: Final = re.compile(r"\(at line (\d+),")


class RulebookError(Exception):
    """A file of rules cannot be used: which one, where in it (line where known, key path), and why."""

    def __init__(self, file: Path, keys: Keys, reason: str, line: int | None = None) -> None:
        self.file = f"{file.parent.name}/{file.name}"
        self.line = line or find_line(_read_text(file), keys)
        self.place = ".".join(keys)
        self.reason = reason
        told = f"{self.file}:{self.line}" if self.line else self.file
        super().__init__(": ".join(part for part in (told, self.place, reason) if part))


def _read_text(file: Path) -> str:
    """What stands in `file`, as far as it can be read at all."""
    return file.read_text("utf-8", errors="replace") if file.is_file() else ""


class Layer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rulebook file as written."""

    name: str
    title: str
    title_en: str
    edition: Annotated[int, Meta(ge=1)]
    rules: dict[str, Any]
    beneath: str | None = None
    texts: tuple[Annotated[str, Meta(pattern=r"^[A-Z]+$")], ...] = ()

    @property
    def head(self) -> Head:
        """What it is, without what it says."""
        return Head(
            name=self.name,
            title=self.title,
            title_en=self.title_en,
            edition=self.edition,
            texts=self.texts,
        )


class _Chosen(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"which": "for"}
):
    """A rule for particular records, as written."""

    which: Which
    values: Any


def read_layers(name: str, directory: Path) -> Iterator[Layer]:
    """The rulebook `name`, then what stands beneath it, down to the lowest."""
    seen: list[str] = []
    below: str | None = name
    while below is not None:
        file = directory / f"{below}.toml"
        if below in seen:
            raise RulebookError(file, ("beneath",), "rulebooks stand on one another in a circle")
        seen.append(below)
        layer = _read_layer(file)
        yield layer
        below = layer.beneath


def read_rules(
    layers: Sequence[Layer], shapes: Mapping[str, Any], directory: Path
) -> tuple[dict[str, Any], tuple[date, ...]]:
    """Every rule of `shapes` as `layers` make it up, and the days on which values take effect."""
    found: dict[Keys, tuple[Any, ...]] = {}
    days: set[date] = set()
    for layer in layers:
        file = directory / f"{layer.name}.toml"
        for keys, entries in _read_table(layer.rules, shapes, (), file):
            found[keys] = (*found.get(keys, ()), *entries)
            days |= {_ruled(entry).effective for entry in entries}
    lowest = directory / f"{layers[-1].name}.toml"
    rules = {key: _assemble(shape, found, (key,), lowest) for key, shape in shapes.items()}
    return rules, tuple(sorted(days - {date.min}))


def find_choice(name: str, which: Which, file: Path) -> Keys:
    """The key path of the rule for `which` in the table of choices `name` as written in `file`."""
    written = tomllib.loads(file.read_text("utf-8"))["rules"][name]
    places = (index for index, rule in enumerate(written) if _meant(rule) == which)
    return (f"{name}[{next(places)}]",)


def _meant(written: Any) -> Which:
    return msgspec.convert(written, _Chosen).which


def _ruled(entry: Any) -> Ruled[Any]:
    ruled: Ruled[Any] = entry[1] if isinstance(entry, tuple) else entry
    return ruled


def read_file(file: Path, shape: type[S]) -> S:
    """The TOML in `file` as a `shape`. Raises `RulebookError`."""
    try:
        read: S = _convert(tomllib.loads(file.read_text("utf-8")), shape)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as unreadable:
        at = _AT_LINE.search(str(unreadable))
        line = int(at[1]) if at else None
        raise RulebookError(file, (), str(unreadable), line) from unreadable
    except msgspec.ValidationError as invalid:
        raise _refusal(file, (), invalid) from invalid
    return read


def _convert(raw: Any, shape: Any) -> Any:
    """`raw` as a `shape`; dates are TOML's own, text is none."""
    return msgspec.convert(raw, shape, builtin_types=(date,))


def _read_layer(file: Path) -> Layer:
    if not file.is_file():
        raise RulebookError(file, (), "there is no such rulebook")
    layer = read_file(file, Layer)
    if layer.name != file.stem:
        raise RulebookError(file, ("name",), f"“{layer.name}” is not what the file is called")
    return layer


def _refusal(file: Path, keys: Keys, invalid: msgspec.ValidationError) -> RulebookError:
    """What msgspec found below `keys`, with its place moved into the key path."""
    reason, _, place = str(invalid).partition(" - at `$")
    inner = tuple(place.rstrip("`").removeprefix(".").split(".")) if place else ()
    return RulebookError(file, (*keys, *inner), reason)


def _read_table(
    table: Any, shapes: Mapping[str, Any], keys: Keys, file: Path
) -> Iterator[tuple[Keys, tuple[Any, ...]]]:
    """The rules in `table`, whose keys and their types are `shapes`."""
    if not isinstance(table, dict):
        raise RulebookError(file, keys, "expected a table")
    for key, raw in table.items():
        here = (*keys, key)
        if key not in shapes:
            raise RulebookError(file, here, f"unknown; known here: {', '.join(shapes)}")
        yield from _read(raw, shapes[key], here, file)


def _read(raw: Any, shape: Any, keys: Keys, file: Path) -> Iterator[tuple[Keys, tuple[Any, ...]]]:
    if get_origin(shape) is Rule:
        yield keys, _read_entries(raw, shape, keys, file)
        return
    if get_origin(shape) is Choice:
        yield keys, _read_choices(raw, shape, keys, file)
        return
    keyed_by, inner = get_args(shape)
    names = get_args(keyed_by) or (tuple(raw) if isinstance(raw, dict) else ())
    yield from _read_table(raw, dict.fromkeys(names, inner), keys, file)


def _read_choices(
    raw: Any, shape: Any, keys: Keys, file: Path
) -> tuple[tuple[Which, Ruled[Any]], ...]:
    """One layer's rules for particular records, the more exact first."""
    if not isinstance(raw, list):
        raise RulebookError(file, keys, "expected a list of rules with for and values")
    chosen: dict[Which, Entries] = {}
    for index, written in enumerate(raw):
        here = (*keys[:-1], f"{keys[-1]}[{index}]")
        try:
            rule = _convert(written, _Chosen)
        except msgspec.ValidationError as invalid:
            raise _refusal(file, here, invalid) from invalid
        if rule.which in chosen:
            raise RulebookError(file, here, "stands here twice for the same records")
        chosen[rule.which] = _read_entries(rule.values, shape, (*here, "values"), file)
    exact_first = sorted(chosen, key=lambda which: which.exactness, reverse=True)
    return tuple((which, ruled) for which in exact_first for ruled in chosen[which])


def _read_entries(raw: Any, shape: Any, keys: Keys, file: Path) -> Entries:
    """One rule's dated values, newest first."""
    if not (isinstance(raw, list) and raw and all(isinstance(entry, dict) for entry in raw)):
        raise RulebookError(file, keys, "expected a list of values with effective and source")
    entry_type = _entry_type(shape)
    entries = []
    for index, entry in enumerate(raw):
        here = (*keys[:-1], f"{keys[-1]}[{index}]")
        if "rulebook" in entry:
            raise RulebookError(file, here, "rulebook is what the file is called")
        try:
            entries.append(_convert({**entry, "rulebook": file.stem}, entry_type))
        except msgspec.ValidationError as invalid:
            raise _refusal(file, here, invalid) from invalid
    if any(later.effective <= earlier.effective for later, earlier in pairwise(entries)):
        raise RulebookError(file, keys, "values must stand newest first, one for each day")
    return tuple(entries)


def _entry_type(shape: Any) -> Any:
    """`Ruled[T]` for the shape `Rule[T]` or `Choice[T]`."""
    generic: Any = Ruled
    return generic[get_args(shape)]


def _assemble(shape: Any, found: Mapping[Keys, tuple[Any, ...]], keys: Keys, lowest: Path) -> Any:
    """The rule or table of rules at `keys`; `lowest` is the file that must be complete."""
    if get_origin(shape) is Rule:
        return Rule(_complete(found.get(keys, ()), keys, lowest))
    if get_origin(shape) is Choice:
        entries = found.get(keys, ())
        _complete([ruled for which, ruled in entries if which == Which()], keys, lowest)
        return Choice(entries)
    keyed_by, inner = get_args(shape)
    closed = get_args(keyed_by)
    if closed:
        return {name: _assemble(inner, found, (*keys, name), lowest) for name in closed}
    return _assemble_open(inner, found, keys)


def _assemble_open(inner: Any, found: Mapping[Keys, tuple[Any, ...]], keys: Keys) -> dict[str, Any]:
    """A table that names things of its own: its rules may begin at any day."""
    depth = len(keys)
    names = dict.fromkeys(path[depth] for path in found if path[:depth] == keys)
    if get_origin(inner) is Rule:
        return {name: Rule(found[*keys, name]) for name in names}
    deeper = get_args(inner)[1]
    return {name: _assemble_open(deeper, found, (*keys, name)) for name in names}


def _complete(entries: Sequence[Ruled[Any]], keys: Keys, lowest: Path) -> Entries:
    if not entries or entries[-1].effective != date.min:
        raise RulebookError(lowest, keys, f"has no value from {date.min} on")
    return tuple(entries)
