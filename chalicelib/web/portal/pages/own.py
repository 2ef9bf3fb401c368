"""A subject's own pages: the archive, why each record is shown, who looked, what one was told."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.codes import ARCHIVE_UNKNOWN
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import is_person
from chalicelib.web.api.access import OpeningHeaders, QueryHeaders, viewer_of
from chalicelib.web.api.archives import (
    ArchiveQuery,
    list_queries,
    read_subject_archive,
)
from chalicelib.web.api.judgements import explain_record
from chalicelib.web.api.notices import list_notices
from chalicelib.web.inputs import PageQuery
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.entries import view_entry
from chalicelib.web.portal.navigation import lead_on
from chalicelib.web.portal.pages.organisations import Opened, leaf_through
from chalicelib.web.portal.records import (
    say_article,
    say_judged,
    say_period,
    say_word,
    tab_of,
)
from chalicelib.web.portal.visits import Shown, Visit

PLACE: Final = "/me"


def show_archive(visit: Visit) -> Shown:
    """Everything that is held on the visitor, each record with its period and its reason."""
    opened = visit.read(Opened)
    subject = viewer_of(visit.caller).subject
    if subject is None:
        return Shown("own_none.html", {"section": PLACE})
    archive = ask(
        visit,
        read_subject_archive,
        subject=subject,
        query=ArchiveQuery(cursor=opened.cursor),
        headers=OpeningHeaders(),
    )
    return Shown(
        "own.html",
        {
            "section": PLACE,
            "archive": archive,
            "person": is_person(subject),
            "here": opened.place(PLACE),
            "rest": lead_on(PLACE, archive.next_cursor),
            **leaf_through(visit, archive.records, opened),
        },
    )


def show_reasons(visit: Visit, item: str, record: str) -> Shown:
    """How the rules judge one record: its class, its periods, what becomes of it for whom."""
    told = ask(
        visit,
        explain_record,
        subject=_own(visit),
        item=item,
        record=record,
        headers=QueryHeaders(),
    )
    found = load_catalogue(lawful_day(visit.asked.at)).item_held(item)
    rulebook = load_rulebook(settings().rulebook)
    return Shown(
        "reasons.html",
        {
            "section": PLACE,
            "back": f"{PLACE}?tab={tab_of(item, found.category)}",
            "rules": visit.say(rulebook.title, rulebook.title_en),
            "title": visit.say(found.title, found.title_en),
            "told": told,
            "judged": say_judged(told.classification, visit) if told.classification else "",
            "periods": [say_period(period, visit) for period in told.periods.values()],
            "channels": [
                (
                    say_word("channel", channel, visit),
                    say_word("outcome", each.outcome, visit),
                    each.outcome,
                    [
                        (say_word("about", why.about, visit), say_article(why.source, visit))
                        for why in each.reasons
                    ],
                )
                for channel, each in told.channels.items()
            ],
        },
    )


def show_queries(visit: Visit) -> Shown:
    """Who looked at the visitor's archive: every entry of the ledger about it."""
    query = visit.read(PageQuery)
    page = ask(visit, list_queries, subject=_own(visit), query=query, headers=QueryHeaders())
    return Shown(
        "own_queries.html",
        {
            "section": f"{PLACE}/queries",
            "entries": [view_entry(entry, visit) for entry in page.queries],
            "next": lead_on(f"{PLACE}/queries", page.next_cursor),
        },
    )


def show_notices(visit: Visit) -> Shown:
    """What the visitor was told of adverse information."""
    query = visit.read(PageQuery)
    page = ask(visit, list_notices, subject=_own(visit), query=query, headers=QueryHeaders())
    catalogue = load_catalogue(lawful_day(visit.asked.at))

    def view(item: str) -> str:
        found = catalogue.item_held(item)
        return visit.say(found.title, found.title_en)

    notices: list[Mapping[str, Any]] = [
        {
            "day": notice.notified_on,
            "at": notice.at,
            "what": say_word("what", notice.what, visit),
            "title": view(notice.item),
            "article": say_article(notice.source, visit),
            "to": f"{PLACE}/records/{notice.item}/{notice.record}",
        }
        for notice in page.notices
    ]
    return Shown(
        "own_notices.html",
        {
            "section": f"{PLACE}/notices",
            "notices": notices,
            "next": lead_on(f"{PLACE}/notices", page.next_cursor),
        },
    )


def _own(visit: Visit) -> str:
    """The visitor's own archive. Raises E-ARCHIVE-01 where there is none."""
    subject = viewer_of(visit.caller).subject
    if subject is None:
        raise DomainError(ARCHIVE_UNKNOWN)
    return subject
