"""How words are stored: deflated (RFC 1951) after a dictionary of what records are full of.

A write unit and a byte kept cost money, and most of a statement is said in thousands of others:
names of fields, choices, articles of laws. Keys are made from the words as they are, never from
what is stored, so another deflater may give other bytes. A dictionary that has been used stands
for good: what was stored with it is read with it.

Sealed bytes stand beside: nothing makes them shorter, and their letters, all equally frequent, cost
the deflater as much as the rest.
"""

import zlib
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

_MARK: Final = b"\xc1"
"""MessagePack begins no value with this byte; the dictionary's number follows it, or 0."""
_APART: Final = _MARK + b"\0"
"""Before the pair of a packed value and of what stands beside it."""

_WINDOW: Final = -14  # 16 KB without a header: the dictionary and a long statement
_MEMORY: Final = 6  # little, for a fresh copy is made for each statement
_LEVEL: Final = 3  # higher ones take longer and gain nothing
_NEWEST: Final = 1


def pack(body: bytes) -> bytes:
    """The MessagePack value `body` as it is stored: deflated where that is shorter."""
    deflater = _deflater(_NEWEST).copy()
    packed = b"%b%c%b%b" % (_MARK, _NEWEST, deflater.compress(body), deflater.flush())
    return packed if len(packed) < len(body) else body


def unpack(stored: bytes) -> bytes:
    """The value that `pack` was given."""
    if not stored.startswith(_MARK):
        return stored
    return _inflater(stored[1]).copy().decompress(stored[2:])


def set_apart(packed: bytes, beside: bytes) -> bytes:
    """A packed value as it is stored with another that is not to be deflated."""
    return _APART + _encode((packed, beside)) if beside else packed


def put_together(stored: bytes) -> tuple[bytes, bytes]:
    """The packed value and what was set apart from it, empty where nothing was."""
    return _decode(stored[len(_APART) :]) if stored.startswith(_APART) else (stored, b"")


_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(tuple[bytes, bytes]).decode


@cache
def dictionary(number: int) -> bytes:
    """The words of a dictionary, one a line, as they stand in a value; the commonest come last."""
    path = Path(__file__).with_name(f"dictionary_{number}.txt")
    words = path.read_text(encoding="utf-8").splitlines()
    return b"".join(map(msgspec.msgpack.encode, words))


@cache
def _deflater(number: int) -> "zlib._Compress":
    return zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, dictionary(number)
    )


@cache
def _inflater(number: int) -> "zlib._Decompress":
    return zlib.decompressobj(_WINDOW, dictionary(number))
