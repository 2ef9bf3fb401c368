"""What decides: catalogue, rulebook, visibility."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final, get_args

import msgspec

from chalicelib.catalogue.loader import load_catalogue, load_register
from chalicelib.catalogue.model import Consent, Dates, Field, Item, Labelled, Listing
from chalicelib.catalogue.register import Draft
from chalicelib.catalogue.table_schema import describe_condition
from chalicelib.law.calendars import load_calendars
from chalicelib.law.listing import Listed, describe_which, list_rules
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Channel, Rule, Ruled
from infra.documents.markdown import Cell, literal, literals, page, table

CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)

_MEANING: Final[Mapping[str, str]] = {
    "shown": "shown",
    "marked": "**marked**",
    "withheld": "—",
}


def catalogue() -> str:
    """`catalogue.md`."""
    loaded, register = load_catalogue(date.max), load_register()
    about = (
        "What may be collected (目录). Types: `uscc`, `paper` and `code` are identifiers, `amount`"
        " decimal text in its unit, `choice(s)` of a closed list. Openness is the most that the"
        " public may ever see of a field: `masked` in part, `internal` never. A record is known by"
        " the first natural key that is filled, else by the weak key and its provider. Of each item"
        " the version adopted last is shown; one holds from its adoption until the next one's."
        " Items of the nation are collected everywhere, what supplements them only under rulebooks"
        " whose texts, or those beneath them, are its basis."
    )
    books = load_rulebooks()
    overview = table(
        (
            *("item", "", "category", "openness", "collected under"),
            *("versions, adopted", "draft, comments until"),
        ),
        (
            (
                f"[{name}](#{name})",
                item.title,
                item.category,
                item.openness,
                _collected_under(item, books),
                "; ".join(_adoption(each.item) for each in register.versions[name]),
                _comments(register.drafts.get(name)),
            )
            for name, item in sorted(loaded.items.items())
        ),
    )
    items = [part for _, item in sorted(loaded.items.items()) for part in _describe_item(item)]
    drafts = [
        part
        for name, draft in sorted(register.drafts.items())
        for part in (f"# Draft of {name}: {_comments(draft)}", *_describe_item(draft.item))
    ]
    return page(f"Catalogue {loaded.version}", about, overview, *items, *drafts)


def _adoption(item: Item) -> str:
    return f"{item.version}, {item.adopted}"


def _comments(draft: Draft | None) -> str:
    return f"{draft.item.version}, {draft.comments_until}" if draft else ""


def _describe_item(item: Item) -> Iterator[str]:
    yield f"## {item.id}"
    yield f"{item.title} · {item.title_en}"
    facts: dict[str, Cell] = {
        "category, origin": f"{item.category}, {item.origin}",
        "version, adopted": _adoption(item),
        "to be reviewed by": item.reviewed_by or "",
        "basis": ", ".join(item.basis),
        "source": item.source,
        "openness": item.openness,
        "used, kept": f"{item.use_period}, {item.retention}",
        "reported within": f"{item.frequency_working_days} working days",
        "about": ", ".join(sorted(item.subject.possible)),
        "natural keys": "; ".join(literals(key) for key in item.natural_keys),
        "weak key": literals(item.weak_key),
        "dates": _roles(item.dates),
        "conduct": literal(item.conduct),
        "issuing authority": literals(filter(None, (item.issuing_authority, item.authority_name))),
        "measures": literal(item.measures),
        "fine": literal(item.fine),
        "class as labelled": _classes(item.labelled),
        "public list": _roles(item.listing),
        "persons named": literals(each.name for each in item.mentions if not each.responsible),
        "responsible persons": literals(each.name for each in item.mentions if each.responsible),
        "consent": _roles(item.consent),
    }
    yield table(("", ""), ((name, value) for name, value in facts.items() if value))
    yield table(
        ("field", "标题", "label", "type", "openness", "required", "limits"),
        (_describe_field(field) for field in item.schema.fields),
    )


def _classes(labelled: Labelled | None) -> str:
    """In which field the provider labels a record, and the class that each value means."""
    if labelled is None:
        return ""
    meant = ", ".join(f"{value} {literal(name)}" for value, name in labelled.classes.items())
    return f"{literal(labelled.field)}: {meant}"


def _roles(named: Dates | Consent | Listing | None) -> str:
    """Which field plays which role."""
    pairs = msgspec.structs.asdict(named).items() if named else ()
    return ", ".join(f"{role} {literal(name)}" for role, name in pairs if name)


def _describe_field(field: Field) -> tuple[str, ...]:
    condition = field.required_when
    required = "yes" if field.required else describe_condition(condition) if condition else ""
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


def _collected_under(item: Item, books: list[Rulebook]) -> str:
    names = [book.name for book in books if item.has_basis_in(book.texts)]
    return "all" if len(names) == len(books) else ", ".join(names)


def load_rulebooks() -> list[Rulebook]:
    """Every rulebook, each after what it stands on."""
    books = [load_rulebook(file.stem) for file in RULEBOOKS.glob("*.toml")]
    return sorted(books, key=lambda book: (len(book.layers), book.name))


def rulebook() -> str:
    """`rulebook.md`."""
    about = (
        "Each rulebook's own values, newest first. Where a rulebook is silent on a day, the one that"
        " it stands on answers, and the answer says whose it is: a rulebook's own value prevails over"
        " later ones beneath it. `NAT` are national rules known from outside the texts that specify"
        " this system, `OWN` our own choices where no text decides. What is about particular records"
        " names them in brackets; the rule that names more prevails within one rulebook. A running"
        " system answers the same under `GET /v1/rulebook`, with what holds on a day."
    )
    parts = [part for book in load_rulebooks() for part in _describe_rulebook(book)]
    return page("Rulebooks 规则", about, *parts, *_describe_calendars())


def _describe_calendars() -> Iterator[str]:
    """Which years' working days can be counted, years of one source together."""
    yield "## Working days"
    yield (
        "The statutory calendar with its adjusted weekends (调休). A year that is not here is refused,"
        " not guessed; a file `chalicelib/law/calendars/<year>.toml` adds it, and stands before the"
        " library where both hold it."
    )
    years = groupby(load_calendars().sources.items(), key=lambda known: known[1])
    spans = ((source, [year for year, _ in known]) for source, known in years)
    yield table(("years", "source"), ((_span(known), source) for source, known in spans))


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"


def _describe_rulebook(book: Rulebook) -> Iterator[str]:
    yield f"## {book.name}"
    yield f"{book.title} · {book.title_en}. Version `{book.version}`{_beneath(book)}."
    rows = (
        (
            _rule_name(listed),
            _value(entry.value),
            _since(entry),
            entry.source,
            entry.note,
        )
        for listed in list_rules(book)
        for entry in listed.rule.entries
        if entry.rulebook == book.name
    )
    yield table(("rule", "value", "from", "source", "note"), rows)


def _beneath(book: Rulebook) -> str:
    names = [f"[{layer.name}](#{layer.name})" for layer in book.layers[1:]]
    return f", on {', on '.join(names)}" if names else ""


def _rule_name(listed: Listed) -> str:
    records = describe_which(listed.which) if listed.which else {}
    named = ", ".join(f"{name} {literal(value)}" for name, value in records.items())
    return f"{literal(listed.path)} ({named})" if named else literal(listed.path)


def _value(value: Any) -> str:
    return literal(msgspec.json.encode(value).decode())


def _since(entry: Ruled[Any]) -> str:
    return "ever" if entry.effective == date.min else entry.effective.isoformat()


def visibility() -> str:
    """`visibility.md`."""
    about = (
        "What `chalicelib.archive.visibility.decide` asks the rulebook: how open the record's item"
        " is, and each state that is true of the record. The strictest answer decides: **marked** is"
        " shown with the state told, — is withheld. A state is `ended` by the period that rules the"
        " channel. Two rules are the system's own: channel `own` shows a subject nobody else's"
        " archive, and a record of whose words nothing can be opened (the person was erased) is"
        " withheld. What reaches the public or third parties (`public`, `authorised`,"
        " `special_report`) holds no more of a field than [its openness](catalogue.md) allows."
        " Of what `authorised` and `shared` show, a grant (授权) or a share (政务共享) leaves its own"
        " items; what an item for authorised queries needs besides, its providers' agreement, says"
        " `sharing_needs_provider`."
        " Under a rulebook that stands on another one only those rows are shown in which it decides"
        " something itself; all others are as beneath it."
    )
    parts = [part for book in load_rulebooks() for part in _describe_decisions(book)]
    return page("Visibility 可见性", about, *parts)


def _describe_decisions(book: Rulebook) -> Iterator[str]:
    day = max(book.days)
    yield f"## {book.name}"
    yield f"{book.title}, as it stands from {day} on{_beneath(book)}."
    named: tuple[tuple[str, Mapping[Any, Mapping[Channel, Rule[Any]]]], ...] = (
        ("period", {"span": book.span}),
        ("the item is open", book.openness),
        ("true of the record", book.treatment),
    )
    for head, rules in named:
        rows = {
            state: by_channel
            for state, by_channel in rules.items()
            if any(rule.on(day).rulebook == book.name for rule in by_channel.values())
        }
        if rows:
            yield table((head, *map(literal, CHANNELS)), _list_decisions(rows, day))


def _list_decisions(
    rules: Mapping[Any, Mapping[Channel, Rule[Any]]], day: date
) -> Iterator[tuple[str, ...]]:
    for state, by_channel in rules.items():
        ruled = (by_channel[channel].on(day) for channel in CHANNELS)
        cells = (f"{_MEANING.get(each.value, each.value)} {each.source}" for each in ruled)
        yield literal(state), *cells
