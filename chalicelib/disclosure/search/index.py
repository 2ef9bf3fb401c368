"""Organisations by a fragment of a present or former name.

Every two neighbouring letters of a name (a gram) lead to the subjects that have them; a search
reads the postings of its rarest gram only and keeps those whose names hold the whole fragment.
Postings are spread over shards, so that a gram which everybody has is no hot partition.
"""

import zlib

import msgspec

from chalicelib.archive.profile import Profile, project_profile
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.search import store
from chalicelib.runtime.retries import tries
from chalicelib.runtime.tables import TableBusy
from chalicelib.subjects.names import grams, ranked_grams, search_text

SHARDS = 4
_PEEK = 200  # postings counted to learn how rare a gram is
_READ = 2000  # postings read a page and shard
_MOST_GRAMS = 6  # of a long fragment, these many are weighed
_MOST_PAGES = 8  # a call; where common grams have few matches, the caller goes on with the rest


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation that a search found; `former` where only an earlier name matches."""

    subject: str
    name: str
    former: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a search goes on: behind subject `after` in one shard of a gram's postings."""

    gram: str
    shard: int = 0
    after: str = ""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some results, and where to go on (None at the end)."""

    found: tuple[Found, ...]
    rest: Place | None


def index_names(subject: str, registration: Item) -> Profile:
    """Bring a subject's profile and postings up to what the archive says.

    The note beside the postings changes with them or not at all, so whoever read less, or finds
    the note changed since, writes nothing and starts again.

    Raises:
        TableBusy: others were faster every time, or the archive holds less than its views know.
    """
    for _ in tries():
        profile, size = project_profile(subject, registration)
        noted = store.read_indexed(subject)
        if noted is not None and (noted.size or 0) > size:
            continue
        text = "\n".join(map(search_text, profile.names))
        if noted is not None and noted.text == text:
            done = store.keep_indexed(noted, size)
        else:
            done = _write_names(subject, profile, noted, text, size)
        if done:
            return profile
    raise TableBusy


def _write_names(
    subject: str, profile: Profile, noted: store.Name | None, text: str, size: int
) -> bool:
    shard = _shard(subject)
    wanted = {f"{gram}.{shard}" for name in profile.names for gram in grams(name)}
    held = set() if noted is None else set(noted.grams or ())
    return store.write_names(
        noted,
        store.note_of(subject, text, wanted, size),
        [store.Name(gram, subject, text=text, name=profile.name) for gram in sorted(wanted)],
        held - wanted,
    )


def search_names(fragment: str, place: Place | None = None, limit: int = 20) -> Page:
    """Organisations of which a name holds `fragment`, from `place` on; a page may hold few.

    Raises `E-NAME-01` or `E-NAME-02` where the fragment is too short or too common to search for.
    """
    wanted = search_text(fragment)
    place = place or Place(gram=_rarest(fragment))
    shard, after = place.shard, place.after
    found: list[Found] = []
    for _ in range(_MOST_PAGES):
        if shard == SHARDS or len(found) >= limit:
            break
        rows, after = store.find_postings(f"{place.gram}.{shard}", wanted, after, _READ)
        room = limit - len(found)
        found += [_found(row, wanted) for row in rows[:room]]
        if len(rows) > room:
            after = rows[room - 1].subject
        if not after:
            shard += 1
    ranked = sorted(found, key=lambda one: (one.former is not None, len(one.name), one.subject))
    rest = None if shard == SHARDS else Place(gram=place.gram, shard=shard, after=after)
    return Page(found=tuple(ranked), rest=rest)


def _shard(subject: str) -> int:
    return zlib.crc32(subject.encode()) % SHARDS


def _rarest(fragment: str) -> str:
    telling = ranked_grams(fragment, {})[:_MOST_GRAMS]
    counts = {gram: store.count_postings(f"{gram}.0", _PEEK) for gram in telling}
    return min(telling, key=lambda gram: counts[gram])


def _found(row: store.Posting, fragment: str) -> Found:
    name, *former = row.text.split("\n")
    matching = next((known for known in former if fragment in known), None)
    former_name = None if fragment in name else matching
    return Found(subject=row.subject, name=row.name, former=former_name)
