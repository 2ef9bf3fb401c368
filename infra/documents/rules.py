"""What decides: catalogue, rulebook, visibility."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, get_args

import msgspec

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Condition, Field, Item
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Channel, Rule, Ruled, Treatment
from infra import fragments
from infra.documents.markdown import Cell, literal, literals, page, table

CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)

_MEANING: Final[Mapping[Treatment, str]] = {
    "shown": "shown",
    "marked": "**marked**",
    "withheld": "—",
}

Rules = Iterator[tuple[str, Rule[Any]]]


def catalogue() -> str:
    """`catalogue.md`."""
    loaded = load_catalogue()
    about = (
        "What may be collected (目录). Types: `uscc`, `paper` and `code` are identifiers, `amount`"
        " decimal text in its unit, `choice(s)` of a closed list. Openness is the most that the"
        " public may ever see of a field: `masked` in part, `internal` never. A record is known by"
        " the first natural key that is filled, else by the weak key and its provider."
    )
    items = [part for _, item in sorted(loaded.items.items()) for part in _describe_item(item)]
    return page(f"Catalogue {loaded.version}", about, *items)


def _describe_item(item: Item) -> Iterator[str]:
    yield f"## {item.id} · {item.title} · {item.title_en}"
    facts: dict[str, Cell] = {
        "category, origin": f"{item.category}, {item.origin}",
        "version, adopted": f"{item.version}, {item.adopted}",
        "basis": ", ".join(item.basis),
        "source": item.source,
        "openness": item.openness,
        "reported within": f"{item.frequency_working_days} working days",
        "natural keys": "; ".join(literals(key) for key in item.natural_keys),
        "weak key": literals(item.weak_key),
        "formed, effective, valid until": literals(
            filter(None, msgspec.structs.astuple(item.dates))
        ),
        "issuing authority": literal(item.issuing_authority),
        "measures": literal(item.measures),
        "persons named": literals(mention.name for mention in item.mentions),
    }
    yield table(("", ""), ((name, value) for name, value in facts.items() if value))
    yield table(
        ("field", "标题", "label", "type", "openness", "required", "limits"),
        (_describe_field(field) for field in item.schema.fields),
    )


def _describe_field(field: Field) -> tuple[str, ...]:
    required = "yes" if field.required else _describe_condition(field.required_when)
    limits = [f"≤ {field.max_length}" if field.max_length else "", field.unit or ""]
    limits.append("、".join(field.enum or ()))
    return (
        literal(field.name),
        field.title,
        field.title_en,
        field.type,
        field.openness,
        required,
        "; ".join(filter(None, limits)),
    )


def _describe_condition(condition: Condition | None) -> str:
    if condition is None:
        return ""
    values = condition.in_ or condition.contains
    test = f"is {' or '.join(values)}" if values else "is filled"
    return f"where `{condition.field}` {test}"


def _rulebook() -> Rulebook:
    """The rulebook that a deployment runs under unless it chooses another."""
    return load_rulebook(fragments.load()["Parameters"]["Rulebook"]["Default"])


def _list_rules(value: Any, path: tuple[str, ...] = ()) -> Rules:
    if isinstance(value, Rule):
        yield ".".join(path), value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _list_rules(inner, (*path, name))


def list_rules(book: Rulebook) -> Rules:
    """Every rule of `book` by its key path."""
    return _list_rules(msgspec.structs.asdict(book))


def rulebook() -> str:
    """`rulebook.md`."""
    book = _rulebook()
    about = (
        f"Rulebook `{book.name}` ({book.title}) with what stands beneath it, version"
        f" `{book.version}`. The first value whose day has come holds: the rulebook's own stand"
        " before those beneath it, each newest first. `NAT` are national rules known from outside the texts that specify this"
        " system, `OWN` our own choices where no text decides."
    )
    rows = (
        (
            literal(path),
            _value(entry.value),
            _since(entry),
            entry.source,
            entry.rulebook,
            entry.note,
        )
        for path, rule in list_rules(book)
        for entry in rule.entries
    )
    heads = ("rule", "value", "from", "source", "rulebook", "note")
    return page("Rulebook 规则", about, table(heads, rows))


def _value(value: Any) -> str:
    return literal(msgspec.json.encode(value).decode())


def _since(entry: Ruled[Any]) -> str:
    return "ever" if entry.effective == date.min else entry.effective.isoformat()


def visibility() -> str:
    """`visibility.md`."""
    book = _rulebook()
    day = max(entry.effective for _, rule in list_rules(book) for entry in rule.entries)
    about = (
        f"What `chalicelib.archive.visibility.decide` asks rulebook `{book.name}`, as it stands"
        f" from {day} on: how open the record's item is, and each state that is true of the record."
        " The strictest answer decides: **marked** is shown with the state told, — is withheld."
        " Two rules are the system's own: channel `own` shows a subject nobody else's archive, and"
        " a record of whose words nothing can be opened (the person was erased) is withheld. What"
        " reaches the public or third parties (`public`, `authorised`, `special_report`) holds no"
        " more of a field than [its openness](catalogue.md) allows."
    )
    return page(
        "Visibility 可见性",
        about,
        "## How open the item is",
        _decision_table(book.openness, day),
        "## What is true of the record",
        _decision_table(book.treatment, day),
    )


def _decision_table(rules: Mapping[Any, Mapping[Channel, Rule[Treatment]]], day: date) -> str:
    return table(
        ("", *map(literal, CHANNELS)),
        (
            (literal(state), *(_treatment(by_channel[each].on(day)) for each in CHANNELS))
            for state, by_channel in rules.items()
        ),
    )


def _treatment(ruled: Ruled[Treatment]) -> str:
    return f"{_MEANING[ruled.value]} {ruled.source}"
