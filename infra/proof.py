"""The proof of expiry on a running system: by its functions, and over public HTTP beside them."""

import http.client
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from chalicelib.jobs.prove import Looked, Proven, Sight, Violation, add_up
from infra.stack import CommandError, Functions, as_scheduled
from infra.tables import draw

_READERS = 8
_SECONDS = 30
_PAGE = "public page over HTTP 公示页"


def prove(functions: Functions, url: str, segments: int) -> Proven:
    """Look at every surface of every record, in segments side by side, and at the pages at `url`.

    Raises `CommandError` where a function fails or the system does not answer.
    """

    def prove_segment(segment: int) -> Proven:
        part = {"segment": segment, "segments": segments, "start": None}
        told = functions.drive("ProveName", part, "start", as_scheduled)
        return add_up(msgspec.convert(each, Looked).proven for each in told)

    with ThreadPoolExecutor(segments) as pool:
        proven = add_up(pool.map(prove_segment, range(segments)))
    return add_up([proven, look_at_pages(url, proven.withheld)])


def look_at_pages(url: str, withheld: Mapping[str, tuple[str, ...]]) -> Proven:
    """Look for the records that the public may not see (by subject) on their subjects' pages."""

    def look(subject: str) -> set[str]:
        return read_page(url, subject) & set(withheld[subject])

    with ThreadPoolExecutor(_READERS) as pool:
        found = dict(zip(withheld, pool.map(look, withheld), strict=True))
    count = sum(map(len, withheld.values()))
    shown = [(subject, path) for subject, paths in found.items() for path in sorted(paths)]
    sight = Sight(
        surface=_PAGE, channel="public", looked_at=count, withheld=count, still_shown=len(shown)
    )
    return Proven(
        surfaces=(sight,),
        violations=tuple(
            Violation(surface=_PAGE, subject=subject, record=path, about="", source="", rulebook="")
            for subject, path in shown
        ),
    )


def read_page(url: str, subject: str) -> set[str]:
    """The records (`<item>/<record>`) that `/v1/organisations/{subject}` shows to everybody.

    Raises `CommandError` where there is no answer, or one that is neither a page nor 404.
    """
    shown: set[str] = set()
    cursor: str | None = ""
    while cursor is not None:
        asked = urlencode({"cursor": cursor})
        page = _get(url, f"/v1/organisations/{quote(subject, safe='')}?{asked}")
        if page is None:
            break
        shown |= {f"{record['item']}/{record['record']}" for record in page["records"]}
        cursor = page["next_cursor"]
    return shown


def _get(url: str, path: str) -> dict[str, Any] | None:
    """What is answered under `path`; None for 404."""
    place = urlsplit(url)
    secure = place.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(place.netloc, timeout=_SECONDS)
    try:
        connection.request("GET", place.path + path)
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise CommandError(f"{url} does not answer: {error}") from error
    finally:
        connection.close()
    if status == http.HTTPStatus.NOT_FOUND:
        return None
    if status != http.HTTPStatus.OK:
        raise CommandError(f"{url} answers {status} for an organisation's page")
    told: dict[str, Any] = json.loads(body)
    return told


def tell(proven: Proven) -> str:
    """What was looked at and what was found, for people."""
    rows = [
        (each.surface, each.channel, each.looked_at, each.withheld, each.still_shown)
        for each in proven.surfaces
    ]
    head = ("surface", "channel", "looked at", "withheld by the rules", "still shown")
    lines = [f"{proven.subjects} subjects, {proven.records} records", draw(head, rows)]
    lines += [
        f"STILL SHOWN on {each.surface}: {each.subject} {each.record}"
        + (f" ({each.about}, {each.source}, {each.rulebook})" if each.about else "")
        for each in proven.violations
    ]
    return "\n".join(lines)
