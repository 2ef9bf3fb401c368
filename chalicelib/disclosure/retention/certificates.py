"""Certificates of purges 清除证明: that something was deleted when its term was over, and what.

A manifest says what is about to be deleted; its certificate, which holds no key, is kept for good.
"""

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct

from chalicelib.law.rules import Kept
from chalicelib.runtime import blobs

CERTIFICATES = "purges/certificates/"
_READERS = 8


class Certificate(Struct, frozen=True, kw_only=True):
    """Proof of one deletion, without a key of what was deleted.

    `id` is `<line>-<number>`, each line numbered from 1 without a gap. `count` things that were
    kept as `kept` are gone: entries of the ledger, or received files. `digest` is the SHA-256 of
    their sorted names, a line each (`<subject>/<entry>`, or the upload's id); `first` and `last`
    say when they were made and `cut_off` before when they had to be (`stamp` text, UTC); the rest
    is the rule.
    """

    id: str
    kept: Kept
    count: int
    digest: str
    first: str
    last: str
    cut_off: str
    retention_years: int
    source: str
    rulebook: str


class Manifest(Struct, frozen=True):
    """What is about to be deleted: the certificate that will be, and the names of the things.

    `holds`: keys of what was noted of holds on them, all closed, which go with them.
    """

    certificate: Certificate
    names: tuple[str, ...]
    holds: tuple[str, ...] = ()


def digest_of(names: Iterable[str]) -> str:
    """SHA-256 (hexadecimal) of the sorted names, a line each."""
    lines = sorted(f"{name}\n" for name in names)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def keep_certificate(certificate: Certificate) -> None:
    """Keep it for good; keeping it again changes nothing."""
    blobs.write_value(f"{CERTIFICATES}{certificate.id}.json", certificate)


def list_certificates(after: str, limit: int) -> list[Certificate]:
    """Up to `limit` certificates behind the one with the id `after`, in the order of their ids."""
    start = f"{CERTIFICATES}{after}.json" if after else CERTIFICATES
    keys = blobs.list_keys_after(CERTIFICATES, start, limit)
    with ThreadPoolExecutor(_READERS) as readers:
        found = readers.map(lambda key: blobs.read_value(key, Certificate), keys)
        return [certificate for certificate in found if certificate is not None]
