"""Why a record is shown as it is, until when, and which article says so (NJ-57)."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from chalicelib.archive.statements import RecordKey
from chalicelib.archive.visibility import Decision, Reason
from chalicelib.disclosure.codes import RECORD_UNKNOWN
from chalicelib.disclosure.explaining import explain
from chalicelib.disclosure.recipients.telling import hand_over, open_answer
from chalicelib.law.classes import Classification
from chalicelib.law.periods import Period
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.rules import Channel, Span
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.web.api.access import (
    READERS,
    QueryHeaders,
    admit_to,
    channel_of,
    prepare_entry,
)
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="archives", scope=Scope.QUERIES)

_EVERY_CHANNEL = frozenset({Role.SUBJECT, Role.OPERATOR})


class ChannelExplained(Struct, frozen=True, kw_only=True):
    """What becomes of the record over one channel: every rule that bears on it, strictest first."""

    outcome: str
    marks: tuple[str, ...]
    reasons: tuple[Reason, ...]


class RecordExplained(Struct, frozen=True, kw_only=True):
    """How the rules judge one record on a day.

    `classification` is of adverse records only; `periods` by what they limit (display 公示期限,
    query 查询期限), absent where the record states no date to count from. Who reads an archive from
    outside is told of the own channel only.
    """

    item: str
    record: str
    day: date
    rulebook: str
    catalogue_version: str
    classification: Classification | None
    periods: Mapping[Span, Period]
    channels: Mapping[Channel, ChannelExplained]


@api.endpoint(
    "GET",
    "/v1/archives/{subject}/records/{item}/{record}/explanation",
    summary="说明记录的分类、期限和依据 · Explain a record's class, periods and rules",
    headers=QueryHeaders,
    answers={200: RecordExplained},
    roles=READERS,
    refuses=frozenset({Kind.UNKNOWN}),
    limited="query",
)
def explain_record(
    subject: str, item: str, record: str, headers: QueryHeaders, caller: Caller, asked: Asked
) -> RecordExplained:
    """Class, start, end, reason, article and rule version of one record that the caller may see."""
    admit_to(subject, caller)
    answering = open_answer(prepare_entry(subject, caller, asked, headers))
    day = lawful_day(asked.at)
    rulebook = load_rulebook(settings().rulebook)
    explained = explain(RecordKey(subject, item, record), day, rulebook)
    channel = channel_of(caller, headers.papers)
    if explained is None or not explained.decisions[channel].shown:
        raise DomainError(RECORD_UNKNOWN)
    hand_over(answering, [explained.facts.key.path])
    told = (
        explained.decisions
        if caller.role in _EVERY_CHANNEL
        else {channel: explained.decisions[channel]}
    )
    return RecordExplained(
        item=item,
        record=record,
        day=day,
        rulebook=rulebook.version,
        catalogue_version=explained.facts.version,
        classification=explained.judgement.classification,
        periods=explained.judgement.periods,
        channels={each: _tell(decision) for each, decision in told.items()},
    )


def _tell(decision: Decision) -> ChannelExplained:
    return ChannelExplained(
        outcome=decision.outcome, marks=decision.marks, reasons=decision.reasons
    )
