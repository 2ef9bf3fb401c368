"""Grants (授权) on a third party's pages: asking for them, those that it holds, reading under one."""

import base64
import os
from functools import partial
from typing import Annotated, Final

from msgspec import Meta

from chalicelib.web.api.access import OpeningHeaders, QueryHeaders
from chalicelib.web.api.archives import ArchiveQuery, ArchiveShown, read_subject_archive
from chalicelib.web.api.grants import (
    GrantAsked,
    ask_for_grant,
    list_received,
    read_grant,
)
from chalicelib.web.api.grants_shown import GrantsShown
from chalicelib.web.api.reports import ReportIssued, ReportWanted, issue_report
from chalicelib.web.inputs import Cursor, Input, PageQuery
from chalicelib.web.portal import grants
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.pages.reports import print_report
from chalicelib.web.portal.records import arrange, view_record
from chalicelib.web.portal.visits import Away, Shown, Visit

PLACE: Final = grants.PLACES["held"]
_KEY_BYTES: Final = 16


class Wanted(GrantAsked, frozen=True, kw_only=True):
    """What is asked for, and of whom: a unified social credit code, or a person's key."""

    subject: Annotated[str, Meta(min_length=1, max_length=32)]


class Reading(Input, frozen=True):
    """`key`: a query whose answer was lost is repeated under it; `cursor` from the page before."""

    key: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{0,64}(?!\n)$")] = ""
    cursor: Cursor = ""


def show_grants(visit: Visit) -> Shown:
    """What was asked for and is held."""

    def read(query: PageQuery) -> GrantsShown:
        return ask(visit, list_received, query=query)

    return grants.list_grants(visit, "held", read)


def show_form(visit: Visit) -> Shown:
    """What to ask for, of whom, why and until when."""
    return grants.show_form(visit, "held", {})


def request(visit: Visit) -> Away | Shown:
    """Ask a subject for a grant; what is wrong with the form is told beside it."""
    return grants.send_form(visit, "held", partial(_request, visit), "requested")


def show_grant(visit: Visit, grant: str) -> Shown:
    """One grant, what was read under it, and the button that reads."""
    key = base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).rstrip(b"=").decode()
    return grants.show_grant(visit, "held", grant, key=key)


def read(visit: Visit, grant: str) -> Shown:
    """What the grant covers: a report, or records; each reading is in the ledger, with its subject."""
    reading = visit.fill(Reading)
    held = ask(visit, read_grant, grant=grant, headers=QueryHeaders())
    headers = OpeningHeaders(grant=grant, key=reading.key)
    if held.report:
        wanted = ReportWanted(kind=held.report)
        issued: ReportIssued = ask(
            visit, issue_report, subject=held.subject, body=wanted, headers=headers
        )
        return print_report(visit, issued)
    archive = ask(
        visit,
        read_subject_archive,
        subject=held.subject,
        query=ArchiveQuery(cursor=reading.cursor),
        headers=headers,
    )
    return _show_archive(visit, archive, grant, reading)


def _show_archive(visit: Visit, archive: ArchiveShown, grant: str, reading: Reading) -> Shown:
    return Shown(
        "reading.html",
        {
            "archive": archive,
            "groups": [
                (tab.title, [view_record(record, visit) for record in tab.records])
                for tab in arrange(visit, archive.records, "")
            ],
            "back": f"{PLACE}/{grant}",
            "key": reading.key,
        },
    )


def _request(visit: Visit) -> None:
    given = grants.fill_form(visit, Wanted)
    told = {name: getattr(given, name) for name in GrantAsked.__struct_fields__}
    ask(visit, ask_for_grant, subject=given.subject.strip().upper(), body=GrantAsked(**told))
