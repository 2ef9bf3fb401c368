"""Rulebooks and the catalogue fit: rules name items that exist, and every record has a term."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import Value
from chalicelib.archive.visibility import PUBLIC, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.naming import check_items_named
from chalicelib.law.groups import group_of
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from chalicelib.law.rules import Case, Span
from chalicelib.runtime.clock import lawful_day
from tests.factories import KEY

TODAY = date(2026, 11, 22)
CATALOGUE = load_catalogue(TODAY)
BOOKS = [load_rulebook(file.stem) for file in sorted(RULEBOOKS.glob("*.toml"))]
SZ = load_rulebook("shenzhen")

books = pytest.mark.parametrize("rulebook", BOOKS, ids=lambda rulebook: rulebook.name)


@books
def test_rules_name_items_of_the_catalogue(rulebook: Rulebook) -> None:
    check_items_named(rulebook, CATALOGUE.items, RULEBOOKS)


@pytest.mark.parametrize(
    ("rule", "line", "place"),
    [
        ('[rules.item_severity]\npenalti = [{ VALUE = "serious" }]', 7, "item_severity.penalti"),
        ('[rules.group]\npenalti = [{ VALUE = "adverse" }]', 7, "group.penalti"),
        (
            '[[rules.term]]\nfor = { item = "penalti" }\nvalues = [{ VALUE = { runs = "always" } }]',
            6,
            "term[0]",
        ),
    ],
)
def test_a_rule_for_an_item_that_there_is_not_is_refused(
    tmp_path: Path, rule: str, line: int, place: str
) -> None:
    shutil.copy(RULEBOOKS / "national.toml", tmp_path)
    head = 'name = "qing"\ntitle = "清"\ntitle_en = "Qing"\nedition = 1\nbeneath = "national"\n'
    entry = 'effective = 2026-01-01, source = "QJ-1", value'
    (tmp_path / "qing.toml").write_text(head + rule.replace("VALUE", entry), "utf-8")

    with pytest.raises(RulebookError) as refused:
        check_items_named(load_rulebook("qing", tmp_path), CATALOGUE.items, tmp_path)

    assert (refused.value.line, refused.value.place) == (line, place)
    assert "no item “penalti”" in refused.value.reason


@books
@pytest.mark.parametrize("span", get_args(Span))
def test_every_item_belongs_to_a_named_category_and_has_a_term(
    rulebook: Rulebook, span: Span
) -> None:
    for item in CATALOGUE.items.values():
        group = group_of(rulebook, item.id, item.category, TODAY)
        assert rulebook.category[group].on(TODAY).value.zh
        for subject in item.subject.possible:
            case = Case(item=item.id, group=group, subject=subject, span=span)
            assert rulebook.term.on(case, TODAY).source


@pytest.mark.parametrize("item", sorted(CATALOGUE.items))
def test_what_is_adverse_ends_under_sz_24(item: str) -> None:
    """Supervision records and persons' negative ones have terms, litigation its validity."""
    found = CATALOGUE.items[item]
    group = group_of(SZ, item, found.category, TODAY)
    if found.category == "adverse":
        assert group in {"supervision", "litigation"}
    else:
        assert group != "supervision"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        # Asia/Shanghai is eight hours ahead of UTC
        ("2029-02-28T15:59:59.999", True),
        ("2029-02-28T16:00:00.000", False),
        ("2028-03-01T00:00:00.000", True),
    ],
)
def test_a_leap_days_penalty_is_public_until_the_last_minute_of_its_last_day(
    moment: str, shown: bool
) -> None:
    """General, from 29 February 2028 for a year: 28 February 2029, until midnight."""
    fields: dict[str, Value] = {"cf_cflb": ("没收违法所得",), "cf_jdrq": "2028-02-29"}
    facts = Facts(key=KEY, said="20280301T000000.000Z", fields=fields)
    day = lawful_day(datetime.fromisoformat(moment).replace(tzinfo=UTC))

    decision = decide(
        facts, CATALOGUE.item("penalty"), PUBLIC, "public", day, load_rulebook("jiangsu")
    )

    assert decision.shown == shown
