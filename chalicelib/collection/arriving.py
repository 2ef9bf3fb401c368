"""What S3 tells of: a file that has arrived is put in line for planning, a checked range is counted.

Every provider has its own place in the line, and large files have a line of their own: a file that
takes minutes, or makes its reader fail, keeps nobody else waiting.
"""

from typing import Any, Final
from urllib.parse import unquote_plus

import msgspec

from chalicelib.collection import store
from chalicelib.collection.planning import go_on_with
from chalicelib.collection.results import CHECKED
from chalicelib.collection.uploads import MAX_SINGLE, read_registration
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import warn

_INBOX: Final = "inbox/"


def take_notice(body: str) -> None:
    """Handle a message that S3 sends when objects are created; its test event tells of none."""
    event: dict[str, Any] = msgspec.json.decode(body)
    for record in event.get("Records", ()):
        key = unquote_plus(record["s3"]["object"]["key"])
        if key.startswith(_INBOX):
            put_in_line(key.removeprefix(_INBOX))
        elif key.startswith(CHECKED):
            upload, _, noted = key.removeprefix(CHECKED).partition("/")
            go_on_with(upload, int(noted.partition("-")[0]))


def put_in_line(upload: str) -> None:
    """Queue the file of an upload for planning; what nobody registered is left where it is."""
    registration = read_registration(upload)
    if registration is None:
        warn(LogCode.UPLOAD_UNKNOWN_OBJECT, upload=upload)
        return
    store.send_plan(upload, registration.provider, large=registration.size > MAX_SINGLE)
