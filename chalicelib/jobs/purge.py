"""Purging what was kept for its term: the query ledger 查询台账, received files, results of checks.

JS-25, SZ-23: provable and never early; an entry about which a case or inquiry is open is held (NJ-53).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct

from chalicelib.disclosure import store
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.retention.certificates import Certificate, Manifest
from chalicelib.disclosure.retention.holds import held_before
from chalicelib.disclosure.retention.store import delete_holds
from chalicelib.jobs.originals import originals_line
from chalicelib.jobs.purging import Due, Line, purge_line, terms_on
from chalicelib.law.retention import LEDGER_KINDS
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime.batches import batched
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings

_MOST = 1000  # entries a manifest
_READ = 100
_ENOUGH_MS = 60_000  # for a whole manifest


class Purged(Struct, frozen=True):
    """What a run did; `finished` is False where time ran out and the next run must go on."""

    certificates: tuple[Certificate, ...]
    finished: bool

    @property
    def count(self) -> int:
        """How many entries and files the run's certificates count."""
        return sum(certificate.count for certificate in self.certificates)


def purge_checks(now: datetime, rulebook: Rulebook, remaining_ms: Callable[[], int]) -> int:
    """Delete what stands of batch checks whose term is over; returns of how many.

    They are copies of what the ledger names, made for whoever asked, so no certificate tells of them.
    """
    day = lawful_day(now)
    term = timedelta(days=rulebook.check_result_days.on(day).value)
    gone = 0
    for check in list(objects.list_older(f"{day - term:%Y%m%d}")):
        if remaining_ms() < _ENOUGH_MS:
            break
        objects.forget_check(check)
        gone += 1
    if gone:
        log(LogCode.CHECKS_PURGED, count=gone)
    return gone


def purge(now: datetime, rulebook: Rulebook, remaining_ms: Callable[[], int]) -> Purged:
    """Delete what the rulebook lets go on the lawful day of `now`, as long as there is time.

    Raises:
        TableBusy: DynamoDB kept refusing; the next run goes on where this one was.
    """
    certificates: list[Certificate] = []
    for certificate in _purge_lines(now, rulebook):
        certificates.append(certificate)
        originals = certificate.kept == "originals"
        code = LogCode.ORIGINALS_PURGED if originals else LogCode.LEDGER_PURGED
        log(code, certificate=certificate.id, count=certificate.count)
        if remaining_ms() < _ENOUGH_MS:
            return Purged(tuple(certificates), finished=False)
    return Purged(tuple(certificates), finished=True)


def _purge_lines(now: datetime, rulebook: Rulebook) -> Iterator[Certificate]:
    day = lawful_day(now)
    for kept in LEDGER_KINDS:
        terms = terms_on(rulebook, kept, day)
        for shard in store.shards_of(kept):
            find, delete = partial(_find_due, shard), partial(_delete, shard)
            yield from purge_line(Line(name=shard, kept=kept, find=find, delete=delete), terms)
    yield from purge_line(originals_line(), terms_on(rulebook, "originals", day))


def _find_due(shard: str, cut_off: str) -> Due:
    """The shard's oldest entries that may go; those that are held stay, however old."""
    held = held_before(shard, cut_off)
    due: dict[store.Place, str] = {}
    for found in batched(store.find_older(shard, cut_off), _READ):
        standing = store.find_standing(
            place for place in found if place not in held or not held[place].open
        )
        due |= {place: made for place, made in standing.items() if made < cut_off}
        if len(due) > _MOST - _READ:
            break
    return Due(
        {"/".join(place): made for place, made in due.items()},
        tuple(key for place in due if place in held for key in held[place].keys),
    )


def _delete(shard: str, manifest: Manifest) -> None:
    store.delete_entries(map(_place_of, manifest.names))
    delete_holds(shard, manifest.holds)


def _place_of(name: str) -> store.Place:
    subject, _, entry = name.partition("/")
    return subject, entry


def run(at: datetime, now: datetime, remaining_ms: Callable[[], int]) -> dict[str, int]:
    """The scheduled job, driven by its event's time; one from the future purges nothing early."""
    rulebook = load_rulebook(settings().rulebook)
    purged = purge(min(at, now), rulebook, remaining_ms)
    purge_checks(min(at, now), rulebook, remaining_ms)
    return {"purged": purged.count, "finished": int(purged.finished)}
