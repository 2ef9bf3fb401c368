"""Every surface on which a record may be seen, for the proof that none shows what is withheld.

A new surface is one entry of `SURFACES`; a route that shows no record is named with its reason in
`SHOWS_NO_RECORDS`. A test finds a route that is in neither. Reports that were issued, results of
batch checks, ledger and certificates are evidence of what was shown then, not surfaces.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Final

import msgspec

from chalicelib.archive.profile import REGISTRATION, read_profiles
from chalicelib.archive.replay import last_instant
from chalicelib.archive.statements import RecordKey
from chalicelib.archive.visibility import PUBLIC, Viewer
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.entries.pointers import are_entered
from chalicelib.disclosure.explaining import explain
from chalicelib.disclosure.lists import read_now, read_past
from chalicelib.disclosure.publication import store as publication
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.queries import Reading, read_archive
from chalicelib.disclosure.search.finding import find_named
from chalicelib.jobs.archives import Archive
from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Channel
from chalicelib.reports.compose import compose_standard
from chalicelib.reports.disclosed import report_record
from chalicelib.reports.model import ReportSubject
from chalicelib.subjects.identifiers import is_person
from chalicelib.subjects.names import search_text


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """At whose records to look, on which day, under which rules."""

    archive: Archive
    day: date
    rulebook: Rulebook

    @property
    def subject(self) -> str:
        """Whose records."""
        return self.archive.subject


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """A way out: the channel whose rules bind it, the records (`<item>/<record>`) of a subject that
    it shows, and the routes that lead there."""

    name: str
    channel: Channel
    shown: Callable[[Look], set[str]]
    routes: tuple[str, ...] = ()


def _rows(look: Look) -> set[str]:
    """Rows of the publication view that hold a record and that readers believe."""
    rules = edition_on(look.day, look.rulebook).text
    rows = publication.read_subject(look.subject)
    return {row.key for row in rows if row.body is not None and row.rules == rules}


def _published(look: Look) -> set[str]:
    """The public page of an organisation, its name and status at the head included."""
    if is_person(look.subject):
        return set()
    paths = _read_publicly(look)
    registered = any(path.startswith(f"{REGISTRATION}/") for path in paths)
    profile = read_profiles([look.subject]).get(look.subject) if registered else None
    names = {search_text(name) for name in profile.names} if profile else set[str]()
    return paths | _telling(look, names)


def _searched(look: Look) -> set[str]:
    """Registrations of which a name leads to the subject in a search."""
    found = find_named(look.subject, look.day, look.rulebook)
    return _telling(look, {search_text(each.former or each.name) for each in found})


def _read_publicly(look: Look) -> set[str]:
    published = read_published(look.subject, look.day, look.rulebook)
    return {facts.key.path for facts, _, _ in published}


def _telling(look: Look, names: set[str]) -> set[str]:
    """The registrations from which `names` (as searched for) are known, unless a record that is
    public tells them too."""
    label = load_catalogue(look.day).item(REGISTRATION).subject.name
    said = {
        holding.key.path: {
            search_text(str(statement.words.fields.get(label, "")))
            for statement in holding.statements
        }
        for holding in look.archive.holdings
        if holding.key.item == REGISTRATION
    }
    public = _read_publicly(look)
    told = {name for path in public for name in said.get(path, ())}
    return {path for path, known in said.items() if path in public or (known & names) - told - {""}}


def _archive(channel: Channel, days_ago: int = 0) -> Callable[[Look], set[str]]:
    """The archive as read over a channel, now or as of a day before."""

    def shown(look: Look) -> set[str]:
        return {each.path for each in _read(look, channel, days_ago).disclosed}

    return shown


def _read(look: Look, channel: Channel, days_ago: int = 0) -> Reading:
    viewer = Viewer(look.subject) if channel == "own" else PUBLIC
    as_of = look.day - timedelta(days=days_ago) if days_ago else None
    return read_archive(look.subject, viewer, channel, look.day, look.rulebook, as_of=as_of)


def _listed(look: Look) -> set[str]:
    """Public lists, as they are now and as they were yesterday."""
    keys = [each.key for each in look.archive.holdings if _makes_lists(each.key, look.day)]
    if is_person(look.subject) or not keys:
        return set()
    yesterday = look.day - timedelta(days=1)
    shown = [
        *read_now(keys, look.day, look.rulebook),
        *read_past(keys, look.day, yesterday, look.rulebook),
    ]
    return {each.facts.key.path for each in shown}


def _makes_lists(key: RecordKey, day: date) -> bool:
    return load_catalogue(day).item(key.item).listing is not None


def _entered(look: Look) -> set[str]:
    """An organisation's records that are entered in the archives of persons whom they name."""
    if not are_entered(look.rulebook):
        return set()
    said = chain.from_iterable(holding.statements for holding in look.archive.holdings)
    people = {box.person for statement in said for box in statement.words.boxes} - {look.subject}
    readings = (
        read_archive(person, PUBLIC, "ex_officio", look.day, look.rulebook) for person in people
    )
    return {
        each.facts.key.path
        for reading in readings
        for each in reading.disclosed
        if each.entered_from == look.subject
    }


def _explained(look: Look) -> set[str]:
    """Records that are explained to who asks on duty."""
    keys = [holding.key for holding in look.archive.holdings]
    return {key.path for key in keys if _is_explained(key, look)}


def _is_explained(key: RecordKey, look: Look) -> bool:
    explained = explain(key, look.day, look.rulebook)
    return explained is not None and explained.decisions["ex_officio"].shown


def _reported(look: Look) -> set[str]:
    """The body of a standard report, were it made now."""
    reading = _read(look, "authorised")
    moment = last_instant(look.day)
    report = compose_standard(
        ReportSubject(key=look.subject, name="", code=""),
        [report_record(each) for each in reading.disclosed],
        number="",
        generated=moment,
        as_of=moment,
        rulebook=look.rulebook,
        catalogue=load_catalogue(look.day),
    )
    return {
        f"{group.item}/{record.record}"
        for chapter in report.chapters
        for group in chapter.groups
        for record in group.records
    }


_ARCHIVE: Final = "GET /v1/archives/{subject}"
_REPORT: Final = "POST /v1/archives/{subject}/reports"
_READING: Final = "POST /grants/{grant}/reading"

SURFACES: Final = (
    Surface(name="publication rows 公示视图", channel="public", shown=_rows),
    Surface(
        name="public page 公示页",
        channel="public",
        shown=_published,
        routes=("GET /v1/organisations/{code}", "GET /organisations/{code}"),
    ),
    Surface(
        name="name search 名称检索",
        channel="public",
        shown=_searched,
        routes=("GET /v1/organisations", "GET /search", "GET /v1/uploads/{upload}/candidates"),
    ),
    Surface(
        name="public lists 名单",
        channel="public",
        shown=_listed,
        routes=("GET /v1/lists/{item}", "GET /lists/{item}"),
    ),
    Surface(
        name="archive, own 本人", channel="own", shown=_archive("own"), routes=(_ARCHIVE, "GET /me")
    ),
    Surface(
        name="archive, on duty 依职权",
        channel="ex_officio",
        shown=_archive("ex_officio"),
        routes=(_ARCHIVE,),
    ),
    Surface(
        name="archive, shared 政务共享",
        channel="shared",
        shown=_archive("shared"),
        routes=(_ARCHIVE,),
    ),
    Surface(
        name="archive, judicial 司法",
        channel="judicial",
        shown=_archive("judicial"),
        routes=(_ARCHIVE,),
    ),
    Surface(
        name="archive, operator 工作机构",
        channel="operator",
        shown=_archive("operator"),
        routes=(_ARCHIVE,),
    ),
    Surface(
        name="archive, authorised 授权",
        channel="authorised",
        shown=_archive("authorised"),
        routes=(_ARCHIVE, _READING),
    ),
    Surface(
        name="archive, special report 专项报告",
        channel="special_report",
        shown=_archive("special_report"),
    ),
    Surface(
        name="yesterday, on duty 回放",
        channel="ex_officio",
        shown=_archive("ex_officio", days_ago=1),
        routes=(_ARCHIVE,),
    ),
    Surface(
        name="a year ago, authorised 回放",
        channel="authorised",
        shown=_archive("authorised", days_ago=365),
        routes=(_REPORT,),
    ),
    Surface(
        name="entered for persons 计入责任人",
        channel="ex_officio",
        shown=_entered,
        routes=(_ARCHIVE,),
    ),
    Surface(
        name="explanation 说明",
        channel="ex_officio",
        shown=_explained,
        routes=(
            "GET /v1/archives/{subject}/records/{item}/{record}/explanation",
            "GET /me/records/{item}/{record}",
        ),
    ),
    Surface(
        name="standard report 标准报告",
        channel="authorised",
        shown=_reported,
        routes=(_REPORT, "POST /me/report", _READING),
    ),
)
"""Everything on which a record may be seen."""

_CATALOGUE: Final = "the catalogue: what may be collected, nothing that was"
_SERVICE: Final = "about the service itself"
_SIGNING: Final = "who signs in"
_MACHINES: Final = "which machines may sign in, and how"
_OWN_FILE: Final = "what a provider itself sent, for that provider"
_GRANT: Final = "what a grant allows, not what it leads to"
_SHARE: Final = "what a share allows, not what it leads to"
_TOLD: Final = "that something happened to a record, not what it says"
_CHECK: Final = "how far a check is and how rows came out; its result is a document of its day"
_AGREED: Final = "which organisation may have checks made, for which purposes"
_WHO_ASKED: Final = "who asked when: keys of records, kept as evidence"
_LISTS: Final = "which lists there are"
_ISSUED: Final = "that a report was issued, never what is in it"
_HELD: Final = "why a file is kept, not what is in it"
_HOW_MANY: Final = "how many queries were made, and what was done about it"

SHOWS_NO_RECORDS: Final[Mapping[str, str]] = {
    "GET /": _SERVICE,
    "GET /sign-in": _SIGNING,
    "GET /sign-in/return": _SIGNING,
    "POST /sign-out": _SIGNING,
    "GET /signed-out": _SIGNING,
    "GET /static/{name}": "styles and scripts",
    "GET /{proxy+}": "that there is nothing under an address",
    "GET /lists": _LISTS,
    "GET /verify": _ISSUED,
    "GET /me/report": "what a report holds, before one is taken",
    "GET /catalogue": _CATALOGUE,
    "GET /catalogue/{item}": _CATALOGUE,
    "GET /catalogue/{item}/template": _CATALOGUE,
    "GET /reporting": _OWN_FILE,
    "POST /reporting": _OWN_FILE,
    "GET /reporting/{upload}": _OWN_FILE,
    "GET /reporting/{upload}/parts": _OWN_FILE,
    "POST /reporting/{upload}/completion": _OWN_FILE,
    "GET /reporting/{upload}/refused": _OWN_FILE,
    "GET /reporting/{upload}/results": _OWN_FILE,
    "GET /reporting/{upload}/receipt": _OWN_FILE,
    "GET /checks": _CHECK,
    "POST /checks": _CHECK,
    "GET /checks/{check}": _CHECK,
    "GET /checks/{check}/result": _CHECK,
    "GET /me/queries": _WHO_ASKED,
    "GET /me/notices": _TOLD,
    "GET /me/grants": _GRANT,
    "POST /me/grants": _GRANT,
    "GET /me/grants/new": _GRANT,
    "GET /me/grants/{grant}": _WHO_ASKED,
    "POST /me/grants/{grant}/answer": _GRANT,
    "POST /me/grants/{grant}/revocation": _GRANT,
    "GET /grants": _GRANT,
    "POST /grants": _GRANT,
    "GET /grants/new": _GRANT,
    "GET /grants/{grant}": _WHO_ASKED,
    "GET /ledger": _WHO_ASKED,
    "GET /alerts": _HOW_MANY,
    "GET /alerts/{organisation}": _HOW_MANY,
    "POST /alerts/{organisation}": _HOW_MANY,
    "GET /problems/{code}": _SERVICE,
    "GET /v1": _SERVICE,
    "GET /.well-known/jwks.json": _MACHINES,
    "GET /.well-known/oauth-authorization-server": _MACHINES,
    "POST /v1/token": _MACHINES,
    "POST /v1/signing-keys": _MACHINES,
    "GET /v1/clients": _MACHINES,
    "PUT /v1/clients/{client}": _MACHINES,
    "GET /v1/health": _SERVICE,
    "GET /v1/openapi.json": _SERVICE,
    "GET /v1/rulebook": "the rules",
    "GET /v1/lists": _LISTS,
    "GET /v1/catalogue": _CATALOGUE,
    "GET /v1/catalogue.csv": _CATALOGUE,
    "GET /v1/catalogue.json": _CATALOGUE,
    "GET /v1/catalogue/{item}": _CATALOGUE,
    "GET /v1/catalogue/{item}/draft": _CATALOGUE,
    "GET /v1/catalogue/{item}/schema": _CATALOGUE,
    "GET /v1/providers": "who may report what",
    "PUT /v1/providers/{provider}": "who may report what",
    "GET /v1/purges": "certificates: counts and digests",
    "GET /v1/reports/{number}/verification": _ISSUED,
    "GET /v1/uploads": _OWN_FILE,
    "POST /v1/uploads": _OWN_FILE,
    "GET /v1/uploads/{upload}": _OWN_FILE,
    "GET /v1/uploads/{upload}/findings": _OWN_FILE,
    "GET /v1/uploads/{upload}/parts": _OWN_FILE,
    "POST /v1/uploads/{upload}/completion": _OWN_FILE,
    "GET /v1/uploads/{upload}/rows": _OWN_FILE,
    "GET /v1/code-issues": "codes in files received, to be verified by who assigns them",
    "GET /v1/uploads/{upload}/receipt": _OWN_FILE,
    "GET /v1/uploads/{upload}/refused": _OWN_FILE,
    "GET /v1/uploads/{upload}/results": _OWN_FILE,
    "POST /v1/records": _OWN_FILE,
    "GET /v1/checks": _CHECK,
    "POST /v1/checks": _CHECK,
    "GET /v1/checks/{check}": _CHECK,
    "GET /v1/checks/{check}/result": _CHECK,
    "GET /v1/agreements/{organisation}": _AGREED,
    "POST /v1/agreements/{organisation}": _AGREED,
    "POST /v1/agreements/{organisation}/ending": _AGREED,
    "GET /v1/archives/{subject}/notices": _TOLD,
    "GET /v1/recipients/notices": _TOLD,
    "GET /v1/archives/{subject}/grants": _GRANT,
    "POST /v1/archives/{subject}/grants": _GRANT,
    "POST /v1/archives/{subject}/grants/requests": _GRANT,
    "POST /v1/archives/{subject}/grants/window": _GRANT,
    "GET /v1/grants": _GRANT,
    "GET /v1/grants/{grant}": _GRANT,
    "POST /v1/grants/{grant}/answer": _GRANT,
    "POST /v1/grants/{grant}/outcome": _GRANT,
    "POST /v1/grants/{grant}/revocation": _GRANT,
    "GET /v1/grants/{grant}/scope": _GRANT,
    "GET /v1/financing": _GRANT,
    "GET /v1/grants/{grant}/uses": _WHO_ASKED,
    "POST /v1/shares": _SHARE,
    "GET /v1/shares": _SHARE,
    "GET /v1/shares/{share}": _SHARE,
    "POST /v1/shares/{share}/answer": _SHARE,
    "POST /v1/shares/{share}/decision": _SHARE,
    "POST /v1/shares/{share}/ending": _SHARE,
    "GET /v1/shares/{share}/uses": _WHO_ASKED,
    "GET /v1/ledger": _WHO_ASKED,
    "GET /v1/ledger/alerts": _HOW_MANY,
    "GET /v1/ledger/stops/{organisation}": _HOW_MANY,
    "POST /v1/ledger/stops/{organisation}": _HOW_MANY,
    "GET /v1/uploads/{upload}/holds": _HELD,
    "POST /v1/uploads/{upload}/holds": _HELD,
    "GET /v1/archives/{subject}/queries": _WHO_ASKED,
    "GET /v1/archives/{subject}/queries/{entry}/holds": _WHO_ASKED,
    "POST /v1/archives/{subject}/queries/{entry}/holds": _WHO_ASKED,
    "POST /v1/archives/lookup": "the key of an archive",
    "POST /v1/archives/{subject}/records/{item}/{record}/marks": "the mark that was set",
}
"""Routes on which no record can be seen, and why not."""
