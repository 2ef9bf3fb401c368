"""Credit reports (信用报告): issued with a number, verified by anybody who holds one."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.archive.profile import REGISTRATION, read_profiles
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure import ledger
from chalicelib.disclosure.queries import Disclosed, read_archive
from chalicelib.law.rulebook import load_rulebook
from chalicelib.reports.codes import REPORT_UNKNOWN
from chalicelib.reports.issuing import issue_standard_report
from chalicelib.reports.model import DisclosedRecord, ReportSubject, StandardReport
from chalicelib.reports.verify import verify
from chalicelib.runtime.clock import lawful_day, moment_of
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import is_person
from chalicelib.web.api.access import (
    READERS,
    QueryHeaders,
    admit_to,
    channel_of,
    prepare_entry,
    viewer_of,
)
from chalicelib.web.callers import Caller
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input

api = Api(__name__, tag="reports")


class ReportWanted(Input, frozen=True):
    """Which report; the standard one so far."""

    kind: Literal["standard"]


class ReportIssued(Struct, frozen=True, kw_only=True):
    """A report, and the SHA-256 of its JSON by which it is verified."""

    number: str
    digest: str
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
    headers=QueryHeaders,
    answers={201: ReportIssued},
    roles=READERS,
    refuses=frozenset({Kind.UNKNOWN}),
)
def issue_report(subject: str, headers: QueryHeaders, caller: Caller, asked: Asked) -> Answer:
    """A standard report (JS-23). It is made to be handed on, so it holds what the subject could
    authorise a third party to see: nothing ended, nothing repaired, no full paper number."""
    admit_to(subject, caller)
    prepared = prepare_entry(subject, caller, asked, headers)
    rulebook = load_rulebook(settings().rulebook)
    reading = read_archive(subject, viewer_of(caller), "authorised", lawful_day(asked.at), rulebook)
    issued = issue_standard_report(
        _name_subject(subject, reading.disclosed),
        [_report_record(each) for each in reading.disclosed],
        reading.keys,
        generated=asked.at,
        as_of=asked.at,
        rulebook=rulebook,
        catalogue=load_catalogue(),
        randomness=os.urandom,
    )
    paths = [each.facts.key.path for each in reading.disclosed]
    ledger.hand_over(prepared, paths, report=issued.number)
    log(LogCode.QUERY_ANSWERED, channel=channel_of(caller), records=len(paths))
    told = ReportIssued(number=issued.number, digest=issued.digest, report=issued.report)
    return Answer(told, 201)


@api.endpoint(
    "GET",
    "/v1/reports/{number}/verification",
    summary="核验信用报告 · Verify a report",
    answers={200: ReportVerified},
    public=True,
    refuses=frozenset({Kind.UNKNOWN}),
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


def _name_subject(subject: str, disclosed: Sequence[Disclosed]) -> ReportSubject:
    """An organisation as registered; a person, or who is not registered, as last reported."""
    profile = read_profiles([subject]).get(subject)
    if profile is not None and profile.name:
        return ReportSubject(key=subject, name=profile.name, code=subject)
    telling = max(disclosed, key=_tells_name, default=None)
    name = telling.decision.fields.get(telling.item.subject.name, "") if telling else ""
    code = "" if is_person(subject) else subject
    return ReportSubject(key=subject, name=name if isinstance(name, str) else "", code=code)


def _tells_name(each: Disclosed) -> tuple[bool, str]:
    return each.item.id == REGISTRATION, each.facts.said


def _report_record(each: Disclosed) -> DisclosedRecord:
    period = each.decision.period
    return DisclosedRecord(
        item=each.item.id,
        record=each.facts.key.record,
        provider=each.facts.provider,
        said_at=moment_of(each.facts.said),
        fields=each.decision.fields,
        annotations=each.decision.marks,
        last_day=period.last_day if period else None,
        article=period.source if period else "",
    )
