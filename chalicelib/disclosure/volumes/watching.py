"""Watching: queries of others' archives are counted before they are answered, and may be stopped.

Counts are no evidence (that is the ledger) and err on the safe side: a query that fails after it was
counted stays counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, get_args

from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.disclosure.volumes import store
from chalicelib.disclosure.volumes.codes import QUERIES_STOPPED
from chalicelib.disclosure.volumes.stops import stop, stops_of, tell
from chalicelib.disclosure.volumes.values import Alert, Asker, Counted, Excess, Stop, What
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Measure, Watched
from chalicelib.runtime.cipher import short_hash
from chalicelib.runtime.clock import LAWFUL_ZONE, lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import metrics, warn

_KEPT: Final = 3 * 86400
"""Seconds for which a count is kept after the last one: longer than any day lasts."""

_MACHINES: Final[tuple[Watched, ...]] = ("organisation",)

METRIC: Final = "AnomalousVolumes"


def count_query(asker: Asker, subject: str, at: datetime, rulebook: Rulebook) -> None:
    """Count one query about `subject`; only then may it be entered in the ledger and answered.

    Raises `E-VOLUME-01` while queries of the asker are stopped, and for the one that stops them.
    """
    stops = _stops_that_let_pass(asker)
    seen = f"{_place(asker, 'staff', at)}/{subject}"
    is_new = store.note_seen(seen, _ends(at))
    _count(asker, {"hour": 1, "day": 1, "subjects": int(is_new)}, at, stops, rulebook)


def count_queries(asker: Asker, subjects: int, at: datetime, rulebook: Rulebook) -> None:
    """Count a batch check (批量核查) of so many subjects, all at once; raises as `count_query`."""
    _count(asker, {"checked": subjects}, at, _stops_that_let_pass(asker), rulebook)


def _stops_that_let_pass(asker: Asker) -> tuple[Stop, ...]:
    """The stops there were. Raises E-VOLUME-01 where one stands for `asker`."""
    stops = stops_of(asker.organisation)
    for each in stops:
        if each.stands_for(asker):
            raise _refusal(each.excess)
    return stops


def _count(
    asker: Asker,
    added: Mapping[Measure, int],
    at: datetime,
    stops: Iterable[Stop],
    rulebook: Rulebook,
) -> None:
    day = lawful_day(at)
    made = [each.excess.id for each in stops]
    due: list[Excess] = []
    for counted in _add(asker, added, at):
        ruled = rulebook.query_volume[counted.watched][counted.measure].on(day)
        if (noticed := counted.notice(ruled)) and tell(Alert("noticed", noticed)):
            _raise_alarm("noticed", noticed)
        if excess := counted.stop(ruled, made):
            due.append(excess)
    for excess in due:
        stop(excess)
        _raise_alarm("stopped", excess)
    if due:
        raise _refusal(due[0])


def _add(asker: Asker, added: Mapping[Measure, int], at: datetime) -> Iterator[Counted]:
    """Every volume that `added` is part of, after it was added."""
    hour = f"{at.astimezone(LAWFUL_ZONE):%H}"
    names = {f"hour{hour}" if measure == "hour" else measure: measure for measure in added}
    for watched in get_args(Watched) if asker.staff else _MACHINES:
        amounts = {name: added[measure] for name, measure in names.items()}
        totals = store.add(_place(asker, watched, at), amounts, _ends(at))
        for name, measure in names.items():
            yield Counted(
                asker=asker,
                watched=watched,
                measure=measure,
                count=totals[name],
                added=added[measure],
                at=at,
            )


def _place(asker: Asker, watched: Watched, at: datetime) -> str:
    whose = asker.organisation
    if watched == "staff":
        whose = f"{whose}.{short_hash(asker.staff.encode())}"
    return f"{whose}/{lawful_day(at)}"


def _ends(at: datetime) -> int:
    return int(at.timestamp()) + _KEPT


def _raise_alarm(what: What, excess: Excess) -> None:
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=1)
    warn(
        LogCode.QUERIES_ANOMALOUS,
        what=what,
        organisation=excess.organisation,
        excess=excess.id,
        count=excess.count,
    )


def _refusal(excess: Excess) -> DomainError:
    return DomainError(QUERIES_STOPPED, stop=excess.id, source=excess.source)
