"""What a file turns out to be while it streams by: its size, digest, format and encoding."""

import base64
import codecs
import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from chalicelib.collection import codes
from chalicelib.runtime.errors import DomainError

_ENCODINGS: Final = ("utf-8", "gb18030")  # in the order of preference, both strict
_FORMATS: Final = {
    b"PK\x03\x04": "XLSX / ZIP",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"%PDF": "PDF",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x1f\x8b": "GZIP",
}


class Examination:
    """Examines chunks on their way; what it found is told after the last one."""

    def __init__(self) -> None:
        self.size = 0
        self._digest = hashlib.sha256()
        self._decoders = {name: codecs.getincrementaldecoder(name)() for name in _ENCODINGS}
        self._position = 0  # of the byte at which the last encoding was given up

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """`chunks`, unchanged. Raises DomainError `E-FILE-03` for what is plainly not text."""
        for chunk in chunks:
            if not self.size:
                _refuse_formats(chunk)
            self._digest.update(chunk)
            self._decode(chunk, final=False)
            self.size += len(chunk)
            yield chunk
        self._decode(b"", final=True)

    def _decode(self, chunk: bytes, *, final: bool) -> None:
        for name, decoder in list(self._decoders.items()):
            try:
                decoder.decode(chunk, final)
            except UnicodeDecodeError as error:
                pending = len(error.object) - len(chunk)
                self._position = max(self._position, self.size - pending + error.start + 1)
                del self._decoders[name]

    @property
    def sha256(self) -> str:
        """The digest in base64, as it was registered."""
        return base64.b64encode(self._digest.digest()).decode()

    @property
    def encoding(self) -> str:
        """The first encoding under which every byte was valid. Raises DomainError `E-FILE-02`."""
        for name in self._decoders:
            return name
        raise DomainError(codes.FILE_ENCODING, position=self._position)


def _refuse_formats(chunk: bytes) -> None:
    for magic, name in _FORMATS.items():
        if chunk.startswith(magic):
            raise DomainError(codes.FILE_FORMAT, format=name)
    if b"\0" in chunk[:4] and chunk[:4].strip(b"\0"):
        raise DomainError(codes.FILE_FORMAT, format="UTF-16")
