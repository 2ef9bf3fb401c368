"""Send a file to the system and print its receipt: `python infra/send.py --help`.

Standard library only, so that it runs where the rest is not installed. Exit status: 0 all rows
accepted, 1 rows refused or file unreadable, 2 not sent.
"""

import argparse
import base64
import hashlib
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

_PART = 8 << 20
_IN_PARTS = 32 << 20  # a larger file is sent in parts
_PAUSE_SECONDS = 2
_ALREADY_THERE = 412
_SHOWN = 20


class Refused(Exception):
    """The system refused a request; the message is for the person at the terminal."""


class _Progress:
    """Some bytes of a file, from where it stands; shows how much of the file has been read."""

    def __init__(self, file: BinaryIO, length: int, size: int) -> None:
        self._file = file
        self._end = file.tell() + length
        self._size = size

    def read(self, length: int = -1) -> bytes:
        """The next bytes."""
        left = self._end - self._file.tell()
        chunk = self._file.read(left if length < 0 else min(length, left))
        _show(f"sending {self._file.tell() * 100 // self._size:3d} %")
        return chunk


def _show(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _ask(url: str, token: str, body: Mapping[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "zh, en;q=0.8"}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(_explain(error)) from None
    except urllib.error.URLError as error:
        raise Refused(f"{url}: {error.reason}") from None


def _explain(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.load(error)
        lines = [f"{error.code} {problem['code']} {problem['detail']} {problem['mend']}"]
        lines += [f"  {each['pointer']}: {each['detail']}" for each in problem.get("errors", ())]
    except (ValueError, KeyError):
        return f"{error.code} {error.reason}"
    return "\n".join(lines)


def _digest(path: Path, part: int) -> tuple[str, list[str]]:
    """SHA-256 of the file, and of each of its parts of so many bytes."""
    whole = hashlib.sha256()
    parts = []
    with path.open("rb") as file:
        while body := file.read(part):
            whole.update(body)
            parts.append(base64.b64encode(hashlib.sha256(body).digest()).decode())
    return base64.b64encode(whole.digest()).decode(), parts


def _put(path: Path, invited: Mapping[str, Any], start: int, length: int) -> None:
    """PUT so many bytes of the file where the system says."""
    size = path.stat().st_size
    headers = {**invited["headers"], "Content-Length": str(length)}
    with path.open("rb") as file:
        file.seek(start)
        request = urllib.request.Request(
            invited["url"],
            data=_Progress(file, length, size),
            headers=headers,
            method="PUT",
        )
        try:
            urllib.request.urlopen(request).close()
        except urllib.error.HTTPError as error:
            if error.code != _ALREADY_THERE:
                raise Refused(f"{error.code} {error.read().decode(errors='replace')}") from None
        except urllib.error.URLError as error:
            raise Refused(str(error.reason)) from None


def _put_parts(address: str, token: str, path: Path) -> None:
    """Send the parts that are missing, then have the file made of them."""
    after = 0
    while after is not None:
        page = _ask(f"{address}/parts?after={after}", token)
        for part in page["parts"]:
            if part["url"] is not None:
                _put(path, part, (part["number"] - 1) * _PART, part["size"])
        after = page["next_after"]
    _ask(f"{address}/completion", token, {})


def _register(url: str, token: str, item: str, path: Path) -> Any:
    size = path.stat().st_size
    digest, parts = _digest(path, _PART)
    announced = {"item": item, "size": size, "sha256": digest, "file_name": path.name}
    if size > _IN_PARTS:
        announced["parts"] = {"size": _PART, "sha256": parts}
    invited = _ask(f"{url}/v1/uploads", token, announced)
    print(f"upload {invited['upload']['upload']}", flush=True)
    return invited


def send(url: str, token: str, item: str, path: Path, begun: str = "") -> Any:
    """Register `path`, send it and wait for its receipt; or go on with an upload that was `begun`
    in parts. Raises `Refused`.
    """
    if begun:
        upload, in_parts = begun, _ask(f"{url}/v1/uploads/{begun}", token)["state"] == "registered"
    else:
        invited = _register(url, token, item, path)
        upload, in_parts = invited["upload"]["upload"], invited["url"] is None
        if not in_parts:
            _put(path, invited, 0, path.stat().st_size)
    address = f"{url}/v1/uploads/{upload}"
    if in_parts:
        _put_parts(address, token, path)
    while True:
        receipt = _ask(address, token)
        if receipt["state"] in {"done", "quarantined"}:
            _show("")
            return receipt
        _show(f"{receipt['state']} {receipt['merged']} / {receipt['ranges']}")
        time.sleep(_PAUSE_SECONDS)


def print_receipt(receipt: Mapping[str, Any]) -> None:
    """The receipt (回执) as a clerk reads it."""
    if receipt["reason"] is not None:
        reason = receipt["reason"]
        print(f"{reason['code']} {reason['detail']} {reason['mend']}")
        return
    counted = ("received", "accepted", "warned", "refused")
    print(" · ".join(f"{name} {receipt[name]}" for name in counted))
    for code, count in receipt["codes"].items():
        print(f"  {code} × {count}")
    for problem in receipt["problems"][:_SHOWN]:
        told = problem["told"]
        place = " ".join(filter(None, (told["column"], told["label"])))
        print(f"  {problem['row']} {place} {told['code']} {told['detail']} {told['mend']}")


def main() -> int:
    """Read the command line and send one file."""
    parser = argparse.ArgumentParser(description="Send a file and print its receipt.")
    parser.add_argument("--url", required=True, help="such as http://localhost:8000")
    parser.add_argument("--token", required=True, help="a provider's bearer token")
    parser.add_argument("--item", required=True, help="catalogue item, such as registration")
    parser.add_argument(
        "--upload", default="", help="go on with this one, begun with the same file"
    )
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    try:
        receipt = send(given.url.rstrip("/"), given.token, given.item, given.file, given.upload)
    except (Refused, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print_receipt(receipt)
    return 0 if receipt["state"] == "done" and not receipt["refused"] else 1


if __name__ == "__main__":
    sys.exit(main())
