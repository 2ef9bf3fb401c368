"""Tallies: what became of the rows of many ranges together, so that a receipt reads few objects.

Results never change, so neither does what a block of ranges adds up to. It is kept under a key of
its own once all of the block have results: by the worker that comes last, or by whoever asks for
the receipt where that one died; everybody keeps the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from typing import Final

import msgspec

from chalicelib.collection.plans import Plan
from chalicelib.collection.problems import Problem
from chalicelib.collection.results import (
    RangeResult,
    list_merged,
    list_merged_between,
    read_result,
)
from chalicelib.runtime import blobs

MAX_PROBLEMS: Final = 100
BLOCK: Final = 64
"""So many ranges are kept together; an upload of no more has none kept."""

MOST_READ: Final = 192
"""So many results one question reads; those of further ranges are counted when it is asked again."""

_READERS: Final = 8
_WHOLE: Final = "whole"


class RowProblem(msgspec.Struct, frozen=True):
    """A row's number and one of its problems."""

    row: int
    problem: Problem


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows of so many `ranges`, checked against `version` of their item.

    `codes` says how often each code was told, `problems` are the first hundred.
    """

    version: str = ""
    ranges: int = 0
    accepted: int = 0
    refused: int = 0
    withheld: int = 0
    warned: int = 0
    codes: dict[str, int] = {}
    problems: tuple[RowProblem, ...] = ()


class Count(msgspec.Struct, frozen=True):
    """How many ranges of an upload have results, and the tally of those that are counted."""

    merged: int
    tally: Tally


def tally_range(result: RangeResult) -> Tally:
    """The tally of one range."""
    problems = [RowProblem(row.row, each) for row in result.rows for each in row.problems]
    accepted = [row for row in result.rows if row.accepted]
    withheld = sum(row.withheld for row in result.rows)
    return Tally(
        version=result.version,
        ranges=1,
        accepted=len(accepted),
        refused=len(result.rows) - len(accepted) - withheld,
        withheld=withheld,
        warned=sum(bool(row.problems) for row in accepted),
        codes=dict(sorted(Counter(each.problem.code for each in problems).items())),
        problems=tuple(problems[:MAX_PROBLEMS]),
    )


def add_up(tallies: Iterable[Tally]) -> Tally:
    """The tally of all, in the order of their rows."""
    parts = list(tallies)
    told: Counter[str] = Counter()
    for part in parts:
        told.update(part.codes)
    return Tally(
        version=next((part.version for part in parts), ""),
        ranges=sum(part.ranges for part in parts),
        accepted=sum(part.accepted for part in parts),
        refused=sum(part.refused for part in parts),
        withheld=sum(part.withheld for part in parts),
        warned=sum(part.warned for part in parts),
        codes=dict(sorted(told.items())),
        problems=tuple(islice(chain.from_iterable(p.problems for p in parts), MAX_PROBLEMS)),
    )


def count_ranges(plan: Plan) -> Count:
    """What has become of the ranges of an upload so far."""
    ranges = len(plan.ranges)
    if ranges <= BLOCK:
        merged = list_merged(plan.upload)
        return Count(len(merged), _tally(plan.upload, merged))
    whole = blobs.read_value(_key(plan.upload, _WHOLE), Tally)
    if whole is not None:
        return Count(ranges, whole)
    merged = list_merged(plan.upload)
    tally = _tally_blocks(plan, merged)
    if tally.ranges == ranges:
        blobs.write_value(_key(plan.upload, _WHOLE), tally)
    return Count(len(merged), tally)


def keep_block(plan: Plan, index: int) -> None:
    """Keep the tally of the block that range `index` is in, if the last of it has its result."""
    if len(plan.ranges) <= BLOCK:
        return
    block = index // BLOCK
    members = _members(plan, block)
    if list_merged_between(plan.upload, members.start, members.stop) == list(members):
        _make_block(plan, block)


def _tally_blocks(plan: Plan, merged: Sequence[int]) -> Tally:
    """The tally of as many of the `merged` ranges as may be read: whole blocks first."""
    prefix = _key(plan.upload, "").removesuffix(".json")
    kept = {key.removeprefix(prefix).removesuffix(".json") for key in blobs.list_keys(prefix)}
    whole, begun = _by_block(plan, merged)
    keys = {block: _key(plan.upload, _name(block)) for block in whole if _name(block) in kept}
    with ThreadPoolExecutor(_READERS) as readers:
        read = readers.map(lambda key: blobs.read_value(key, Tally), keys.values())
        found = dict(zip(keys, read, strict=True))
    left = MOST_READ
    for block, ranges in (*whole.items(), *begun.items()):
        if block not in found and len(ranges) <= left:
            left -= len(ranges)
            made = block in whole
            found[block] = _make_block(plan, block) if made else _tally(plan.upload, ranges)
    return add_up(tally for _, tally in sorted(found.items()) if tally is not None)


def _by_block(
    plan: Plan, merged: Iterable[int]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """The `merged` ranges of each block: of those that are complete, and of the others."""
    whole: dict[int, list[int]] = {}
    for index in merged:
        whole.setdefault(index // BLOCK, []).append(index)
    begun = {
        block: ranges for block, ranges in whole.items() if len(ranges) < len(_members(plan, block))
    }
    for block in begun:
        del whole[block]
    return whole, begun


def _make_block(plan: Plan, block: int) -> Tally:
    tally = _tally(plan.upload, _members(plan, block))
    blobs.write_value(_key(plan.upload, _name(block)), tally)
    return tally


def _members(plan: Plan, block: int) -> range:
    return range(block * BLOCK, min((block + 1) * BLOCK, len(plan.ranges)))


def _tally(upload: str, ranges: Iterable[int]) -> Tally:
    with ThreadPoolExecutor(_READERS) as readers:
        found = readers.map(lambda index: _tally_one(upload, index), ranges)
        return add_up(tally for tally in found if tally is not None)


def _tally_one(upload: str, index: int) -> Tally | None:
    result = read_result(upload, index)
    return None if result is None else tally_range(result)


def _name(block: int) -> str:
    return f"{block:04d}"


def _key(upload: str, name: str) -> str:
    return f"tallies/{upload}/{name}.json"
