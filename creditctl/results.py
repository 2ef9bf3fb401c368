"""What became of each row of an upload."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from creditctl import words
from creditctl.console import Console
from creditctl.exits import Exit, Failure, Refused
from creditctl.receipts import print_problem
from creditctl.server import Json, Server, fetch


def read_rows(server: Server, upload: str) -> Iterator[Json]:
    """Every row of an upload whose range is done, in order."""
    receipt = server.get("v1", "uploads", upload)
    for index in range(receipt["ranges"]):
        try:
            yield from _read_range(server, upload, index)
        except Refused as error:
            if error.status != HTTPStatus.NOT_FOUND or receipt["state"] == "done":
                raise


def _read_range(server: Server, upload: str, index: int) -> Iterator[Json]:
    cursor: dict[str, str] = {}
    while True:
        page = server.get("v1", "uploads", upload, "rows", range=index, **cursor)
        yield from page["rows"]
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}


def print_row(row: Json, console: Console) -> None:
    """A row and all that is told of it."""
    console.say(words.ROW_ACCEPTED if row["accepted"] else words.ROW_REFUSED, row=row["row"])
    for told in row["problems"]:
        print_problem({"row": row["row"], "told": told}, console)


def save_refused(server: Server, upload: str, path: Path) -> list[Path]:
    """Save the refused rows of an upload as workbooks to mend and send again; returns where.

    Those that one workbook cannot hold are in `<name>-2.xlsx` and so on. Raises `Failure`.
    """
    saved: list[Path] = []
    first: int | None = 0
    while first is not None:
        found = server.get("v1", "uploads", upload, "refused", range=first)
        if found["rows"]:
            place = path.with_stem(f"{path.stem}-{len(saved) + 1}") if saved else path
            write_file(place, fetch(str(found["url"])))
            saved.append(place)
        first = found["next_range"]
    return saved


def write_file(path: Path, content: bytes) -> None:
    """Put what was downloaded at `path`. Raises `Failure`."""
    try:
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(Exit.USAGE, words.FILE_UNWRITABLE, file=str(path), reason=reason) from None
