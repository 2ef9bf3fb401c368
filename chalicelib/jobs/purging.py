"""How whatever is purged goes: in numbered lines of manifests, one open at a time in each.

A manifest (names, count, digest) is opened before anything is deleted; its certificate, which holds
no names, is kept for good; then the manifest is closed and its names are gone too. A run that finds
an open manifest finishes it first, so runs may die, overlap or be missed: everything that goes is
counted in exactly one certificate, and numbers without a gap show that none is missing.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time

import msgspec
from msgspec import Struct

from chalicelib.disclosure.retention import store
from chalicelib.disclosure.retention.certificates import (
    Certificate,
    Manifest,
    digest_of,
    keep_certificate,
)
from chalicelib.law.retention import purgeable_before
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Kept
from chalicelib.runtime.clock import LAWFUL_ZONE, stamp


class Due(Struct, frozen=True):
    """Things that may go, by name, with when they were made; and keys of closed holds on them."""

    made: Mapping[str, str]
    holds: tuple[str, ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """One line of manifests: its name, what its things are kept as, how they are found and deleted.

    `find` is given the cut-off (`stamp` text) and answers what is due, oldest first and no more
    than one manifest should hold. `delete` does nothing new when done again.
    """

    name: str
    kept: Kept
    find: Callable[[str], Due]
    delete: Callable[[Manifest], None]


class Terms(Struct, frozen=True, kw_only=True):
    """Until when things of a kind may go on one day, and the rule that says so."""

    cut_off: str
    retention_years: int
    source: str
    rulebook: str


def terms_on(rulebook: Rulebook, kept: Kept, day: date) -> Terms | None:
    """The terms of a purge on the lawful day `day`; None where nothing may go."""
    cut_off = purgeable_before(rulebook, kept, day)
    years = rulebook.retention_years[kept].on(day).value
    if cut_off is None or years == "unlimited":
        return None
    return Terms(
        cut_off=stamp(datetime.combine(cut_off.value, time.min, LAWFUL_ZONE)),
        retention_years=years,
        source=cut_off.source,
        rulebook=rulebook.version,
    )


def purge_line(line: Line, terms: Terms | None) -> Iterator[Certificate]:
    """Finish the line's open manifest, then open and finish others until nothing is due."""
    while True:
        state = store.read_state(line.name)
        if state.manifest is not None:
            manifest = msgspec.msgpack.decode(state.manifest, type=Manifest)
            yield _finish(line, state.number, manifest)
            continue
        following = None if terms is None else _next_manifest(line, state.number + 1, terms)
        if following is None:
            return
        store.open_manifest(line.name, state, msgspec.msgpack.encode(following))


def _next_manifest(line: Line, number: int, terms: Terms) -> Manifest | None:
    due = line.find(terms.cut_off)
    if not due.made:
        return None
    names = tuple(sorted(due.made))
    certificate = Certificate(
        id=f"{line.name}-{number:08d}",
        kept=line.kept,
        count=len(names),
        digest=digest_of(names),
        first=min(due.made.values()),
        last=max(due.made.values()),
        cut_off=terms.cut_off,
        retention_years=terms.retention_years,
        source=terms.source,
        rulebook=terms.rulebook,
    )
    return Manifest(certificate, names, due.holds)


def _finish(line: Line, number: int, manifest: Manifest) -> Certificate:
    """Delete, certify, close: in this order, each step doing nothing new when done again."""
    line.delete(manifest)
    keep_certificate(manifest.certificate)
    store.close_manifest(line.name, number)
    return manifest.certificate
