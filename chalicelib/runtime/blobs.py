"""Files in the one bucket: read by range, written under deterministic keys, presigned."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar
from urllib.parse import urlsplit

import msgspec
from botocore.exceptions import (
    ClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from chalicelib.runtime.clients import s3
from chalicelib.runtime.settings import settings

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from types_boto3_s3.type_defs import CompletedPartTypeDef

T = TypeVar("T")
_CHUNK = 1 << 20
_PART = 8 << 20
_BROKEN = (IncompleteReadError, ReadTimeoutError, ResponseStreamingError)
_GONE = "NoSuchUpload"
_OVERTAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class _Place(TypedDict):
    Bucket: str
    Key: str


class _Condition(TypedDict, total=False):
    IfMatch: str


def _missing(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in {"NoSuchKey", "404", "NotFound"}


def write(key: str, body: bytes, content_type: str = "application/json") -> None:
    """Write `body` under `key`; writing the same again changes nothing that can be seen."""
    s3().put_object(Bucket=settings().files_bucket, Key=key, Body=body, ContentType=content_type)


def write_value(key: str, value: Any) -> None:
    """Write `value` as JSON with a stable order of keys."""
    write(key, msgspec.json.encode(value, order="deterministic"))


def create_value(key: str, value: Any) -> bool:
    """Write `value` as `write_value` does; False where an object stands, or is being written."""
    try:
        s3().put_object(
            Bucket=settings().files_bucket,
            Key=key,
            Body=msgspec.json.encode(value, order="deterministic"),
            ContentType="application/json",
            IfNoneMatch="*",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in _OVERTAKEN:
            return False
        raise
    return True


def write_chunks(key: str, chunks: Iterable[bytes], content_type: str) -> None:
    """Write the object that `chunks` are, in bounded memory; nothing stands before all are in.

    What `chunks` raises is raised, and nothing is kept.
    """
    _write_parts(key, chunks, content_type, {})


def replace_chunks(key: str, chunks: Iterable[bytes], content_type: str, *, tag: str) -> bool:
    """Write the object that `chunks` are in the place of the one with this tag, in bounded memory.

    False where another one stands. What `chunks` raises is raised, and nothing is kept.
    """
    try:
        _write_parts(key, chunks, content_type, {"IfMatch": tag})
    except ClientError as error:
        if error.response["Error"]["Code"] in _OVERTAKEN:
            return False
        raise
    return True


def _write_parts(
    key: str, chunks: Iterable[bytes], content_type: str, condition: _Condition
) -> None:
    gathered = _gather(chunks)
    first = next(gathered, b"")
    second = next(gathered, None)
    place: _Place = {"Bucket": settings().files_bucket, "Key": key}
    if second is None:
        s3().put_object(**place, Body=first, ContentType=content_type, **condition)
        return
    upload = s3().create_multipart_upload(**place, ContentType=content_type)["UploadId"]
    parts: list[CompletedPartTypeDef] = []
    try:
        for number, part in enumerate(chain((first, second), gathered), 1):
            answer = s3().upload_part(**place, UploadId=upload, PartNumber=number, Body=part)
            parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        s3().complete_multipart_upload(
            **place, UploadId=upload, MultipartUpload={"Parts": parts}, **condition
        )
    except Exception:
        s3().abort_multipart_upload(**place, UploadId=upload)
        raise


def _gather(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """`chunks` in parts of the same size, the last one smaller."""
    part = bytearray()
    for chunk in chunks:
        part += chunk
        if len(part) >= _PART:
            yield bytes(part)
            part.clear()
    if part:
        yield bytes(part)


def read(key: str) -> bytes | None:
    """The whole object, or None where there is none."""
    try:
        return s3().get_object(Bucket=settings().files_bucket, Key=key)["Body"].read()
    except ClientError as error:
        if _missing(error):
            return None
        raise


def read_value(key: str, kind: type[T]) -> T | None:
    """The JSON object under `key` as a `kind`, or None where there is none."""
    body = read(key)
    return None if body is None else msgspec.json.decode(body, type=kind)


def read_range(key: str, start: int, end: int) -> bytes:
    """Bytes `start` up to but without `end`."""
    if start == end:
        return b""
    span = f"bytes={start}-{end - 1}"
    return s3().get_object(Bucket=settings().files_bucket, Key=key, Range=span)["Body"].read()


def chunks(key: str) -> Iterator[bytes] | None:
    """The object in pieces of a mebibyte, or None where there is none."""
    found = open_tagged(key)
    return None if found is None else found[0]


def open_tagged(key: str) -> tuple[Iterator[bytes], str] | None:
    """The object in pieces of a mebibyte with its tag (ETag), or None where there is none."""
    try:
        answer = s3().get_object(Bucket=settings().files_bucket, Key=key)
    except ClientError as error:
        if _missing(error):
            return None
        raise
    return _read_on(key, answer["Body"], answer["ETag"]), answer["ETag"]


def _read_on(key: str, body: "StreamingBody", tag: str) -> Iterator[bytes]:
    """What `body` holds; where the connection breaks, the rest of the same object over another."""
    read = begun = 0
    while True:
        try:
            for chunk in body.iter_chunks(_CHUNK):
                read += len(chunk)
                yield chunk
        except _BROKEN:
            if read == begun:  # nothing came since the last time
                raise
            begun = read
        else:
            return
        body = s3().get_object(
            Bucket=settings().files_bucket, Key=key, Range=f"bytes={read}-", IfMatch=tag
        )["Body"]


def list_keys(prefix: str) -> Iterator[str]:
    """Every key that begins with `prefix`, in order."""
    pages = s3().get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=settings().files_bucket, Prefix=prefix):
        for entry in page.get("Contents", []):
            yield entry["Key"]


def list_keys_after(prefix: str, after: str, limit: int) -> list[str]:
    """Up to `limit` keys that begin with `prefix` and sort behind `after`."""
    return list(list_sizes_after(prefix, after, limit))


def list_sizes_after(prefix: str, after: str, limit: int) -> dict[str, int]:
    """The same, each with its object's size in bytes."""
    page = s3().list_objects_v2(
        Bucket=settings().files_bucket, Prefix=prefix, StartAfter=after, MaxKeys=limit
    )
    return {entry["Key"]: entry.get("Size", 0) for entry in page.get("Contents", [])}


def forget_earlier(key: str) -> None:
    """Remove every version of `key` but the one that stands."""
    for version, latest in _versions(key):
        if not latest:
            s3().delete_object(Bucket=settings().files_bucket, Key=key, VersionId=version)


def delete(key: str) -> None:
    """Remove `key`, every version of it: what is deleted by law must not be restorable."""
    for version, _ in _versions(key):
        s3().delete_object(Bucket=settings().files_bucket, Key=key, VersionId=version)


def _versions(key: str) -> Iterator[tuple[str, bool]]:
    """The id of each version of `key`, markers of deletion too, and whether it is the one read."""
    pages = s3().get_paginator("list_object_versions")
    for page in pages.paginate(Bucket=settings().files_bucket, Prefix=key):
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            if version["Key"] == key:
                yield version["VersionId"], version["IsLatest"]


def presign_upload(
    key: str, *, size: int, sha256: str, content_type: str, seconds: int
) -> tuple[str, dict[str, str]]:
    """A URL that accepts exactly `size` bytes whose SHA-256 is `sha256` (base64), once, and the
    headers that are to be sent with them.

    Length, digest, type and `If-None-Match: *` are signed, so other bytes or a second
    object under the key are refused by S3 itself (AWS Signature Version 4).
    """
    url = s3().generate_presigned_url(
        "put_object",
        Params={
            "Bucket": settings().files_bucket,
            "Key": key,
            "ContentLength": size,
            "ContentType": content_type,
            "ChecksumSHA256": sha256,
            "IfNoneMatch": "*",
        },
        ExpiresIn=seconds,
    )
    headers = {
        "Content-Type": content_type,
        "If-None-Match": "*",
        "x-amz-checksum-sha256": sha256,
    }
    return url, headers


def begin_parts(key: str, content_type: str) -> str:
    """Begin an object that is sent in parts, each under its SHA-256; returns S3's id of it."""
    answer = s3().create_multipart_upload(
        Bucket=settings().files_bucket,
        Key=key,
        ContentType=content_type,
        ChecksumAlgorithm="SHA256",
    )
    return answer["UploadId"]


def presign_part(
    key: str, multipart: str, number: int, *, size: int, sha256: str, seconds: int
) -> str:
    """A URL that accepts as part `number` exactly `size` bytes whose SHA-256 is `sha256` (base64).

    Sent again, the same bytes take their own place.
    """
    return s3().generate_presigned_url(
        "upload_part",
        Params={
            "Bucket": settings().files_bucket,
            "Key": key,
            "UploadId": multipart,
            "PartNumber": number,
            "ContentLength": size,
            "ChecksumSHA256": sha256,
        },
        ExpiresIn=seconds,
    )


def list_parts(key: str, multipart: str) -> dict[int, str] | None:
    """The tag (ETag) of each part that is there by number; None where nothing is being sent."""
    pages = s3().get_paginator("list_parts")
    found = pages.paginate(Bucket=settings().files_bucket, Key=key, UploadId=multipart)
    try:
        return {
            part["PartNumber"]: part["ETag"] for page in found for part in page.get("Parts", [])
        }
    except ClientError as error:
        if error.response["Error"]["Code"] == _GONE:
            return None
        raise


def finish_parts(key: str, multipart: str, parts: Iterable[tuple[int, str, str]]) -> bool:
    """Make the object of its parts: number, tag and SHA-256 of each, which S3 compares with its own.

    False where nothing is being sent (any more).
    """
    listed: list[CompletedPartTypeDef] = [
        {"PartNumber": number, "ETag": tag, "ChecksumSHA256": sha256}
        for number, tag, sha256 in parts
    ]
    try:
        s3().complete_multipart_upload(
            Bucket=settings().files_bucket,
            Key=key,
            UploadId=multipart,
            MultipartUpload={"Parts": listed},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == _GONE:
            return False
        raise
    return True


def origin() -> str:
    """Scheme and host of presigned addresses, as a Content-Security-Policy names them."""
    address = urlsplit(presign_download("x", name="x", seconds=1))
    return f"{address.scheme}://{address.netloc}"


def presign_download(key: str, *, name: str, seconds: int) -> str:
    """A URL from which `key` can be fetched for so many `seconds`, as a file called `name`."""
    return s3().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().files_bucket,
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{name}"',
        },
        ExpiresIn=seconds,
    )
