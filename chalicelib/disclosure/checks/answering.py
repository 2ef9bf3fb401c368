"""Answering rows: entered in the ledger first, read, handed over, and only then told.

Each subject of a part is one query with one entry, whose id follows from the check: done again it is
the same query. Entries and hand-overs are written for many subjects at a time; what is shown is
decided for each by the same functions as in a single query.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from chalicelib.archive.profile import REGISTRATION, Profile, read_profiles
from chalicelib.archive.visibility import PUBLIC
from chalicelib.disclosure import ledger
from chalicelib.disclosure.checks.codes import NAME_DIFFERS
from chalicelib.disclosure.checks.identifying import Target, identify, missing, subjects_of
from chalicelib.disclosure.checks.registering import wanted_by
from chalicelib.disclosure.checks.values import Answer, Asked, Check, Status, tell
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.disclosure.grants.giving import check_way
from chalicelib.disclosure.grants.using import use_grant
from chalicelib.disclosure.grants.values import Grant, Wanted
from chalicelib.disclosure.grants.values import Scope as Granted
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.queries import read_archives
from chalicelib.disclosure.recipients.telling import Answering, hand_over_all, open_answer
from chalicelib.disclosure.shares.contents import scope_of
from chalicelib.disclosure.shares.using import demand_share, enter_all
from chalicelib.disclosure.shares.values import Scope as Shared
from chalicelib.disclosure.showing import ShownRecord, show_record
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime.cipher import short_hash
from chalicelib.runtime.clock import lawful_day, moment_of
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import mask_number
from chalicelib.subjects.names import Likeness, same_name

NOBODY: Final = "-"
"""The ledger of lookups that found no archive."""

_SAME: Final = frozenset({Likeness.SAME, Likeness.SAME_AFTER_NORMALISING})


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a check that is being answered; `at` (`stamp` text) is the time of its entries."""

    check: Check
    number: int
    at: str
    now: datetime
    rulebook: Rulebook

    @property
    def day(self) -> date:
        """The lawful day on which is decided what may be seen."""
        return lawful_day(self.now)

    def entry_id(self, *names: str) -> str:
        """The id of the entry of one query of this part."""
        return short_hash("/".join((self.check.id, str(self.number), *names)).encode())


class Answered(msgspec.Struct, frozen=True):
    """An answer, and the keys of the persons whose values are in it."""

    answer: Answer
    keys: Mapping[str, bytes]


class _Query(msgspec.Struct, frozen=True, kw_only=True):
    """A query that stands in the ledger: about whom, over which channel, within which scope."""

    subject: str
    channel: Channel
    answering: Answering
    scope: Granted | Shared | None = None


class _Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a query may tell; `paths` name the records, `keys` are those of the persons in them."""

    profile: Profile
    records: tuple[ShownRecord, ...]
    paths: tuple[str, ...]
    keys: Mapping[str, bytes]


_Key = tuple[str, str]
"""A subject, and the grant under which it is asked about (empty for none)."""


def answer_rows(part: Part, rows: Sequence[Asked]) -> list[Answered]:
    """The answers to `rows`, in their order.

    Raises:
        TableBusy: DynamoDB kept refusing; nothing may be told, and the part is to be done again.
    """
    targets = identify(rows, part.check, part.day, part.rulebook)
    ledger.prepare_all(_entries_of_missed(part, targets))
    queries, refusals = _open(part, targets)
    shown = _read(part, queries)
    hand_over_all((query.answering, shown[key].paths) for key, query in queries.items())
    return [_tell(part.check, each, queries, refusals, shown) for each in targets]


# -- before the archive is read --------------------------------------------------------------------


def _entries_of_missed(part: Part, targets: Iterable[Target]) -> Iterable[ledger.Entry]:
    """That somebody looked for persons who have no archive, as a single lookup notes it."""
    for target in targets:
        if target.missed_person and not target.row.grant:
            yield _entry(part, NOBODY, part.entry_id(NOBODY, str(target.row.row)))


def _open(
    part: Part, targets: Sequence[Target]
) -> tuple[dict[_Key, _Query], dict[_Key, DomainError]]:
    """Enter every query in the ledger; those under grants or a share that is not allowed are refused."""
    plain = subjects_of(target for target in targets if not target.row.grant)
    queries, refusals = _open_plain(part, plain)
    granted = {_key(target) for target in targets if target.subject and target.row.grant}
    for key in sorted(granted):
        try:
            queries[key] = _open_granted(part, *key)
        except DomainError as refusal:
            refusals[key] = refusal
    return queries, refusals


def _open_plain(
    part: Part, subjects: Sequence[str]
) -> tuple[dict[_Key, _Query], dict[_Key, DomainError]]:
    """Enter the queries of rows without a grant: all of them, or none where a share is over."""
    entries = [_entry(part, subject, part.entry_id(subject)) for subject in subjects]
    if part.check.channel != "shared":
        return _queries(part, ledger.prepare_all(entries), None), {}
    try:
        share = demand_share(part.check.basis, wanted_by(part.check), part.now)
    except DomainError as refusal:
        return {}, {(subject, ""): refusal for subject in subjects}
    scope = scope_of(share, part.day, part.rulebook)
    return _queries(part, enter_all(share, entries), scope), {}


def _queries(
    part: Part, entered: Iterable[ledger.Prepared], scope: Shared | None
) -> dict[_Key, _Query]:
    return {
        (prepared.subject, ""): _Query(
            subject=prepared.subject,
            channel=part.check.channel,
            answering=open_answer(prepared),
            scope=scope,
        )
        for prepared in entered
    }


def _entry(part: Part, subject: str, entry_id: str) -> ledger.Entry:
    check = part.check
    return ledger.Entry(
        id=entry_id,
        subject=subject,
        at=moment_of(part.at),
        by=check.asker.by,
        role=check.asker.role,
        channel=check.channel,
        purpose=check.purpose,
        basis=f"{check.id} {check.basis}",
        organisation=check.asker.organisation,
        organisation_name=check.asker.organisation_name,
    )


def _open_granted(part: Part, subject: str, grant: str) -> _Query:
    """Raises `E-ARCHIVE-01` where the grant does not allow it, `E-GRANT-02`."""
    if not part.check.asker.by_grant:
        raise DomainError(ARCHIVE_UNKNOWN)
    check_way("online", part.day, part.rulebook)
    entry_id = part.entry_id(subject, grant)
    made = ledger.Entry(
        id=entry_id,
        subject=subject,
        at=moment_of(part.at),
        by=part.check.asker.by,
        role=part.check.asker.role,
        channel="authorised",
        purpose=part.check.purpose,
        basis=grant,
    )

    def enter(found: Grant) -> ledger.Entry:
        return msgspec.structs.replace(
            made, organisation=found.terms.recipient, organisation_name=found.recipient_name
        )

    wanted = Wanted(
        subject=subject,
        recipient=part.check.asker.party,
        purpose=part.check.purpose,
        entry=made.key,
    )
    use = use_grant(grant, wanted, part.now, enter)
    return _Query(
        subject=subject,
        channel="authorised",
        answering=open_answer(use.prepared),
        scope=use.grant.terms.scope,
    )


# -- reading ---------------------------------------------------------------------------------------


def _read(part: Part, queries: Mapping[_Key, _Query]) -> dict[_Key, _Shown]:
    shown: dict[_Key, _Shown] = {}
    for channel in {query.channel for query in queries.values()}:
        asked = {key: query for key, query in queries.items() if query.channel == channel}
        subjects = list(dict.fromkeys(query.subject for query in asked.values()))
        read = _read_public if channel == "public" else _read_archives
        found = read(part, subjects, channel)
        shown |= {key: _within(query.scope, found[query.subject]) for key, query in asked.items()}
    return shown


def _read_archives(part: Part, subjects: Sequence[str], channel: Channel) -> dict[str, _Shown]:
    readings = read_archives(subjects, PUBLIC, channel, part.day, part.rulebook)
    return {
        subject: _Shown(
            profile=reading.profile,
            records=tuple(
                show_record(each.facts, each.item, each.decision, entered_from=each.entered_from)
                for each in reading.disclosed
            ),
            paths=tuple(each.path for each in reading.disclosed),
            keys=reading.keys,
        )
        for subject, reading in readings.items()
    }


def _read_public(part: Part, subjects: Sequence[str], _: Channel) -> dict[str, _Shown]:
    """What everybody may see of organisations."""
    profiles = read_profiles(subjects)
    shown = {}
    for subject in subjects:
        published = list(read_published(subject, part.day, part.rulebook))
        registered = any(item.id == REGISTRATION for _, item, _ in published)
        profile = profiles.get(subject) if registered else None
        shown[subject] = _Shown(
            profile=profile or Profile(subject=subject),
            records=tuple(show_record(*each) for each in published),
            paths=tuple(facts.key.path for facts, _, _ in published),
            keys={},
        )
    return shown


def _within(scope: Granted | Shared | None, shown: _Shown) -> _Shown:
    """What of `shown` the scope of a grant or share lets out."""
    if scope is None:
        return shown
    held = [
        (record, path)
        for record, path in zip(shown.records, shown.paths, strict=True)
        if scope.holds(record.item, record.provider)
    ]
    records, paths = tuple(record for record, _ in held), tuple(path for _, path in held)
    return msgspec.structs.replace(shown, records=records, paths=paths)


# -- telling ---------------------------------------------------------------------------------------


def _tell(
    check: Check,
    target: Target,
    queries: Mapping[_Key, _Query],
    refusals: Mapping[_Key, DomainError],
    shown: Mapping[_Key, _Shown],
) -> Answered:
    key = _key(target)
    if not target.subject:
        return Answered(_tell_nothing(target), {})
    if key in refusals:
        return Answered(_tell_refusal(target, refusals[key]), {})
    seen = shown[key]
    if not seen.profile.name and not seen.records:
        return Answered(_tell_nothing(missing(target.row)), {})
    differs = _differs(target, seen.profile)
    answer = Answer(
        row=target.row.row,
        status=Status.FOUND,
        asked=_asked(target.row),
        channel=queries[key].channel,
        subject=target.subject,
        name=seen.profile.name,
        counts=Counter(record.category for record in seen.records),
        records=seen.records if check.detail == "records" else (),
        told=tell(NAME_DIFFERS) if differs else None,
    )
    return Answered(answer, seen.keys)


def _tell_nothing(target: Target) -> Answer:
    return Answer(
        row=target.row.row,
        status=target.status,
        asked=_asked(target.row),
        candidates=target.candidates,
        told=target.told,
    )


def _tell_refusal(target: Target, refusal: DomainError) -> Answer:
    if refusal.code is ARCHIVE_UNKNOWN:
        return _tell_nothing(missing(target.row))
    return Answer(
        row=target.row.row,
        status=Status.REFUSED,
        asked=_asked(target.row),
        told=tell(refusal.code, **refusal.values),
    )


def _differs(target: Target, profile: Profile) -> bool:
    """Whether the row names an organisation by its code, and otherwise than it is registered."""
    row = target.row
    if not row.subject or not row.name or not profile.names:
        return False
    return all(same_name(row.name, known) not in _SAME for known in profile.names)


def _asked(row: Asked) -> str:
    return row.subject or (mask_number(row.paper_number) if row.paper_number else row.name)


def _key(target: Target) -> _Key:
    return target.subject, target.row.grant
