"""Providers send their files and hold the receipts against what was known beforehand."""

import base64
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from infra.local.demo.asking import (
    Caller,
    DemoFailure,
    Json,
    System,
    check_equal,
    check_rows,
    comes_true,
    send,
)
from infra.local.demo.files import DemoFile
from infra.local.demo.telling import tell

_FINAL = ("done", "quarantined")
_MOVES_WITHIN = 120
_TOLD_EVERY = 5
_PAUSE = 0.2
_FOUND_WITHIN = 600
_UNTOLD = {"F-LATE-01", "F-NAME-03"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way."""

    file: DemoFile
    provider: Caller
    upload: str


def as_provider(system: System, uscc: str) -> Caller:
    """A clerk of the authority with this code."""
    return Caller(system, "provider", uscc)


def send_file(system: System, file: DemoFile) -> Sent:
    """Register `file` and put its bytes to the address that accepts exactly these."""
    provider = as_provider(system, file.provider.uscc)
    invited = provider.ask(
        "POST",
        "/v1/uploads",
        body={
            "item": file.item,
            "size": len(file.content),
            "sha256": base64.b64encode(hashlib.sha256(file.content).digest()).decode(),
            "file_name": file.name,
        },
        expect=(201,),
    )
    status, answer = send("PUT", invited["url"], file.content, invited["headers"])
    if status != 200:
        raise DemoFailure(f"{file.name}: S3 answered {status}: {answer[:200]!r}")
    return Sent(file, provider, invited["upload"]["upload"])


def follow(sent: Sent) -> Json:
    """The receipt, once it is final."""
    ((_, receipt),) = follow_all([sent])
    return receipt


def follow_all(files: Iterable[Sent]) -> Iterator[tuple[Sent, Json]]:
    """The receipts as they become final, with a word on the others now and then.

    Raises `DemoFailure` where nothing has moved for two minutes.
    """
    waiting = list(files)
    moved = told = time.monotonic()
    seen: dict[str, tuple[int, int]] = {}
    while waiting:
        for sent in tuple(waiting):
            receipt = sent.provider.get(f"/v1/uploads/{sent.upload}")
            progress = (receipt["received"], receipt["merged"])
            if seen.get(sent.upload) != progress:
                seen[sent.upload], moved = progress, time.monotonic()
            if receipt["state"] in _FINAL:
                waiting.remove(sent)
                yield sent, receipt
        now = time.monotonic()
        if waiting and now - moved > _MOVES_WITHIN:
            names = "、".join(sent.file.name for sent in waiting)
            raise DemoFailure(f"nothing has moved for {_MOVES_WITHIN} s: {names}")
        if waiting and now - told > _TOLD_EVERY:
            tell(f"... 归集中 merging, 待完成 to come: {len(waiting)}")
            told = now
        time.sleep(_PAUSE)


def check_receipt(sent: Sent, receipt: Json) -> None:
    """Counts, and every planted mistake with its row and code, nothing beside them."""
    file, name = sent.file, sent.file.name
    if file.quarantine:
        check_equal(f"{name}: state", receipt["state"], "quarantined")
        check_equal(f"{name}: reason", receipt["reason"]["code"], file.quarantine)
        return
    check_equal(f"{name}: state", receipt["state"], "done")
    counts = {key: receipt[key] for key in ("received", "accepted", "refused", "warned")}
    refused = len(file.refused)
    expected = {
        "received": file.rows,
        "accepted": file.rows - refused,
        "refused": refused,
        "warned": len(file.planted) - refused,
    }
    check_equal(f"{name}: counts", counts, expected)
    told = Counter(code for codes in file.planted.values() for code in codes)
    check_equal(f"{name}: codes", receipt["codes"], dict(told))
    check_rows(name, _by_row(receipt["problems"]), file.planted)


def check_findings(sent: Sent, receipt: Json, expected: Mapping[int, tuple[str, ...]]) -> None:
    """The findings beside the receipt become `expected`, by row: views follow the archive.

    Two are not told: what is late 迟报, for the records are years old and lateness is counted from
    today, and names that differ by full-width letters and spaces only, which the spelling strews in.
    """
    found: dict[int, tuple[str, ...]] = {}

    def look() -> bool:
        found.clear()
        found.update(_read_findings(sent, receipt))
        return found == expected

    if not comes_true(look, _FOUND_WITHIN):
        check_rows(f"{sent.file.name}: findings", found, expected)


def _read_findings(sent: Sent, receipt: Json) -> dict[int, tuple[str, ...]]:
    told: list[Json] = []
    for number in range(receipt["ranges"]):
        path = f"/v1/uploads/{sent.upload}/findings?range={number}"
        told += sent.provider.get(path)["findings"]
    return _by_row(told)


def _by_row(told: list[Json]) -> dict[int, tuple[str, ...]]:
    rows: dict[int, list[str]] = defaultdict(list)
    for each in told:
        rows[each["row"]].append(each["told"]["code"])
    told_of = {row: tuple(sorted(set(codes) - _UNTOLD)) for row, codes in rows.items()}
    return {row: codes for row, codes in told_of.items() if codes}


def describe(receipt: Json) -> str:
    """A receipt in a line."""
    if receipt["state"] == "quarantined":
        reason = receipt["reason"]
        return f"整份隔离 quarantined, {reason['code']} {reason['detail']}"
    parts = [f"收到 received {receipt['received']:5}", f"入库 accepted {receipt['accepted']:5}"]
    if receipt["refused"]:
        parts.append(f"退回 refused {receipt['refused']:3}")
    return " · ".join(parts)
