"""The same record under other rules: why it is shown, to whom, until when."""

from collections.abc import Mapping

from chalicelib.law.rules import Channel
from infra.local.demo.asking import Caller, Json, System, check_equal
from infra.local.demo.city import COMPANY
from infra.local.demo.followed import ENDED, WARNING, Followed, number_of
from infra.local.demo.telling import tell, tell_step

Outcomes = tuple[str, str, str, str, str]

CHANNELS: tuple[Channel, ...] = ("public", "own", "authorised", "ex_officio", "judicial")

_DISPLAY: Mapping[Followed, Outcomes] = {
    WARNING: ("withheld", "marked", "withheld", "marked", "marked"),
    ENDED: ("withheld", "marked", "withheld", "marked", "marked"),
}
"""Where one period serves every channel: what has ended is kept inside, and marked so."""

OUTCOMES: Mapping[str, Mapping[Followed, Outcomes]] = {
    "national": _DISPLAY,
    "jiangsu": _DISPLAY,
    "shandong": _DISPLAY,
    "nanjing": {  # NJ-56: queries are answered for a year, or three, whatever is displayed
        WARNING: ("withheld", "marked", "shown", "shown", "shown"),
        ENDED: ("withheld", "marked", "withheld", "withheld", "withheld"),
    },
    "shenzhen": {  # SZ-24: three years for everybody, then archived for the judiciary only
        WARNING: ("withheld", "shown", "shown", "shown", "shown"),
        ENDED: ("withheld", "withheld", "withheld", "withheld", "marked"),
    },
}
"""What becomes of a record on each of `CHANNELS`, told beforehand for each rulebook."""


def show(stack: System, records: Mapping[int, Json]) -> None:
    """Explain two records, and hold the answers against `OUTCOMES`."""
    rulebook = stack.rulebook
    tell_step("为什么这样显示", f"why a record is shown as it is under rulebook {rulebook}")
    for one in (WARNING, ENDED):
        record = records[number_of(one)]["record"]
        path = f"/v1/archives/{COMPANY.uscc}/records/penalty/{record}/explanation"
        told = Caller(stack, "operator").get(path, purpose="quality_control")
        classification = told["classification"]
        tell(
            f"{one.decided} {classification['kind']}: {classification['severity']}"
            f"（{classification['source']}）{told['rulebook']}"
        )
        for span, period in told["periods"].items():
            tell(f"  {span}: {period['start']} → {period['last_day']}（{period['source']}）")
        found = tuple(told["channels"][channel]["outcome"] for channel in CHANNELS)
        for channel in CHANNELS:
            decided = told["channels"][channel]
            reason = decided["reasons"][0]
            tell(f"  {channel:10} {decided['outcome']:8} {reason['about']}（{reason['source']}）")
        if rulebook in OUTCOMES:
            check_equal(f"the record of {one.decided}", found, OUTCOMES[rulebook][one])
