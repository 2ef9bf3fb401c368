"""What a file turns out to be while it streams by: its size, digest and encoding."""

import base64
import codecs
import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from chalicelib.collection import codes
from chalicelib.collection.formats import UTF_16_MARKS
from chalicelib.runtime.errors import DomainError

_ENCODINGS: Final = ("utf-8", "gb18030")  # in the order of preference, both strict
_UTF_16: Final = ("utf-16",)


class Examination:
    """Examines chunks on their way; what it found is told after the last one."""

    def __init__(self) -> None:
        self.size = 0
        self._digest = hashlib.sha256()
        self._decoders = _decoders(_ENCODINGS)
        self._position = 0  # of the byte at which the last encoding was given up

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """`chunks`, unchanged."""
        for chunk in chunks:
            if not self.size and chunk.startswith(UTF_16_MARKS):
                self._decoders = _decoders(_UTF_16)
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


def _decoders(names: Iterable[str]) -> dict[str, codecs.IncrementalDecoder]:
    return {name: codecs.getincrementaldecoder(name)() for name in names}
