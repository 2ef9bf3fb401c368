"""Client assertions (RFC 7523 §2.2): a private key in a file shows who the client is.

The key never leaves the file but for signing, and nothing of it is sent.
"""

import base64
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from creditctl import words
from creditctl.exits import Exit, Failure

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

LIFETIME: Final = 120
"""Seconds for which an assertion holds: the clocks of client and system may differ by less."""
_HALF: Final = 32
"""Bytes of each half of an ES256 signature."""


def sign_assertion(key_file: Path, *, key_id: str, client: str, audience: str, now: int) -> str:
    """An assertion of `client` for `audience`, signed with the PEM key in `key_file`.

    RSA keys sign RS256, P-256 keys ES256; `key_id` may be empty where the client has one key.
    Raises `Failure` where the file holds no such key.
    """
    key = _read_key(key_file)
    algorithm = "ES256" if hasattr(key, "curve") else "RS256"
    header = {"alg": algorithm, "typ": "JWT", **({"kid": key_id} if key_id else {})}
    claims = {
        "iss": client,
        "sub": client,
        "aud": audience,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": secrets.token_urlsafe(16),
    }
    signed = f"{_encode(json.dumps(header))}.{_encode(json.dumps(claims))}"
    return f"{signed}.{_encode(_sign(key, signed.encode(), key_file))}"


def _read_key(key_file: Path) -> "PrivateKeyTypes":
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise Failure(
            Exit.USAGE, words.NO_LIBRARY, library="cryptography", extra="cryptography"
        ) from None
    try:
        return load_pem_private_key(key_file.read_bytes(), password=None)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(
            Exit.USAGE, words.FILE_UNREADABLE, file=str(key_file), reason=reason
        ) from None
    except (ValueError, TypeError):
        raise _unusable(key_file) from None


def _sign(key: Any, signed: bytes, key_file: Path) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise _unusable(key_file)
    halves = utils.decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return b"".join(half.to_bytes(_HALF, "big") for half in halves)


def _unusable(key_file: Path) -> Failure:
    return Failure(Exit.USAGE, words.KEY_UNUSABLE, file=str(key_file))


def _encode(part: str | bytes) -> str:
    raw = part.encode() if isinstance(part, str) else part
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
