"""The rules that compare the fields of a row with each other, as the catalogue states them."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from chalicelib.archive.statements import Value, spoken
from chalicelib.catalogue.model import Condition, Item, Rule
from chalicelib.collection import codes
from chalicelib.collection.dates import LONG_TERM
from chalicelib.runtime.errors import Code
from chalicelib.subjects.identifiers import Fault

Faulty = tuple[str, Fault]
"""A field's name, and what is wrong with it."""

_REFUSING: Final = {
    "not_before": codes.RULE_BEFORE,
    "not_after": codes.RULE_AFTER,
    "at_most": codes.RULE_MORE,
    "above": codes.RULE_ABOVE,
    "definite": codes.RULE_DEFINITE,
    "blank": codes.RULE_FILLED,
}
_TELLING: Final = {
    "not_before": codes.RULE_BEFORE_TOLD,
    "not_after": codes.RULE_AFTER_TOLD,
    "at_most": codes.RULE_MORE_TOLD,
    "above": codes.RULE_ABOVE_TOLD,
    "definite": codes.RULE_DEFINITE_TOLD,
    "blank": codes.RULE_FILLED_TOLD,
}
_FAILS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "not_before": lambda value, other: value < other,  # `YYYY-MM-DD` compares as text
    "not_after": lambda value, other: value > other,
    "at_most": lambda value, other: Decimal(value) > Decimal(other),
    "above": lambda value, limit: Decimal(value) <= Decimal(limit),
    "definite": lambda value, _: value == LONG_TERM,
    "blank": lambda value, _: bool(value),
}


class _Compiled(NamedTuple):
    field: str
    when: Condition | None
    fails: Callable[[str, str], bool]
    code: Code
    other: str  # the field with which is compared
    limit: str  # what is compared with where there is no such field
    values: Mapping[str, str | int]


class Rules:
    """The rules of one item."""

    def __init__(self, item: Item) -> None:
        self._rules = [_compile(item, rule) for rule in item.rules]

    def check(self, fields: Mapping[str, Value], faulted: Collection[str]) -> list[Faulty]:
        """What is wrong in the row `fields`; fields in `faulted` have been complained of already."""
        found = []
        for each in self._rules:
            value = fields.get(each.field)
            if value is None or each.field in faulted:
                continue
            other = fields.get(each.other) if each.other else each.limit
            if not isinstance(other, str) or each.other in faulted:
                continue
            if holds(each.when, fields) and each.fails(spoken(value), other):
                found.append((each.field, Fault(each.code, each.values)))
        return found


def holds(condition: Condition | None, fields: Mapping[str, Value]) -> bool:
    """Whether `condition` holds for a row; none always does."""
    if condition is None:
        return True
    value = fields.get(condition.field)
    if value is None:
        return False  # of nothing no condition holds
    return condition.holds((value,) if isinstance(value, str) else value)


def _compile(item: Item, rule: Rule) -> _Compiled:
    test = next(name for name in _FAILS if getattr(rule, name) is not None)
    compared = test in ("not_before", "not_after", "at_most")
    other = getattr(rule, test) if compared else ""
    values: dict[str, str | int] = {}
    if compared:
        values["other"] = item.field(other).title
    if test == "above":
        values["limit"] = rule.above or ""
    if test == "blank" and rule.when is not None:
        values["other"] = item.field(rule.when.field).title
    return _Compiled(
        field=rule.field,
        when=rule.when,
        fails=_FAILS[test],
        code=(_TELLING if rule.tells else _REFUSING)[test],
        other=other,
        limit=rule.above or "",
        values=values,
    )
