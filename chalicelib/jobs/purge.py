"""Purging the query ledger (查询台账) once its term has passed: provable, never early (JS-25).

Each shard of the ledger has its own numbered line of manifests, one open at a time. A manifest
(keys, count, digest) is opened before anything is deleted; its certificate, which holds no keys,
is kept for good; then the manifest is closed and its keys are gone too. A run that finds an open
manifest finishes it first, so runs may die, overlap or be missed: every entry that goes is counted
in exactly one certificate, and numbers without a gap show that none is missing.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Literal

import msgspec
from msgspec import Struct

from chalicelib.disclosure import store
from chalicelib.law.retention import purgeable_before
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.batches import batched
from chalicelib.runtime.clock import LAWFUL_ZONE, lawful_day, stamp
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings

CERTIFICATES = "purges/certificates/"
_MOST = 1000  # entries a manifest
_READ = 100
_ENOUGH_MS = 60_000  # for a whole manifest


class Certificate(Struct, frozen=True, kw_only=True):
    """Proof of one deletion, without a key of what was deleted.

    `id` is `<shard>-<number>`, numbered from 1; `digest` the SHA-256 of the entries' sorted
    `<subject>/<entry>` lines; `first` and `last` say when they were made and `cut_off` before when
    they had to be (`stamp` text, UTC); the rest is the rule.
    """

    id: str
    count: int
    digest: str
    first: str
    last: str
    cut_off: str
    retention_years: int | Literal["unlimited"]
    source: str
    rulebook: str


class Manifest(Struct, frozen=True):
    """What is about to be deleted: the certificate that will be, and the entries' places."""

    certificate: Certificate
    places: tuple[store.Place, ...]


class Terms(Struct, frozen=True):
    """Until when entries may go on one day, and the rule that says so."""

    cut_off: str
    retention_years: int | Literal["unlimited"]
    source: str
    rulebook: str


class Purged(Struct, frozen=True):
    """What a run did; `finished` is False where time ran out and the next run must go on."""

    certificates: tuple[Certificate, ...]
    finished: bool

    @property
    def count(self) -> int:
        """How many entries the run's certificates count."""
        return sum(certificate.count for certificate in self.certificates)


def purge(now: datetime, rulebook: Rulebook, remaining_ms: Callable[[], int]) -> Purged:
    """Delete what the rulebook lets go on the lawful day of `now`, as long as there is time.

    Raises:
        TableBusy: DynamoDB kept refusing; the next run goes on where this one was.
    """
    terms = _terms(now, rulebook)
    certificates: list[Certificate] = []
    for shard in store.SHARDS:
        for certificate in _purge_shard(shard, terms):
            certificates.append(certificate)
            log(LogCode.LEDGER_PURGED, certificate=certificate.id, count=certificate.count)
            if remaining_ms() < _ENOUGH_MS:
                return Purged(tuple(certificates), finished=False)
    return Purged(tuple(certificates), finished=True)


def digest_of(places: tuple[store.Place, ...]) -> str:
    """SHA-256 (hexadecimal) of the sorted `<subject>/<entry>` lines."""
    lines = sorted(f"{subject}/{entry}\n" for subject, entry in places)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _terms(now: datetime, rulebook: Rulebook) -> Terms | None:
    day = lawful_day(now)
    cut_off = purgeable_before(rulebook, "ledger", day)
    if cut_off is None:
        return None
    return Terms(
        cut_off=stamp(datetime.combine(cut_off.value, time.min, LAWFUL_ZONE)),
        retention_years=rulebook.retention_years["ledger"].on(day).value,
        source=cut_off.source,
        rulebook=rulebook.version,
    )


def _purge_shard(shard: str, terms: Terms | None) -> Iterator[Certificate]:
    """Finish the shard's open manifest, then open and finish others until nothing is due."""
    while True:
        number, opened = store.read_state(shard)
        if opened is not None:
            yield _finish(shard, number, msgspec.msgpack.decode(opened, type=Manifest))
            continue
        manifest = None if terms is None else _next_manifest(shard, number + 1, terms)
        if manifest is None:
            return
        store.open_manifest(shard, number + 1, msgspec.msgpack.encode(manifest))


def _next_manifest(shard: str, number: int, terms: Terms) -> Manifest | None:
    """The shard's oldest entries that may go, None where there are none."""
    due: dict[store.Place, str] = {}
    for found in batched(store.find_older(shard, terms.cut_off), _READ):
        standing = store.find_standing(found)
        due |= {place: made for place, made in standing.items() if made < terms.cut_off}
        if len(due) > _MOST - _READ:
            break
    if not due:
        return None
    places = tuple(sorted(due))
    certificate = Certificate(
        id=f"{shard}-{number:08d}",
        count=len(places),
        digest=digest_of(places),
        first=min(due.values()),
        last=max(due.values()),
        cut_off=terms.cut_off,
        retention_years=terms.retention_years,
        source=terms.source,
        rulebook=terms.rulebook,
    )
    return Manifest(certificate, places)


def _finish(shard: str, number: int, manifest: Manifest) -> Certificate:
    """Delete, certify, close: in this order, each step doing nothing new when done again."""
    store.delete_entries(manifest.places)
    certificate = manifest.certificate
    blobs.write_value(f"{CERTIFICATES}{certificate.id}.json", certificate)
    store.close_manifest(shard, number)
    return certificate


def run(at: datetime, now: datetime, remaining_ms: Callable[[], int]) -> dict[str, int]:
    """The scheduled job, driven by its event's time; one from the future purges nothing early."""
    purged = purge(min(at, now), load_rulebook(settings().rulebook), remaining_ms)
    return {"purged": purged.count, "finished": int(purged.finished)}
