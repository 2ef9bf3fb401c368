"""Sealing what names persons under the key of each: destroying any of the keys erases it (JS-30)."""

from collections.abc import Mapping

from chalicelib.runtime.cipher import seal, unseal


def seal_for(keys: Mapping[str, bytes], plaintext: bytes, context: str) -> bytes:
    """`plaintext` sealed under every person's key in turn; as it is where there are none."""
    sealed = plaintext
    for person in sorted(keys):
        sealed = seal(keys[person], sealed, context.encode())
    return sealed


def unseal_for(keys: Mapping[str, bytes], sealed: bytes, context: str) -> bytes:
    """What `seal_for` sealed under the same keys and context."""
    plaintext = sealed
    for person in sorted(keys, reverse=True):
        plaintext = unseal(keys[person], plaintext, context.encode())
    return plaintext
