"""Reporting (数据报送): a provider sends a file and sees what becomes of every row."""

from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.problems import find_code
from chalicelib.collection.uploads import find_provider
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import lawful_day
from chalicelib.web.api.parts import PartsQuery, complete_upload, read_parts
from chalicelib.web.api.returns import (
    FileQuery,
    download_refused,
    download_results,
    print_receipt,
)
from chalicelib.web.api.uploads import (
    UploadGiven,
    UploadInvited,
    UploadsQuery,
    list_uploads,
    read_upload,
    register_upload,
)
from chalicelib.web.api.uploads_shown import Told as Problem
from chalicelib.web.api.uploads_shown import UploadShown
from chalicelib.web.inputs import Cursor, Input, read_body
from chalicelib.web.outputs import HTML, Html
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.navigation import lead_on
from chalicelib.web.portal.visits import Away, Sending, Sent, Shown, Told, Visit
from chalicelib.web.receipt_page import POLICY

PLACE: Final = "/reporting"
_FINAL: Final = frozenset({"done", "quarantined"})
_DOUBTFUL: Final = 0.2
"""So large a part of refused rows that the file may belong to another item."""


class Chosen(Input, frozen=True):
    """Which item is to be reported; `cursor` a page of earlier uploads."""

    item: Annotated[str, Meta(max_length=32)] = ""
    cursor: Cursor = ""


class Trouble(Struct, frozen=True, kw_only=True):
    """One thing that is wrong in one row, or with the whole file."""

    row: int
    code: str
    place: str
    value: str
    detail: str
    mend: str


def show_desk(visit: Visit) -> Shown:
    """What to send, and what was sent before."""
    chosen = visit.read(Chosen)
    entry = find_provider(visit.caller.organisation or "")
    catalogue = load_catalogue(lawful_day(visit.asked.at))
    items = [
        catalogue.items[name] for name in (entry.items if entry else ()) if name in catalogue.items
    ]
    uploads = ask(visit, list_uploads, query=UploadsQuery(cursor=chosen.cursor))
    return Shown(
        "reporting.html",
        {
            "provider": entry,
            "items": [(each.id, visit.say(each.title, each.title_en)) for each in items],
            "chosen": chosen.item,
            "uploads": uploads.uploads,
            "titles": {each.id: visit.say(each.title, each.title_en) for each in items},
            "next": lead_on(PLACE, uploads.next_cursor),
            "place": PLACE,
        },
        reaches=(blobs.origin(),),
    )


def register(visit: Visit) -> Told:
    """Register a file for the page's script, which then sends it."""
    given = read_body("".join(visit.form.get("given", ())).encode(), UploadGiven)
    invited: UploadInvited = ask(visit, register_upload, body=given)
    place = f"{PLACE}/{invited.upload.upload}"
    return Told(Sending(place, invited.url, invited.headers), 201)


def tell_parts(visit: Visit, upload: str) -> Told:
    """Where the parts of a large file go."""
    return Told(ask(visit, read_parts, upload=upload, query=visit.read(PartsQuery)))


def complete(visit: Visit, upload: str) -> Told:
    """All parts are sent."""
    return Told(ask(visit, complete_upload, upload=upload))


def show_upload(visit: Visit, upload: str) -> Shown:
    """How far an upload has come, and then its receipt with every row's trouble."""
    receipt: UploadShown = ask(visit, read_upload, upload=upload)
    final = receipt.state in _FINAL
    return Shown(
        "upload.html",
        {
            "receipt": receipt,
            "final": final,
            "item": _title(receipt, visit),
            "summary": [_sum_up(code, count, visit) for code, count in receipt.codes.items()],
            "troubles": [_tell(each.row, each.told, visit) for each in receipt.problems],
            "remarks": [_tell(each.row, each.told, visit) for each in receipt.remarks],
            "reason": _tell(0, receipt.reason, visit) if receipt.reason else None,
            "doubtful": receipt.refused > receipt.received * _DOUBTFUL,
            "place": f"{PLACE}/{upload}",
            "desk": PLACE,
        },
    )


def fetch_refused(visit: Visit, upload: str) -> Away:
    """The refused rows as a workbook to mend and send again."""
    return Away(ask(visit, download_refused, upload=upload, query=visit.read(FileQuery)).url)


def fetch_results(visit: Visit, upload: str) -> Away:
    """What became of each row, as CSV."""
    return Away(ask(visit, download_results, upload=upload, query=visit.read(FileQuery)).url)


def show_receipt(visit: Visit, upload: str) -> Sent:
    """The receipt as a page to print."""
    page: Html = ask(visit, print_receipt, upload=upload)
    return Sent(page.text, {"Content-Type": HTML, "Content-Security-Policy": POLICY})


def _title(receipt: UploadShown, visit: Visit) -> str:
    item = load_catalogue(lawful_day(receipt.upload.registered_at)).item(receipt.upload.item)
    return visit.say(item.title, item.title_en)


def _sum_up(name: str, count: int, visit: Visit) -> dict[str, Any]:
    code = find_code(name)
    return {"code": name, "text": visit.say(code.zh, code.en), "count": count}


def _tell(row: int, told: Problem, visit: Visit) -> Trouble:
    place = " ".join(each for each in (told.column, told.label) if each)
    return Trouble(
        row=row,
        code=told.code,
        place=place,
        value=str(told.values.get("value", "")),
        detail=visit.say(told.detail, told.detail_en),
        mend=visit.say(told.mend, told.mend_en),
    )
