"""A valid row of any item, made from the rules of its fields."""

from chalicelib.catalogue.model import Field, Item, SubjectKind
from chalicelib.collection.rules import holds
from tests.collection.files import ORGANISATION, PROVIDER, id_number

DAY = "2026-03-25"
REGISTRATION_NUMBER = "329900600000010"
_PLAIN = {"date": DAY, "amount": "1.5", "integer": "2025", "uscc": PROVIDER, "code": "A1"}


def row_of(item: Item, kind: SubjectKind, **changed: str) -> dict[str, str]:
    """A row about a subject of `kind` in which all that such a subject can have is filled."""
    row = {field.name: _value(field) for field in item.schema.fields}
    for place, mention in enumerate(item.mentions, 2):
        _name_person(row, mention.paper_kind, mention.paper_number, place)
    row |= _identify(item, kind)
    for rule in item.rules:
        if rule.blank and holds(rule.when, row):
            row[rule.field] = ""
    return {**row, **changed}


def _value(field: Field) -> str:
    if field.enum:
        return field.enum[0]
    return _PLAIN.get(field.type, f"某{field.title}")[: field.max_length]


def _name_person(row: dict[str, str], kind: str | None, number: str | None, person: int) -> None:
    row.update({name: "身份证" for name in [kind] if name})
    row.update({name: id_number(person) for name in [number] if name})


def _identify(item: Item, kind: SubjectKind) -> dict[str, str]:
    """What says whom the row is about; blank what only other kinds of subjects have."""
    subject = item.subject
    told: dict[str | None, str] = {subject.registration_number: ""}
    told[subject.paper_kind] = told[subject.paper_number] = ""
    told[subject.organisation_code] = "" if kind == "person" else ORGANISATION[8:17]
    told[subject.uscc] = "" if kind == "person" else ORGANISATION
    if kind == "person":
        told |= {subject.paper_kind: "身份证", subject.paper_number: id_number(1)}
    labels = {each: label for label, each in subject.kinds.items()}
    told[subject.kind] = labels.get(kind, "")
    return {name: value for name, value in told.items() if name is not None}
