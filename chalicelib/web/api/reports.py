"""Credit reports (信用报告): issued with a number, verified by anybody who holds one."""

import os
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from chalicelib.archive.profile import REGISTRATION, Profile
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.queries import Disclosed, read_archive
from chalicelib.disclosure.recipients.telling import hand_over
from chalicelib.law.rulebook import load_rulebook
from chalicelib.reports.codes import REPORT_UNKNOWN
from chalicelib.reports.disclosed import report_record
from chalicelib.reports.issuing import issue_standard_report
from chalicelib.reports.model import ReportSubject, StandardReport
from chalicelib.reports.verify import verify
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import is_person
from chalicelib.web.api.access import (
    ASKERS,
    OpeningHeaders,
    open_archive,
)
from chalicelib.web.api.replays import find_moment, read_day
from chalicelib.web.callers import Caller
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="reports", scope=Scope.REPORTS)


class ReportWanted(Input, frozen=True):
    """Which report, the standard one so far; `as_of` a past day, or as things are now."""

    kind: Literal["standard"]
    as_of: date | None = None


class ReportIssued(Struct, frozen=True, kw_only=True):
    """A report, and the SHA-256 of its JSON by which it is verified.

    `content_digest` is that of its JSON without `number` and `generated`: two reports of the same
    past day have the same, once that day is `final`.
    """

    number: str
    digest: str
    content_digest: str
    final: bool
    report: StandardReport


class ReportVerified(Struct, frozen=True, kw_only=True):
    """That a report was issued: never what is in it."""

    number: str
    kind: str
    subject_name: str
    generated_at: datetime
    digest: str


@api.endpoint(
    "POST",
    "/v1/archives/{subject}/reports",
    summary="出具信用报告 · Issue a credit report",
    request=ReportWanted,
    headers=OpeningHeaders,
    answers={201: ReportIssued},
    roles=ASKERS,
    refuses=frozenset({Kind.UNKNOWN, Kind.FORBIDDEN, Kind.TOO_LARGE}),
    limited="report",
)
def issue_report(
    subject: str, body: ReportWanted, headers: OpeningHeaders, caller: Caller, asked: Asked
) -> Answer:
    """A standard report (JS-23). It is made to be handed on, so it holds what the subject could
    authorise a third party to see: nothing ended, nothing repaired, no full paper number, neither
    of today nor of a past day."""
    today, past = lawful_day(asked.at), read_day(body.as_of, asked)
    opened = open_archive(subject, caller, asked, headers, report=body.kind, as_of=past)
    moment = find_moment(past, asked)
    rulebook = load_rulebook(settings().rulebook)
    reading = read_archive(subject, opened.viewer, "authorised", today, rulebook, as_of=past)
    issued = issue_standard_report(
        _name_subject(reading.profile, reading.disclosed),
        [report_record(each) for each in reading.disclosed],
        reading.keys,
        generated=asked.at,
        as_of=moment.as_of,
        rulebook=rulebook,
        catalogue=load_catalogue(past or today),
        randomness=os.urandom,
    )
    paths = [each.path for each in reading.disclosed]
    hand_over(opened.answering, paths, report=issued.number)
    log(LogCode.QUERY_ANSWERED, channel=opened.channel, records=len(paths))
    told = ReportIssued(
        number=issued.number,
        digest=issued.digest,
        content_digest=issued.content_digest,
        final=moment.final,
        report=issued.report,
    )
    return Answer(told, 201)


@api.endpoint(
    "GET",
    "/v1/reports/{number}/verification",
    summary="核验信用报告 · Verify a report",
    answers={200: ReportVerified},
    public=True,
    refuses=frozenset({Kind.UNKNOWN}),
    limited="verify",
)
def verify_report(number: str) -> ReportVerified:
    """Whether a report of this number was issued, on whom (masked), and its digest."""
    known = verify(number)
    if known is None:
        raise DomainError(REPORT_UNKNOWN)
    return ReportVerified(
        number=known.number,
        kind=known.kind,
        subject_name=known.subject_name,
        generated_at=known.generated,
        digest=known.digest,
    )


def _name_subject(profile: Profile, disclosed: Sequence[Disclosed]) -> ReportSubject:
    """An organisation as registered; a person, or who is not registered, as last reported."""
    subject = profile.subject
    if profile.name:
        return ReportSubject(key=subject, name=profile.name, code=subject)
    own = (each for each in disclosed if each.entered_from is None)
    telling = max(own, key=_tells_name, default=None)
    name = telling.decision.fields.get(telling.item.subject.name, "") if telling else ""
    code = "" if is_person(subject) else subject
    return ReportSubject(key=subject, name=name if isinstance(name, str) else "", code=code)


def _tells_name(each: Disclosed) -> tuple[bool, str]:
    return each.item.id == REGISTRATION, each.facts.said
