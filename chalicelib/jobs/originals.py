"""Purging originals 原始文件: files as received, once a rulebook fixes their term and it has passed.

One about which a case or inquiry is open is held (NJ-53). An original is the received file, in every version that S3 keeps, and the copy that it was converted
to where it had to be. Registration, plan, results and receipt are not: what became of each row
stays known, and so does the archive, which needs no file any more.
"""

from chalicelib.collection.plans import converted_key
from chalicelib.collection.uploads import inbox_key, read_registration
from chalicelib.disclosure.retention import store
from chalicelib.disclosure.retention.certificates import Manifest
from chalicelib.disclosure.retention.holds import ORIGINALS, held_before
from chalicelib.jobs.purging import Due, Line
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of

_MOST = 100  # files a manifest: a few calls each


def originals_line() -> Line:
    """The one line of manifests of received files."""
    return Line(name=ORIGINALS, kept="originals", find=_find_due, delete=_delete)


def _find_due(cut_off: str) -> Due:
    """Files registered before `cut_off`. Their ids begin with the lawful day of registration.

    Those that are held stay, however old; what lies in the inbox and nobody registered is left
    alone.
    """
    end = f"{day_of(cut_off):%Y%m%d}"
    held = {upload: each for (_, upload), each in held_before(ORIGINALS, cut_off).items()}
    made: dict[str, str] = {}
    for key in blobs.list_keys(inbox_key("")):
        upload = key.removeprefix(inbox_key(""))
        if upload >= end or len(made) == _MOST:
            break
        if upload in held and held[upload].open:
            continue
        registration = read_registration(upload)
        if registration is not None and registration.registered < cut_off:
            made[upload] = registration.registered
    return Due(made, tuple(key for upload in made if upload in held for key in held[upload].keys))


def _delete(manifest: Manifest) -> None:
    for upload in manifest.names:
        blobs.delete(inbox_key(upload))
        blobs.delete(converted_key(upload))
    store.delete_holds(ORIGINALS, manifest.holds)
