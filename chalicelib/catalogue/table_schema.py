"""An item's field rules as plain Frictionless Table Schema, for the tools that providers have.

Whatever a field takes here passes there too: where other spellings, several values or a remark are
taken, there is no `enum`, and text that is kept although it is no amount makes a field a string.
What Table Schema cannot say stands in `description`.
"""

from typing import Literal

from msgspec import Struct, field

from chalicelib.catalogue.model import Condition, Field, Item, Rule

TableType = Literal["string", "number", "integer", "date"]


class Constraints(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Table Schema constraints. `enum` stands here only where no other spelling is taken."""

    required: bool = False
    max_length: int | None = None
    enum: tuple[str, ...] | None = None


class PlainField(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field in the words of Table Schema and no others."""

    name: str
    title: str
    description: str
    type: TableType
    format: Literal["any"] | None = None
    constraints: Constraints = Constraints()
    missing_values: tuple[str, ...] | None = field(name="missingValues", default=None)


class PlainSchema(Struct, frozen=True, kw_only=True):
    """A Table Schema."""

    fields: tuple[PlainField, ...]
    missing_values: tuple[str, ...] = field(name="missingValues")


def write_schema(item: Item) -> PlainSchema:
    """The Table Schema of an item's files."""
    missing = item.schema.missing_values
    return PlainSchema(
        fields=tuple(_write_field(item, each, missing) for each in item.schema.fields),
        missing_values=missing,
    )


def constrain(found: Field) -> Constraints:
    """What Table Schema can demand of a field; only text has a length there."""
    return Constraints(
        required=found.required,
        max_length=found.max_length if table_type(found) == "string" else None,
        enum=found.enum if is_closed(found) else None,
    )


def is_closed(found: Field) -> bool:
    """Whether a field takes exactly one of its choices as the list spells them."""
    return found.type == "choice" and not found.choice_aliases and found.open_choice is None


def table_type(found: Field) -> TableType:
    """The narrowest Table Schema type that takes whatever the field takes."""
    match found.type:
        case "date" | "integer" as plain:
            return "string" if found.lenient else plain
        case "amount" if not found.lenient:
            return "number"
    return "string"


def describe_condition(condition: Condition) -> str:
    """When a field is required, in English."""
    values = condition.in_ or condition.contains
    test = f"is {' or '.join(values)}" if values else "is filled"
    return f"where `{condition.field}` {test}"


def describe_rule(rule: Rule) -> str:
    """What a rule demands of its field, in English."""
    tests = (
        f"not before `{rule.not_before}`" if rule.not_before else "",
        f"not after `{rule.not_after}`" if rule.not_after else "",
        f"not more than `{rule.at_most}`" if rule.at_most else "",
        f"more than {rule.above}" if rule.above else "",
        "not 2099-12-31" if rule.definite else "",
        "blank" if rule.blank else "",
    )
    demanded = f"{'Should' if rule.tells else 'Must'} be {''.join(tests)}"
    return demanded if rule.when is None else f"{demanded} {describe_condition(rule.when)}"


def _write_field(item: Item, found: Field, missing: tuple[str, ...]) -> PlainField:
    kind = table_type(found)
    return PlainField(
        name=found.name,
        title=found.title,
        description=_describe(item, found),
        type=kind,
        format="any" if kind == "date" else None,
        constraints=constrain(found),
        missing_values=None if found.missing_values == missing else found.missing_values,
    )


def _describe(item: Item, found: Field) -> str:
    told = [found.title_en]
    if found.required_when is not None:
        told.append(f"Required {describe_condition(found.required_when)}")
    if found.enum and not is_closed(found):
        told.append(f"{'Any' if found.type == 'choices' else 'One'} of: {'; '.join(found.enum)}")
    told += [describe_rule(rule) for rule in item.rules if rule.field == found.name]
    return ". ".join(told)
