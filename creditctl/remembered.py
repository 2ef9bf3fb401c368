"""Uploads that were begun and whose receipt has not been seen, so that they can be gone on with."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from creditctl.files import replace_file

Mode = Literal["partial", "whole"]
"""Whether good rows are merged where others are refused, or none."""


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent where: a file by its content, for an item, to a server."""

    server: str
    item: str
    file_name: str
    size: int
    sha256: str
    mode: Mode = "partial"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """An upload that the server has registered, and the address that takes its bytes until then.

    Without one, each part of the file has an address of its own, which the server tells when asked.
    """

    upload: str
    url: str | None
    headers: dict[str, str]
    expires_at: datetime


class Memory:
    """Begun uploads in a folder, one file each: several commands may run at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "uploads"

    def find(self, sending: Sending) -> Begun | None:
        """The upload that was begun with the same file, if any."""
        try:
            return msgspec.json.decode(self._path(sending).read_bytes(), type=Begun)
        except (OSError, msgspec.DecodeError):
            return None

    def keep(self, sending: Sending, begun: Begun) -> None:
        """Remember an upload. The address in it is a secret until the file is there."""
        replace_file(self._path(sending), msgspec.json.encode(begun))

    def forget(self, sending: Sending) -> None:
        """The upload is finished with."""
        self._path(sending).unlink(missing_ok=True)

    def _path(self, sending: Sending) -> Path:
        name = hashlib.sha256(msgspec.json.encode(sending)).hexdigest()[:32]
        return self._folder / f"{name}.json"
