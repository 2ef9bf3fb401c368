"""Signatures of requests that are a JSON body and a target (AWS Signature Version 4).

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_SIGNED: Final = ("host", "x-amz-date", "x-amz-security-token", "x-amz-target")  # in order


class Credentials(NamedTuple):
    """Whose signature it is; `token` where they are temporary."""

    access_key: str
    secret_key: str
    token: str | None


def sign(
    headers: Mapping[str, str],
    body: bytes,
    credentials: Credentials,
    *,
    host: str,
    scope: tuple[str, str],
    now: datetime,
) -> dict[str, str]:
    """`headers` with what proves that `credentials` posted `body` to the root of `host` at `now`.

    `headers` hold the target; `scope` are region and service.
    """
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    signed = {"x-amz-date": stamp, "x-amz-target": headers["X-Amz-Target"], "host": host}
    if credentials.token:
        signed["x-amz-security-token"] = credentials.token
    names = [name for name in _SIGNED if name in signed]
    lines = "".join(f"{name}:{signed[name]}\n" for name in names)
    listed = ";".join(names)
    canonical = f"POST\n/\n\n{lines}\n{listed}\n{hashlib.sha256(body).hexdigest()}"
    parts = (stamp[:8], *scope, "aws4_request")
    key = f"AWS4{credentials.secret_key}".encode()
    for part in parts:
        key = hmac.digest(key, part.encode(), "sha256")
    place = "/".join(parts)
    told = f"{_ALGORITHM}\n{stamp}\n{place}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(key, told.encode(), "sha256").hex()
    proof = (
        f"{_ALGORITHM} Credential={credentials.access_key}/{place}, "
        f"SignedHeaders={listed}, Signature={signature}"
    )
    del signed["host"]  # whoever connects writes it
    return {**headers, **signed, "Authorization": proof}
