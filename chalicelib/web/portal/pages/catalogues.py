"""The catalogue (目录): what may be collected, by what law, who may see it, and how to report it."""

from typing import Final

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.offering import offer_template
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.settings import settings
from chalicelib.web.api.catalogue import (
    CatalogueQuery,
    TableField,
    list_catalogue,
    show_catalogue_item,
)
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.records import say_basis, say_word
from chalicelib.web.portal.visits import Away, Shown, Visit

PLACE: Final = "/catalogue"
_CATEGORIES: Final = ("basic", "positive", "adverse", "other")


def show_catalogue(visit: Visit) -> Shown:
    """Every item in force today, by category."""
    summary = ask(visit, list_catalogue, query=visit.read(CatalogueQuery))
    groups = [
        (
            _name_category(category, visit),
            [
                {
                    "id": each.id,
                    "title": visit.say(each.title, each.title_en),
                    "openness": say_word("openness", each.openness, visit),
                    "days": each.frequency_working_days,
                    "version": each.version,
                }
                for each in summary.items
                if each.category == category
            ],
        )
        for category in _CATEGORIES
    ]
    return Shown("catalogue.html", {"summary": summary, "groups": groups, "place": PLACE})


def show_item(visit: Visit, item: str) -> Shown:
    """One item: its basis, who may see it, and field by field what is reported."""
    found = ask(visit, show_catalogue_item, item=item, query=visit.read(CatalogueQuery))
    return Shown(
        "catalogue_item.html",
        {
            "item": found,
            "title": visit.say(found.title, found.title_en),
            "category": _name_category(found.category, visit),
            "openness": say_word("openness", found.openness, visit),
            "basis": say_basis(found.basis, visit),
            "fields": [_view(each, visit) for each in found.table.fields],
            "place": PLACE,
        },
    )


def fetch_template(visit: Visit, item: str) -> Away:
    """The workbook to fill in, of the version in force today."""
    found = load_catalogue(lawful_day(visit.asked.at)).item(item)
    return Away(offer_template(found, visit.language))


def _name_category(category: str, visit: Visit) -> str:
    """As the jurisdiction calls it."""
    named = load_rulebook(settings().rulebook).category[category]
    label = named.on(lawful_day(visit.asked.at)).value
    return visit.say(label.zh, label.en)


def _view(field: TableField, visit: Visit) -> dict[str, object]:
    need = "required" if field.constraints.required else "optional"
    if field.required_when is not None:
        need = "conditional"
    choices = field.choices or field.constraints.enum or ()
    return {
        "name": field.name,
        "title": visit.say(field.title, field.title_en),
        "type": say_word("type", field.rule, visit),
        "unit": say_word("unit", field.unit, visit) if field.unit else "",
        "need": say_word("need", need, visit),
        "openness": say_word("open_field", field.openness, visit),
        "choices": visit.say("；", "; ").join(choices),
    }
