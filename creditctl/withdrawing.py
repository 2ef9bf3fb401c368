"""Withdrawing (撤销) what was said in an upload, row by row; doing it again changes nothing."""

from collections.abc import Collection

from creditctl import words
from creditctl.console import Console
from creditctl.exits import Exit, Failure
from creditctl.results import read_rows
from creditctl.server import Json, Server


def withdraw_rows(
    server: Server,
    upload: str,
    rows: Collection[int],
    *,
    reason: str,
    undo: bool,
    console: Console,
) -> list[Json]:
    """Withdraw the records of accepted `rows` of an upload, all where none is named.

    The mark's id is the upload's, so `undo` lifts what was withdrawn under it. Raises `Failure`.
    """
    item = str(server.get("v1", "uploads", upload)["upload"]["item"])
    found = {
        row["row"]: row
        for row in read_rows(server, upload)
        if row["accepted"] and (not rows or row["row"] in rows)
    }
    missing = sorted(set(rows) - found.keys())
    if missing:
        told = "、".join(map(str, missing))
        raise Failure(Exit.USAGE, words.ROW_UNKNOWN, upload=upload, rows=told)
    records = {(row["subject"], row["record"]): row for row in found.values()}
    mark = {
        "kind": "withdrawn",
        "phase": "close" if undo else "open",
        "id": f"creditctl-{upload}",
        "basis": reason,
    }
    done: list[Json] = []
    for (subject, record), row in records.items():
        path = ("v1", "archives", subject, "records", item, record, "marks")
        answer = server.post(*path, body=mark, repeatable=True)
        done.append({"row": row["row"], "subject": subject, "record": record, **answer})
        console.show_progress(words.WITHDRAWING, len(done), len(records))
    return done
