"""Thresholds that tests reach soon, and what the supervisor has seen of them."""

from datetime import UTC, datetime

import msgspec

from chalicelib.disclosure.volumes.stops import alerts
from chalicelib.disclosure.volumes.values import Asker
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Measure, Rule, Ruled, Threshold, Watched

CLERK = Asker(organisation="11329900009901024T", staff="clerk")
COLLEAGUE = Asker(organisation="11329900009901024T", staff="colleague")
MACHINE = Asker(organisation="11329900009901024T", staff="")
OTHER = Asker(organisation="11329900009900064P", staff="clerk")
AT = datetime(2026, 11, 22, 3, 55, tzinfo=UTC)

_NEVER = (1_000_000, 1_000_000)


def rules_with(**thresholds: tuple[int, int]) -> Rulebook:
    """A rulebook with thresholds `<watched>_<measure>` of notice and stop; all others are far off."""
    book = load_rulebook("nanjing")
    watched: dict[Watched, dict[Measure, Rule[Threshold]]] = {
        whose: {
            measure: _rule(*thresholds.get(f"{whose}_{measure}", _NEVER)) for measure in by_measure
        }
        for whose, by_measure in book.query_volume.items()
    }
    return msgspec.structs.replace(book, query_volume=watched)


def told() -> list[tuple[str, int]]:
    """What the supervisor was told, in order of the counts."""
    found = alerts(None, 50).alerts
    return sorted(((each.what, each.excess.count) for each in found), key=lambda told: told[::-1])


def _rule(notice: int, stop: int) -> Rule[Threshold]:
    ruled = Ruled(
        value=Threshold(notice=notice, stop=stop),
        source="NJ-52",
        effective=datetime(2020, 7, 1, tzinfo=UTC).date(),
        rulebook="nanjing",
    )
    return Rule((ruled,))
