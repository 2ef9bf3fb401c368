"""What an item must fulfil beyond its structure; every refusal names file, field and reason."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from chalicelib.catalogue.codes import (
    AMBIGUOUS_LABEL,
    CONSENT_FIELD,
    CONSENT_OPTIONAL,
    MALFORMED_ITEM,
    PROHIBITED_FIELD,
    UNIDENTIFIED_KIND,
    UNKNOWN_REFERENCE,
    WRONG_CHOICES,
    WRONG_CONDITION,
    WRONG_FIELD_TYPE,
    WRONG_RULE,
)
from chalicelib.catalogue.model import (
    Condition,
    Consent,
    Field,
    FieldType,
    Item,
    Rule,
    SubjectKind,
    labels_of,
)
from chalicelib.catalogue.prohibited import prohibited
from chalicelib.runtime.errors import DomainError

Reference = tuple[str, str, FieldType | None]
"""Where in the item, which field is named there, and the type that it must have."""

_DECIMAL: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)

_TOLD_BY: Final[Mapping[SubjectKind, str]] = {
    "organisation": "uscc",
    "sole_trader": "uscc",
    "person": "paper_number",
}


def check_item(file: str, item: Item) -> None:
    """Refuse an item that contradicts itself or names what must not be collected.

    Raises:
        DomainError: one of `E-CAT-01` to `E-CAT-09`, `E-CAT-12`, `E-CAT-13`, `E-CAT-16`.
    """
    for place, field in enumerate(item.schema.fields):
        _check_prohibitions(file, f"/schema/fields/{place}", item, field)
        _check_choices(file, field)
        _check_unit(file, field)
    _check_labels(file, item.schema.fields)
    for where, name, wanted in _references(item):
        _check_reference(file, item, where, name, wanted)
    for field in item.schema.fields:
        if field.required_when is not None:
            _check_condition(file, item, field, field.required_when)
    for place, rule in enumerate(item.rules):
        _check_rule(file, item, place, rule)
    _check_formed(file, item)
    _check_labelled(file, item)
    _check_kinds(file, item)
    _check_consent(file, item)


def _check_prohibitions(file: str, pointer: str, item: Item, field: Field) -> None:
    for text in (field.name, field.title, field.title_en, *field.aliases):
        found = prohibited(text)
        if found is not None and not (found.collected == "with_consent" and item.admits_consented):
            raise DomainError(
                PROHIBITED_FIELD if found.collected == "never" else CONSENT_FIELD,
                pointer=pointer,
                file=file,
                field=field.name,
                term=text,
                articles=", ".join(found.articles),
            )


def _check_choices(file: str, field: Field) -> None:
    enum = field.enum or ()
    meant = {*field.choice_aliases.values(), *filter(None, [field.open_choice])}
    right = (
        bool(enum) == (field.type in ("choice", "choices"))
        and (field.enum is None or enum != ())
        and len(set(enum)) == len(enum)
        and meant <= set(enum)
        and not set(field.choice_aliases) & set(enum)
    )
    if not right:
        shown = " | ".join((*enum, *(f"{key}={to}" for key, to in field.choice_aliases.items())))
        raise DomainError(WRONG_CHOICES, file=file, field=field.name, values=shown or "∅")


def _check_unit(file: str, field: Field) -> None:
    if (field.unit is not None) != (field.type == "amount"):
        raise DomainError(
            WRONG_FIELD_TYPE,
            file=file,
            place=f"unit ({field.unit})",
            wanted="amount",
            field=field.name,
            found=field.type,
        )


def _check_labels(file: str, fields: Iterable[Field]) -> None:
    taken: dict[str, str] = {}
    for field in fields:
        for label in sorted(labels_of(field)):
            if label in taken:
                raise DomainError(
                    AMBIGUOUS_LABEL, file=file, field=field.name, other=taken[label], label=label
                )
            taken[label] = field.name


def _references(item: Item) -> Iterator[Reference]:
    subject = item.subject
    optional: list[tuple[str, str | None, FieldType | None]] = [
        ("subject.name", subject.name, None),
        ("subject.uscc", subject.uscc, "uscc"),
        ("subject.kind", subject.kind, "choice"),
        ("subject.registration_number", subject.registration_number, "code"),
        ("subject.organisation_code", subject.organisation_code, "code"),
        ("subject.paper_kind", subject.paper_kind, "choice"),
        ("subject.paper_number", subject.paper_number, "paper"),
        ("dates.formed", item.dates.formed, "date"),
        ("dates.effective", item.dates.effective, "date"),
        ("dates.valid_until", item.dates.valid_until, "date"),
        ("dates.stated_end", item.dates.stated_end, "date"),
        ("dates.measures_until", item.dates.measures_until, "date"),
        ("issuing_authority", item.issuing_authority, "uscc"),
        ("authority_name", item.authority_name, None),
        ("measures", item.measures, None),
        ("fine", item.fine, "amount"),
        ("conduct", item.conduct, "date"),
        ("labelled.field", item.labelled.field if item.labelled else None, "choice"),
        ("listing.left", item.listing.left if item.listing else None, "date"),
    ]
    if item.consent is not None:
        optional += [(place, name, None) for place, name in _consented(item.consent)]
        optional.append(("consent.until", item.consent.until, "date"))
    for place, mention in enumerate(item.mentions):
        optional += [
            (f"mentions.{place}.name", mention.name, None),
            (f"mentions.{place}.paper_kind", mention.paper_kind, "choice"),
            (f"mentions.{place}.paper_number", mention.paper_number, "paper"),
        ]
    for place, key in enumerate(item.natural_keys):
        optional += [(f"natural_keys.{place}", name, None) for name in key]
    optional += [("weak_key", name, None) for name in item.weak_key]
    return ((place, name, wanted) for place, name, wanted in optional if name is not None)


def _check_reference(
    file: str, item: Item, place: str, name: str, wanted: FieldType | None
) -> None:
    field = item.fields.get(name)
    if field is None:
        raise DomainError(UNKNOWN_REFERENCE, file=file, place=place, field=name)
    if wanted is not None and field.type != wanted:
        raise DomainError(
            WRONG_FIELD_TYPE, file=file, place=place, wanted=wanted, field=name, found=field.type
        )


def _check_rule(file: str, item: Item, place: int, rule: Rule) -> None:
    where = f"rules.{place}"
    _check_reference(file, item, where, rule.field, None)
    field = item.fields[rule.field]
    compared = {
        "not_before": ("date", rule.not_before),
        "not_after": ("date", rule.not_after),
        "at_most": ("amount", rule.at_most),
    }
    tests = [rule.above, rule.definite, rule.blank, *(other for _, other in compared.values())]
    wanted = [kind for kind, other in compared.values() if other is not None]
    wanted += ["amount"] * (rule.above is not None) + ["date"] * (rule.definite is not None)
    number = rule.above is None or _DECIMAL.fullmatch(rule.above)
    if len(tests) - tests.count(None) != 1 or wanted not in ([], [field.type]) or not number:
        raise DomainError(
            WRONG_RULE, pointer=f"/rules/{place}", file=file, place=place, field=rule.field
        )
    for _, other in compared.values():
        if other is not None:
            _check_reference(file, item, where, other, field.type)
    if rule.when is not None:
        _check_condition(file, item, field, rule.when)


def _check_condition(file: str, item: Item, field: Field, condition: Condition) -> None:
    _check_reference(file, item, f"required_when ({field.name})", condition.field, None)
    asked = item.fields[condition.field]
    tests = [test for test in (condition.in_, condition.contains, condition.filled) if test]
    values = set(condition.in_ or ()) | set(condition.contains or ())
    right = (
        len(tests) == 1
        and (condition.in_ is None or asked.type != "choices")
        and (condition.contains is None or asked.type == "choices")
        and (asked.enum is None or values <= set(asked.enum))
    )
    if not right:
        shown = f"{condition.field}: {' | '.join(sorted(values)) or '∅'}"
        raise DomainError(WRONG_CONDITION, file=file, field=field.name, values=shown)


def _check_formed(file: str, item: Item) -> None:
    """A row that left out when its fact was formed would be disclosed without end."""
    field = item.fields[item.dates.formed]
    if not field.required or field.lenient:
        reason = f"field {field.name} must be required and not lenient: periods count from it"
        raise DomainError(MALFORMED_ITEM, file=file, place="/dates/formed", reason=reason)


def _check_labelled(file: str, item: Item) -> None:
    """Every label of an adverse item means a class, and no other item has labels."""
    if item.labelled is None:
        return
    if item.category != "adverse":
        reason = "only adverse information has a class"
        raise DomainError(MALFORMED_ITEM, file=file, place="/labelled", reason=reason)
    labels = set(item.fields[item.labelled.field].enum or ())
    if labels != set(item.labelled.classes):
        shown = " | ".join(sorted(labels ^ set(item.labelled.classes)))
        raise DomainError(
            WRONG_CHOICES,
            pointer="/labelled/classes",
            file=file,
            field=item.labelled.field,
            values=shown,
        )


def _check_kinds(file: str, item: Item) -> None:
    subject = item.subject
    labels = set(item.fields[subject.kind].enum or ()) if subject.kind else set()
    if labels != set(subject.kinds):
        raise DomainError(
            WRONG_CHOICES,
            file=file,
            field=subject.kind or "subject.kinds",
            values=" | ".join(sorted(labels ^ set(subject.kinds))),
        )
    if subject.kind is not None and subject.only != "organisation":
        reason = "the field subject.kind says which kind a row is about"
        raise DomainError(MALFORMED_ITEM, file=file, place="/subject/only", reason=reason)
    for kind in sorted(subject.possible):
        needed = _TOLD_BY[kind]
        if getattr(subject, needed) is None:
            raise DomainError(
                UNIDENTIFIED_KIND, pointer="/subject", file=file, kind=kind, needed=needed
            )


def _check_consent(file: str, item: Item) -> None:
    """Every row about a person must fill what records the consent (SZ-12, NJ-29)."""
    if item.consent is None:
        return
    for place, name in _consented(item.consent):
        if not _is_required_of_persons(item, item.fields[name]):
            raise DomainError(CONSENT_OPTIONAL, file=file, place=place, field=name)


def _consented(consent: Consent) -> Iterator[tuple[str, str]]:
    """Each part of a recorded consent and the field that holds it."""
    return ((f"consent.{name}", getattr(consent, name)) for name in Consent.__struct_fields__)


def _is_required_of_persons(item: Item, field: Field) -> bool:
    condition = field.required_when
    if field.required or condition is None or condition.field != item.subject.kind:
        return field.required
    persons = {label for label, kind in item.subject.kinds.items() if kind == "person"}
    return persons <= set(condition.in_ or ())
