"""Purging originals 原始文件: files as received, once a rulebook fixes their term and it has passed.

An original is the received file, in every version that S3 keeps, and the copy that it was converted
to where it had to be. Registration, plan, results and receipt are not: what became of each row
stays known, and so does the archive, which needs no file any more.
"""

from chalicelib.collection.plans import converted_key
from chalicelib.collection.uploads import inbox_key, read_registration
from chalicelib.disclosure.certificates import Manifest
from chalicelib.jobs.purging import Due, Line
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import day_of

_MOST = 100  # files a manifest: a few calls each


def originals_line() -> Line:
    """The one line of manifests of received files."""
    return Line(name="originals", kept="originals", find=_find_due, delete=_delete)


def _find_due(cut_off: str) -> Due:
    """Files registered before `cut_off`. Their ids begin with the lawful day of registration.

    What lies in the inbox and nobody registered is left alone.
    """
    end = f"{day_of(cut_off):%Y%m%d}"
    made: dict[str, str] = {}
    for key in blobs.list_keys(inbox_key("")):
        upload = key.removeprefix(inbox_key(""))
        if upload >= end or len(made) == _MOST:
            break
        registration = read_registration(upload)
        if registration is not None and registration.registered < cut_off:
            made[upload] = registration.registered
    return Due(made)


def _delete(manifest: Manifest) -> None:
    for upload in manifest.names:
        blobs.delete(inbox_key(upload))
        blobs.delete(converted_key(upload))
