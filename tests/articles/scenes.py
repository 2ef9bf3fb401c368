"""What happens in the tests of duties: somebody reports, something is noted, somebody asks."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import get_args

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import Mark, MarkKind, Phase, RecordKey, Value
from chalicelib.archive.visibility import Decision, Viewer, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import planning, uploads
from chalicelib.collection.receipts import Receipt
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication.projection import set_mark
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.queries import Disclosed, read_archive
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.law.rules import Channel
from chalicelib.runtime import blobs
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import find_people
from tests.collection.archives import held
from tests.collection.files import (
    DAY,
    NOW,
    OTHER_PROVIDER,
    PROVIDER,
    csv_of,
    entitle,
    id_number,
    merge_all,
    receipt_of,
)
from tests.factories import KEY

CATALOGUE = load_catalogue(DAY)
NATIONAL, JS, NJ, SZ, SD = map(
    load_rulebook, ("national", "jiangsu", "nanjing", "shenzhen", "shandong")
)
BOOKS = (NATIONAL, JS, NJ, SZ, SD)

CHANNELS: tuple[Channel, ...] = get_args(Channel)
OUTSIDE: tuple[Channel, ...] = (
    "public",
    "authorised",
    "ex_officio",
    "shared",
    "special_report",
)
"""Channels over which others than the subject, the operator and the judiciary look."""

ONE_DAY = timedelta(days=1)
CLASSES = {"minor": "警告", "general": "没收违法所得", "serious": "责令停产停业"}
"""A kind of penalty of each class."""


def entitle_all() -> None:
    """Let both providers report every item that is collected under the rulebook in force."""
    texts = load_rulebook(settings().rulebook).texts
    for provider in (PROVIDER, OTHER_PROVIDER):
        entitle(provider, CATALOGUE.under(texts).items)


def report(
    item: str, *rows: Mapping[str, str], provider: str = PROVIDER, now: datetime = NOW
) -> str:
    """A provider sends a file of `rows`; views are brought up to date. Returns the upload's id."""
    return report_file(csv_of(item, rows), item, provider=provider, now=now)


def report_file(
    body: bytes,
    item: str,
    *,
    provider: str = PROVIDER,
    now: datetime = NOW,
    file_name: str = "rows.csv",
) -> str:
    """A provider sends a file as it is."""
    upload = uploads.register_upload(
        provider=provider,
        item=item,
        size=len(body),
        sha256=base64.b64encode(hashlib.sha256(body).digest()).decode(),
        file_name=file_name,
        now=now,
    ).registration.upload
    blobs.write(uploads.inbox_key(upload), body, "application/octet-stream")
    planning.plan_upload(upload)
    merge_all(upload)
    return upload


def receipt(item: str, *rows: Mapping[str, str]) -> Receipt:
    """What comes back for a file of `rows`."""
    return receipt_of(report(item, *rows))


def quarantine_code(body: bytes, item: str) -> str:
    """Why a file is not read at all."""
    reason = receipt_of(report_file(body, item)).reason
    assert reason is not None
    return reason.code


def only_key(item: str) -> RecordKey:
    """The one record of an item that the archive holds."""
    [key] = [key for key in held() if key.item == item]
    return key


def subject_of(number: int, kind: PaperKind = PaperKind.ID_NUMBER) -> str:
    """The archive of whoever has the invented ID number `number`."""
    paper = Paper(kind, id_number(number))
    return find_people([paper])[paper].subject


def note(
    key: RecordKey,
    kind: MarkKind,
    rulebook: Rulebook = JS,
    *,
    phase: Phase = Phase.OPEN,
    value: str = "",
) -> None:
    """Something is noted on a record an hour after it was reported."""
    mark = Mark(
        kind=kind,
        id="case-1",
        phase=phase,
        at="20261122T020000.000Z" if phase is Phase.OPEN else "20261122T030000.000Z",
        by="operator",
        basis="（2026）苏 01 行终 1 号",
        provider=PROVIDER if kind is MarkKind.WITHDRAWN else "",
        value=value,
    )
    assert set_mark(key, mark, DAY, rulebook)


def look(
    subject: str,
    channel: Channel,
    rulebook: Rulebook = JS,
    day: date = DAY,
    viewer: str | None = None,
) -> dict[str, Decision]:
    """What is shown of an archive over `channel`, by catalogue item.

    The public looks at what is published; one's own archive is looked at by its subject unless
    `viewer` says who else tries.
    """
    if channel == "public":
        _follow(subject, rulebook, day)
        return {item.id: shown for _, item, shown in read_published(subject, day, rulebook)}
    return {each.item.id: each.decision for each in query(subject, channel, rulebook, day, viewer)}


def query(
    subject: str,
    channel: Channel,
    rulebook: Rulebook = JS,
    day: date = DAY,
    viewer: str | None = None,
) -> list[Disclosed]:
    """The records of an archive that are shown over a channel other than the public one."""
    looking = Viewer(viewer or subject) if channel == "own" else Viewer()
    return list(read_archive(subject, looking, channel, day, rulebook).disclosed)


def _follow(subject: str, rulebook: Rulebook, day: date) -> None:
    for key in held():
        if key.subject == subject:
            update_views(key, day, rulebook)


def penalised(
    severity: str, formed: str = "2026-05-10", *marks: MarkKind, **fields: Value
) -> Facts:
    """A penalty of a class that was decided on a day."""
    words: dict[str, Value] = {"cf_cflb": (CLASSES[severity],), "cf_jdrq": formed, "cf_wsh": "1"}
    return Facts(
        key=KEY,
        said="20260601T000000.000Z",
        fields={**words, **fields},
        marks=tuple(any_mark_of(kind) for kind in marks),
    )


def any_mark_of(kind: MarkKind, value: str = "") -> Mark:
    """An open mark."""
    return Mark(
        kind=kind,
        id="case-1",
        phase=Phase.OPEN,
        at="20260602T000000.000Z",
        by="operator",
        basis="案件 1 号",
        value=value,
    )


def about_person(facts: Facts) -> Facts:
    """The same facts about a natural person."""
    key = RecordKey("P" + "A" * 26, facts.key.item, facts.key.record)
    return msgspec.structs.replace(facts, key=key)


def see(
    facts: Facts, channel: Channel, rulebook: Rulebook, day: date | str = DAY, item: str = "penalty"
) -> Decision:
    """What is decided on facts; one's own archive is looked at by its subject."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    viewer = Viewer(facts.key.subject)
    return decide(facts, load_catalogue(on).item(item), viewer, channel, on, rulebook)


def shown_over(
    facts: Facts, rulebook: Rulebook, day: date | str = DAY, item: str = "penalty"
) -> set[str]:
    """The channels over which facts are shown, marked or not."""
    return {channel for channel in CHANNELS if see(facts, channel, rulebook, day, item).shown}


def last_day(facts: Facts, channel: Channel, rulebook: Rulebook, item: str = "penalty") -> str:
    """The last day on which a channel's period runs, and the article; `-` where nothing ends it."""
    period = see(facts, channel, rulebook, item=item).period
    assert period is not None
    return f"{period.last_day or '-'} {period.source}"
