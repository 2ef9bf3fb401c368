"""Timeliness 及时性 of a record: how its first report stands to the day on which it was formed."""

from datetime import date

from chalicelib.archive.facts import Facts
from chalicelib.catalogue.model import Item
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.timeliness import Timeliness, judge_timeliness
from chalicelib.runtime.clock import day_of


def timeliness_of(facts: Facts, item: Item, rulebook: Rulebook) -> Timeliness | None:
    """Whether the record was reported in time, by whichever provider was first (SD-10, SZ-15).

    A correction that comes later is not late. None where the record states no day of formation.
    """
    formed = facts.fields.get(item.dates.formed)
    if not facts.first_said or not isinstance(formed, str):
        return None
    return judge_timeliness(
        rulebook,
        item.frequency_working_days,
        date.fromisoformat(formed),
        day_of(facts.first_said),
    )
