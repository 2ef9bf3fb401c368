"""Finding organisations: by whole names, by how names begin, by what they hold, or by code.

Ranked: who has the very name, before names that begin with it, before names that hold it. Of these,
and of one name, those held now come before former ones; else names stand in their own order. A
subject is found once, by its name that ranks best. Nothing leaves that the registration's
publication does not show today (DESIGN §1.4).

A search reads the list of names that begin with the fragment, then the list of one of its grams:
several begin to be read until one is read to its end, which is the rarest, or else the one goes on
of which most was found, or of which as many reach furthest. A search for a whole name that somebody
has reads no gram unless it is gone on with. What a call reads is bounded, and so is how much a
search finds at all.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec

from chalicelib.archive.profile import REGISTRATION
from chalicelib.disclosure.publication.reading import Shown, read_published, read_row
from chalicelib.disclosure.publication.store import read_rows
from chalicelib.disclosure.search import store
from chalicelib.disclosure.search.store import Posting
from chalicelib.law.rulebook import Rulebook
from chalicelib.subjects.identifiers import is_person, is_subject, normalise_code
from chalicelib.subjects.names import grams, search_terms, search_text

MOST: Final = 100
"""Organisations that one search finds at the most; who wants another gives more of its name."""

_FEW: Final = 50  # postings read of a list that is in the order of what is asked for
_PEEK: Final = 100  # of each gram's list, to learn which to go on with
_MANY: Final = 2000  # of the gram's list, a request
_PEEKED: Final = 6  # grams
_CALLS: Final = 5  # times that more is read, before the caller is asked to go on or say more
_UNCHOSEN: Final = "?"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One organisation that a search found; `former` where only an earlier name matches."""

    subject: str
    name: str
    former: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a search goes on: behind place `after` of a list, `found` organisations having been
    found so far. `on` is empty for the names that begin with the fragment, `?` before a gram is
    chosen."""

    on: str = ""
    after: str = ""
    found: int = 0


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some results, and where to go on (None at the end).

    `narrow` where there are, or may be, more than a search finds: the fragment should say more.
    """

    found: tuple[Found, ...]
    rest: Place | None = None
    narrow: bool = False


class _Wanted(msgspec.Struct, frozen=True):
    """What is searched for: the fragment as one word, and what a name must hold."""

    whole: str
    terms: tuple[str, ...]

    def rank(self, text: str) -> int | None:
        """0 for the very name, 1 for one that begins so, 2 for one that holds it, else None."""
        if text.startswith(self.whole):
            return int(text != self.whole)
        return 2 if all(term in text for term in self.terms) else None

    def place(self, text: str, *, former: bool) -> tuple[Any, ...] | None:
        """Where a name stands among all that are found; None where it is not."""
        rank = self.rank(text)
        if rank is None:
            return None
        return (rank, text, former) if rank == 1 else (rank, former, text)

    def leads(self, posting: Posting) -> bool:
        """Whether a subject is found by this posting, not by another of its names or lists."""
        place = self.place(posting.text, former=posting.former)
        if place is None or (place[0] != 2) != posting.begins:  # noqa: PLR2004 - a rank
            return False
        others = (self.place(text, former=n > 0) for n, text in enumerate(posting.others))
        return all(other is None or place <= other for other in others)

    def is_name(self, postings: Sequence[Posting]) -> bool:
        """Whether any of them is of the very name: who asks for more goes on."""
        return any(posting.text == self.whole for posting in postings)


def search_names(
    fragment: str, day: date, rulebook: Rulebook, place: Place | None = None, limit: int = 20
) -> Page:
    """Organisations of which a name holds every word of `fragment`, or the one of which it is the
    code, from `place` on, as the public may see them on `day`. A page may hold few.

    Raises `E-NAME-01` or `E-NAME-02` where the fragment is too short or too common to search for.
    """
    code = normalise_code(fragment)
    if is_subject(code) and not is_person(code):
        return Page(found=tuple(_find_code(code, day, rulebook)))
    wanted = _Wanted(search_text(fragment), search_terms(fragment))
    place = place or Place()
    before = place.found
    rest: Place | None = place
    found: list[Found] = []
    calls = 0
    while rest is not None and len(found) < limit and calls < _CALLS:
        postings, rest = _read(wanted, rest)
        leading = [posting for posting in postings if wanted.leads(posting)]
        room = limit - len(found)
        if len(leading) > room:
            last = leading[room - 1]
            rest = Place(on="" if last.begins else last.list, after=last.place)
        found += _show(leading[:room], day, rulebook)
        calls += 1
        if rest is not None and rest.on == _UNCHOSEN and wanted.is_name(leading):
            break
    number = before + len(found)
    if rest is None or number >= MOST:
        return Page(found=tuple(found), narrow=rest is not None)
    rest = msgspec.structs.replace(rest, found=number)
    return Page(found=tuple(found), rest=rest, narrow=calls == _CALLS and len(found) < limit)


def find_exactly(name: str, day: date, rulebook: Rulebook) -> tuple[str, ...]:
    """The organisations that the public may see to have, or to have had, exactly this name."""
    text = search_text(name)
    on = store.beginning_with(text)
    postings, _ = store.find_postings(on, "", _FEW, f"{text}{store.END}")
    return tuple(dict.fromkeys(each.subject for each in _show(postings, day, rulebook)))


def find_named(subject: str, day: date, rulebook: Rulebook) -> list[Found]:
    """A subject under every name by which a search finds it, the present one first."""
    note = store.read_note(subject)
    return _show(note.postings if note else (), day, rulebook)


def _read(wanted: _Wanted, place: Place) -> tuple[Sequence[Posting], Place | None]:
    """The postings that come next, and where to go on after them."""
    if not place.on:
        on = store.beginning_with(wanted.whole)
        postings, after = store.find_postings(on, place.after, _FEW, wanted.whole)
        return postings, Place(after=after) if after else Place(on=_UNCHOSEN)
    if place.on == _UNCHOSEN:
        return _choose(wanted)
    postings, after = store.find_postings(place.on, place.after, _MANY)
    return postings, Place(on=place.on, after=after) if after else None


def _choose(wanted: _Wanted) -> tuple[Sequence[Posting], Place | None]:
    """The beginning of the gram's list to be searched, and where it goes on."""
    telling = tuple(dict.fromkeys(gram for term in wanted.terms for gram in grams(term)))
    step = -(-len(telling) // _PEEKED)
    begun: list[tuple[int, str, list[Posting], Place]] = []
    for gram in telling[::step]:
        postings, after = store.find_postings(gram, "", _PEEK)
        if not after:
            return postings, None
        held = sum(wanted.rank(posting.text) is not None for posting in postings)
        last = postings[-1].text
        reached = "" if last.startswith(gram) else last
        begun.append((held, reached, postings, Place(on=gram, after=after)))
    *_, postings, place = max(begun, key=lambda each: each[:2])
    return postings, place


def _show(postings: Sequence[Posting], day: date, rulebook: Rulebook) -> list[Found]:
    """Those of the organisations that the public may see, by names that are still theirs."""
    keys = [(posting.subject, f"{REGISTRATION}/{posting.record}") for posting in postings]
    rows = read_rows(dict.fromkeys(keys))
    found = []
    for posting, key in zip(postings, keys, strict=True):
        row = rows.get(key)
        shown = None if row is None else read_row(row, day, rulebook)
        if shown is not None:
            name = _name(shown)
            if posting.former:
                found.append(Found(subject=posting.subject, name=name, former=posting.name))
            elif search_text(name).startswith(posting.text):
                found.append(Found(subject=posting.subject, name=name))
    return found


def _find_code(code: str, day: date, rulebook: Rulebook) -> Sequence[Found]:
    """The organisation with this code, if the public may see anything of it."""
    named = find_named(code, day, rulebook)
    if named:
        return named[:1]
    anything = next(read_published(code, day, rulebook), None)
    return () if anything is None else (Found(subject=code, name=_name(anything)),)


def _name(shown: Shown) -> str:
    """The subject's name, as a record that is shown gives it."""
    _, item, decision = shown
    name = decision.fields.get(item.subject.name, "")
    return name if isinstance(name, str) else ""
