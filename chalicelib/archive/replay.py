"""Replay: what the archive held at the end of a past day, and what may be told of it (DESIGN §4).

The archive only grows, and everything in it carries the moment of its registration, so the past is
a part of the present. What has left it lawfully has left its past too: the values of a person who
was erased (JS-30) open on no day any more.
"""

from datetime import date, datetime, time
from typing import get_args

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.fold import fold
from chalicelib.archive.statements import Holding
from chalicelib.archive.visibility import Decision
from chalicelib.law.rules import Channel, Treatment
from chalicelib.runtime.clock import LAWFUL_ZONE

INSIDE: frozenset[Channel] = frozenset({"own", "operator", "judicial"})
"""Channels over which the past is told as it was (OWN). Over all others a replay never shows what
may not be shown any more."""

_LAST = time(23, 59, 59, 999_000)
_STRICTNESS: tuple[Treatment, ...] = get_args(Treatment)


def last_instant(day: date) -> datetime:
    """The last moment of a lawful day that a `stamp` can tell."""
    return datetime.combine(day, _LAST, LAWFUL_ZONE)


def held_by(holding: Holding, moment: str) -> Holding:
    """What of `holding` was registered by `moment` (`stamp` text), that moment included.

    A statement's `first` is its earliest assertion, so it is held from then on.
    """
    return msgspec.structs.replace(
        holding,
        statements=tuple(each for each in holding.statements if each.first.registered <= moment),
        assertions=tuple(each for each in holding.assertions if each[1].registered <= moment),
        marks=tuple(each for each in holding.marks if each.at <= moment),
        followed=tuple(
            each for each in holding.followed if max(each.since, each.mark.at) <= moment
        ),
    )


def words_today(then: Facts, now: Facts, holding: Holding) -> Facts:
    """The words of `then` as they stand under what is noted on the record now.

    They are nobody's any more where their provider has taken back all that it said in `holding`.
    """
    own = tuple(each for each in holding.statements if each.provider == then.provider)
    standing = fold(msgspec.structs.replace(holding, statements=own)).current is not None
    return msgspec.structs.replace(then, marks=now.marks, said=then.said if standing else "")


def restrict(then: Decision, now: Decision, words: Decision) -> Decision:
    """The decision of a past day, limited by today's.

    `now` decides today on the record as it stands, `words` on what was said then (`words_today`).
    What any of the three withholds is withheld; of a field, the least that `then` and `words` show.
    """
    decisions = (then, now, words)
    told = dict.fromkeys(reason for each in decisions for reason in each.reasons)
    reasons = tuple(sorted(told, key=lambda reason: -_STRICTNESS.index(reason.treatment)))
    outcome = reasons[0].treatment
    if outcome == "withheld":
        return msgspec.structs.replace(
            then, outcome=outcome, reasons=reasons, fields={}, masked=(), marks=()
        )
    fields = {
        name: words.fields[name] if name in words.masked else value
        for name, value in then.fields.items()
        if name in words.fields
    }
    return msgspec.structs.replace(
        then,
        outcome=outcome,
        reasons=reasons,
        fields=fields,
        masked=tuple(name for name in fields if name in {*then.masked, *words.masked}),
        marks=tuple(dict.fromkeys(mark for each in decisions for mark in each.marks)),
    )
