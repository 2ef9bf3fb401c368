"""Credit reports (信用报告): a subject takes its own and prints it; whoever holds one verifies it."""

from datetime import datetime
from typing import Annotated, Any, Final

from msgspec import Meta

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.law.rules import Label
from chalicelib.reports.codes import REPORT_UNKNOWN
from chalicelib.reports.model import Group, ReportRecord
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.web.api.access import OpeningHeaders, QueryHeaders, viewer_of
from chalicelib.web.api.archives import EntriesShown, list_queries
from chalicelib.web.api.reports import (
    ReportIssued,
    ReportVerified,
    ReportWanted,
    issue_report,
    verify_report,
)
from chalicelib.web.inputs import Input, PageQuery
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.entries import view_entry
from chalicelib.web.portal.errors import say_whole
from chalicelib.web.portal.navigation import with_parameter
from chalicelib.web.portal.records import say_article, say_value, say_word
from chalicelib.web.portal.visits import Shown, Visit

PLACE: Final = "/me/report"
VERIFYING: Final = "/verify"


class Numbered(Input, frozen=True):
    """A report's number as somebody typed it."""

    number: Annotated[str, Meta(max_length=64)] = ""


def offer(visit: Visit) -> Shown:
    """What a report holds, and the button that takes one."""
    if viewer_of(visit.caller).subject is None:
        return Shown("own_none.html", {"section": PLACE})
    return Shown("report_offer.html", {"section": PLACE, "place": PLACE})


def take(visit: Visit) -> Shown:
    """The visitor's own report (JS-23), to be read and printed.

    Beside it stand the latest queries of the archive (NJ-57), which are no part of the report.
    """
    subject = viewer_of(visit.caller).subject
    if subject is None:
        raise DomainError(ARCHIVE_UNKNOWN)
    wanted, headers = ReportWanted(kind="standard"), OpeningHeaders()
    issued: ReportIssued = ask(visit, issue_report, subject=subject, body=wanted, headers=headers)
    queries = ask(visit, list_queries, subject=subject, query=PageQuery(), headers=QueryHeaders())
    return print_report(visit, issued, queries)


def print_report(visit: Visit, issued: ReportIssued, queries: EntriesShown | None = None) -> Shown:
    """A report that was issued, to be read and printed; `queries` are told to its subject alone."""
    report = issued.report

    def say(label: Label) -> str:
        return visit.say(label.zh, label.en)

    return Shown(
        "report.html",
        {
            "issued": issued,
            "report": report,
            "say": say,
            "generated": datetime.fromisoformat(report.generated),
            "as_of": datetime.fromisoformat(report.as_of),
            "chapters": [
                (each, [_view_group(group, visit) for group in each.groups if group.records])
                for each in report.chapters
            ],
            "entries": [view_entry(entry, visit) for entry in queries.queries] if queries else [],
            "address": settings().public_url + VERIFYING,
            "to_verify": with_parameter(VERIFYING, "number", issued.number),
        },
    )


def verify(visit: Visit) -> Shown:
    """Whether a report of this number was issued, on whom and when: nothing of what is in it."""
    number = visit.read(Numbered).number.strip()
    found: ReportVerified | None = None
    trouble = ""
    if number:
        try:
            found = ask(visit, verify_report, number=number)
        except DomainError as error:
            if error.code is not REPORT_UNKNOWN:
                raise
            trouble = say_whole(error, visit)
    return Shown(
        "verify.html",
        {
            "number": number,
            "found": found,
            "kind": say_word("report", found.kind, visit) if found else "",
            "trouble": trouble,
            "place": VERIFYING,
        },
        404 if trouble else 200,
    )


def _view_group(group: Group, visit: Visit) -> dict[str, Any]:
    return {
        "title": visit.say(group.title.zh, group.title.en),
        "records": [_view_record(each, group.item, visit) for each in group.records],
    }


def _view_record(record: ReportRecord, item: str, visit: Visit) -> dict[str, Any]:
    fields = load_catalogue(lawful_day(visit.asked.at)).item_held(item).fields
    period = record.period
    return {
        "marks": [visit.say(each.label.zh, each.label.en) for each in record.annotations],
        "fields": [
            (
                visit.say(each.label.zh, each.label.en),
                say_value(each.value, fields.get(each.name), visit),
            )
            for each in record.fields
        ],
        "said": datetime.fromisoformat(record.said_at).date(),
        "last": period.last_day if period else None,
        "article": say_article(period.article, visit) if period else "",
    }
