"""Queries of one archive (查询): every record laid open, and decided on for whoever asks."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice
from typing import Final

import msgspec

from chalicelib.archive.facts import Facts, lay_open, people_in, precedence_of
from chalicelib.archive.fold import Record, fold
from chalicelib.archive.profile import REGISTRATION, Profile, fold_profile, read_profiles
from chalicelib.archive.replay import INSIDE, held_by, last_instant, restrict, words_today
from chalicelib.archive.statements import Holding, RecordKey
from chalicelib.archive.store import read_records
from chalicelib.archive.visibility import PUBLIC, Decision, Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.entries.deciding import decide_entry, lay_open_for
from chalicelib.disclosure.entries.pointers import read_entered
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.clock import stamp
from chalicelib.subjects.identities import find_by_subject


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """One record that may be shown, with the decision that says so.

    `entered_from` is the organisation whose record it is, where it is entered for a responsible
    person (NJ-43) in the archive that was asked for.
    """

    item: Item
    facts: Facts
    decision: Decision
    entered_from: str | None = None

    @property
    def path(self) -> str:
        """The record's name inside the archive that was asked for."""
        path = self.facts.key.path
        return path if self.entered_from is None else f"{self.entered_from}/{path}"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a query may show: the subject's names and records.

    `keys` are those of the persons whose values are laid open in it. `rest` is the record (its
    `path`) behind which the archive goes on, None where the reading reaches its end.
    """

    profile: Profile
    disclosed: tuple[Disclosed, ...]
    keys: Mapping[str, bytes]
    rest: str | None = None


class Portion(msgspec.Struct, frozen=True):
    """A part of an archive: the records behind the one of the path `after`, `most` of them.

    Records count that are held on the day that is asked about, whether or not they are shown; so of
    a past day the portions stay the same, whatever is added or withheld later.
    """

    after: str = ""
    most: int | None = None


WHOLE: Final = Portion()
"""Every record."""


class _Asking(msgspec.Struct, frozen=True):
    """Whose archive is asked for (empty: any), who looks over which channel, under which rules."""

    subject: str
    viewer: Viewer
    channel: Channel
    rulebook: Rulebook
    ceased: date | None = None

    def fold(self, holding: Holding, day: date) -> "_Folded":
        item = load_catalogue(day).item_held(holding.key.item)
        return _Folded(day, item, fold(holding, precedence_of(item, self.rulebook, day)))

    def enters(self, key: RecordKey) -> bool:
        """Whether it is another's record, entered in the archive that is asked for."""
        return bool(self.subject) and key.subject != self.subject

    def path_of(self, key: RecordKey) -> str:
        """The record's name inside the archive that is asked for."""
        return str(key) if self.enters(key) else key.path

    def people_in(self, case: "_Case") -> set[str]:
        """Whose keys are needed: of others' records, that of the archive's own person only."""
        return {self.subject} if self.enters(case.holding.key) else case.people

    def people_among(self, cases: Iterable["_Case"]) -> set[str]:
        """Whose keys are needed to lay all of `cases` open."""
        return {person for case in cases for person in self.people_in(case)}

    def lay_open(self, folded: "_Folded", keys: Mapping[str, bytes]) -> Facts:
        if self.enters(folded.record.key):
            return lay_open_for(self.subject, folded.record, folded.item, keys)
        return lay_open(folded.record, keys, self.ceased)

    def decide(self, facts: Facts, folded: "_Folded") -> Decision:
        asked = (folded.item, self.viewer, self.channel, folded.day, self.rulebook)
        if self.enters(facts.key):
            return decide_entry(self.subject, facts, *asked)
        return decide(facts, *asked)


class _Folded(msgspec.Struct, frozen=True):
    """A record as it stood on a day, and its item as of that day."""

    day: date
    item: Item
    record: Record


class _Case(msgspec.Struct, frozen=True):
    """A record on the day that is asked about; and on the day of asking, where that limits it."""

    holding: Holding
    then: _Folded
    now: _Folded | None

    @property
    def people(self) -> set[str]:
        return people_in(self.then.record) | (people_in(self.now.record) if self.now else set())


def read_archive(
    subject: str,
    viewer: Viewer,
    channel: Channel,
    day: date,
    rulebook: Rulebook,
    item: str = "",
    as_of: date | None = None,
    portion: Portion = WHOLE,
) -> Reading:
    """What `viewer` may see on `day` of a subject's records, of one item or of all.

    With `as_of`, a day before: what the archive held at the end of it (`archive.replay`), by the
    rules and the catalogue then in force. Over the channels that lead outward it shows nothing that
    is withheld on `day`: what was repaired, annulled, deleted or hidden, or has ended since, is not
    to be had by asking for the past. The values of persons erased since are gone everywhere.

    Of a person it includes what is entered from organisations' records (NJ-43; `disclosure.entries`),
    behind the person's own. A long archive is read in portions.

    The caller writes the ledger entry first.
    """
    asking = _Asking(subject, viewer, channel, rulebook)
    holdings = _hold(asking, item, portion.after)
    found: Iterator[_Case]
    if as_of is None:
        profile = read_profiles([subject]).get(subject) or Profile(subject=subject)
        found = (_Case(holding, asking.fold(holding, day), None) for holding in holdings)
    else:
        profile = _replay_profile(subject, channel, day, as_of)
        found = _replay(holdings, asking, day, as_of)
    cases = list(islice(found, portion.most))
    more = next(found, None) is not None
    reading = _read(asking, profile, cases, _find_keys(asking.people_among(cases)))
    rest = asking.path_of(cases[-1].holding.key) if cases and more else None
    return msgspec.structs.replace(reading, rest=rest)


def read_archives(
    subjects: Collection[str], viewer: Viewer, channel: Channel, day: date, rulebook: Rulebook
) -> dict[str, Reading]:
    """What `read_archive` says of each of some subjects now, with fewer requests than one by one.

    The caller writes the ledger entries first.
    """
    profiles = read_profiles(subjects)
    asked: list[tuple[_Asking, list[_Case]]] = []
    for subject in subjects:
        asking = _Asking(subject, viewer, channel, rulebook)
        cases = [_Case(each, asking.fold(each, day), None) for each in _hold(asking)]
        asked.append((asking, cases))
    keys = _find_keys({person for asking, cases in asked for person in asking.people_among(cases)})
    readings: dict[str, Reading] = {}
    for asking, cases in asked:
        own = {person: keys[person] for person in asking.people_among(cases) if person in keys}
        profile = profiles.get(asking.subject) or Profile(subject=asking.subject)
        readings[asking.subject] = _read(asking, profile, cases, own)
    return readings


def _hold(asking: _Asking, item: str = "", after: str = "") -> Iterator[Holding]:
    """The records of whoever is asked about, of one item or of all; a mark alone says nothing.

    Own records first, then those that are entered, which are named by three things (`path_of`).
    """
    entered = after if after.count("/") > 1 else ""
    own = () if entered else read_records(asking.subject, f"{item}/" if item else "", after)
    holdings = chain(own, read_entered(asking.subject, item, asking.rulebook, entered))
    return (holding for holding in holdings if holding.statements)


def _find_keys(people: Collection[str]) -> dict[str, bytes]:
    found = find_by_subject(people) if people else {}
    return {person.subject: person.key for person in found.values() if person.key is not None}


def _read(
    asking: _Asking, profile: Profile, cases: Iterable[_Case], keys: Mapping[str, bytes]
) -> Reading:
    known = msgspec.structs.replace(asking, ceased=profile.ceased)
    decided = (_decide(case, known, keys) for case in cases)
    return Reading(
        profile=profile,
        disclosed=tuple(each for each in decided if each.decision.shown),
        keys=keys,
    )


def replay_published(
    holding: Holding, day: date, as_of: date, rulebook: Rulebook
) -> Disclosed | None:
    """What the public might see of a record on `as_of`, as far as it still may on `day`."""
    asking = _Asking("", PUBLIC, "public", rulebook)
    for case in _replay([holding], asking, day, as_of):
        disclosed = _decide(case, asking, {})
        if disclosed.decision.shown:
            return disclosed
    return None


def _replay(
    holdings: Iterable[Holding], asking: _Asking, day: date, as_of: date
) -> Iterator[_Case]:
    moment = stamp(last_instant(as_of))
    limited = asking.channel not in INSIDE
    return (
        _Case(holding, asking.fold(held, as_of), asking.fold(holding, day) if limited else None)
        for holding in holdings
        if (held := held_by(holding, moment)).statements
    )


def _decide(case: _Case, asking: _Asking, keys: Mapping[str, bytes]) -> Disclosed:
    facts = asking.lay_open(case.then, keys)
    decision = asking.decide(facts, case.then)
    if case.now is not None and decision.shown:
        now = asking.lay_open(case.now, keys)
        words = words_today(facts, now, case.holding)
        decision = restrict(decision, asking.decide(now, case.now), asking.decide(words, case.now))
    key = case.holding.key
    return Disclosed(
        item=case.then.item,
        facts=facts,
        decision=decision,
        entered_from=key.subject if asking.enters(key) else None,
    )


def _replay_profile(subject: str, channel: Channel, day: date, as_of: date) -> Profile:
    """The profile at the end of `as_of`; outward, only names that are still the subject's, and its
    end as it is known on `day`."""
    registrations = list(read_records(subject, f"{REGISTRATION}/"))
    moment = stamp(last_instant(as_of))
    past = [then for each in registrations if (then := held_by(each, moment)).size]
    profile, _ = fold_profile(subject, past, load_catalogue(as_of).item_held(REGISTRATION))
    if channel in INSIDE:
        return profile
    today, _ = fold_profile(subject, registrations, load_catalogue(day).item_held(REGISTRATION))
    return msgspec.structs.replace(
        profile,
        name=profile.name if profile.name in today.names else "",
        former=tuple(name for name in profile.former if name in today.names),
        ceased=today.ceased,
    )
