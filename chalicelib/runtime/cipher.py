"""Encryption of personal fields: pure functions over keys that are passed in.

AES-SIV (RFC 5297) seals values: it needs no randomness, so the same words always give the same
bytes and a statement stays a function of what it says. AES key wrap (RFC 3394) wraps a person's
key, HMAC-SHA-256 (RFC 2104) makes pseudonyms.
"""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES = 32


@lru_cache(4)  # a record's persons and the next record's are the same; no key is held for longer
def _siv(key: bytes) -> "AESSIV":
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(hmac.digest(key, b"seal", "sha512"))


def seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """`plaintext` sealed under `key`; opens only with the same `context`."""
    return _siv(key).encrypt(plaintext, [context])


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """What `seal` sealed. Raises `cryptography.exceptions.InvalidTag` on a wrong key."""
    return _siv(key).decrypt(sealed, [context])


def wrap(wrapping_key: bytes, key: bytes) -> bytes:
    """`key` wrapped under `wrapping_key` (RFC 3394)."""
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    return aes_key_wrap(wrapping_key, key)


def unwrap(wrapping_key: bytes, wrapped: bytes) -> bytes:
    """The key that `wrap` wrapped."""
    from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

    return aes_key_unwrap(wrapping_key, wrapped)


def derive(master: bytes, purpose: str) -> bytes:
    """A key of its own for `purpose` from `master`."""
    return hmac.digest(master, purpose.encode(), "sha256")


def keyed_hash(key: bytes, text: str) -> str:
    """A pseudonym of `text` that nobody without `key` can make or test: 52 base32 letters."""
    digest = hmac.digest(key, text.encode(), "sha256")
    return base64.b32encode(digest).decode().rstrip("=")


def short_hash(data: bytes, length: int = 16) -> str:
    """The first `length` base32 letters of SHA-256: 5 bits each, for keys made from content."""
    whole = -(-length // 8) * 5  # bytes in groups of eight letters
    return base64.b32encode(hashlib.sha256(data).digest()[:whole]).decode()[:length]
