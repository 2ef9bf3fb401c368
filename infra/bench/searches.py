"""Searches at a million names, measured in a process of its own beside a stub that holds them.

Run by `infra.bench.measures`; the last line on standard output is what was measured, in JSON: for
each kind of search what it asks of AWS, and what it costs this process.
"""

import gc
import http.client
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from statistics import mean
from typing import Any, Final

import msgspec

from chalicelib.disclosure.search import store
from chalicelib.disclosure.search.finding import Page, Place, search_names
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day, now
from chalicelib.subjects.names import search_text
from infra.bench.held import RULEBOOK
from infra.bench.names import code_of, list_names, make_parts

_SAMPLES: Final = 12
_REPEATED: Final = 4
_INDEXED: Final = 200


def list_kinds(names: int) -> dict[str, list[str]]:
    """Fragments to be searched for, by what kind of search they are."""
    made = [make_parts(number * (names // 97)) for number in range(97)]
    long = [parts for parts in made if len(parts.brand) > 2]  # noqa: PLR2004 - letters
    former = (list_names(number * 30)[1] for number in count(1))
    return {
        "a whole name": [parts.name for parts in made[:_SAMPLES]],
        "a brand of three letters": [parts.brand for parts in long[:_SAMPLES]],
        "a brand of two letters": [parts.brand[:2] for parts in long[:_SAMPLES]],
        "brand and trade": [parts.brand + parts.trade for parts in made[:_SAMPLES]],
        "a common word, first page": ["科技", "贸易", "清江", "建筑", "食品", "餐饮管理"],
        "the beginning of many names": ["清江市", "江北省", "临溪区"],
        "two common words": ["清江市 科技", "江北省 物流", "临溪区 百货"],
        "two words, rare together": [f"{parts.brand[:2]} {parts.trade}" for parts in long[:6]],
        "a former name": list(islice(former, _SAMPLES)),
        "a code": [code_of(number * 1009) for number in range(_SAMPLES)],
        "a miss": ["鑫鑫鑫鑫", "无此字号", "查无此名企业", "魑魅魍魉"],
        "common words that never meet": ["清江市 棹湾", "贸易 面馆", "科技 理发"],
    }


def search(fragment: str, place: Place | None = None) -> Page:
    """A search as the route does it, its answer encoded."""
    page = search_names(fragment, lawful_day(now()), load_rulebook(RULEBOOK), place)
    msgspec.json.encode(page)
    return page


class _Meter:
    """What the stub was asked since the last time."""

    def __init__(self) -> None:
        self._host = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")

    def read(self) -> tuple[float, float, float]:
        """Requests, read units, write units."""
        connection = http.client.HTTPConnection(self._host)
        connection.request("GET", "/-/counts")
        told = json.load(connection.getresponse())
        sums = (sum(told[name].values()) for name in ("requests", "reads", "units"))
        requests, reads, units = sums
        return requests, reads, units


def measure(act: Callable[[str], Any], values: Iterable[str], meter: _Meter) -> dict[str, Any]:
    """What acting on each of `values` asks and costs, on average and at most."""
    given = list(values)
    meter.read()
    asked = []
    for value in given:
        act(value)
        asked.append(meter.read())
    costs = list(_time(act, given))
    requests, reads, units = zip(*asked, strict=True)
    return {
        "requests": mean(requests),
        "most_requests": max(requests),
        "reads": mean(reads),
        "most_reads": max(reads),
        "units": mean(units),
        "cpu_ms": mean(cpu for cpu, _ in costs) * 1e3,
        "wall_ms": mean(wall for _, wall in costs) * 1e3,
    }


def _time(act: Callable[[str], Any], values: Iterable[str]) -> Iterator[tuple[float, float]]:
    """Seconds of CPU and of elapsed time of each value: the least of several times."""
    for value in values:
        found = []
        for _ in range(_REPEATED):
            cpu, wall = time.process_time(), time.perf_counter()
            act(value)
            found.append((time.process_time() - cpu, time.perf_counter() - wall))
        yield min(found)


def _index(number: str) -> None:
    """Put the postings of an organisation that is new."""
    subject = code_of(int(number))
    held = tuple(
        store.HeldName(search_text(name), name, "1INVENTEDRECORD")
        for name in list_names(int(number))
    )
    store.put_postings(subject, held)
    store.replace_note(None, store.note_of(subject, held, 1), ())


def main() -> None:
    """The command: how many names the stub holds."""
    names = int(sys.argv[1])
    search("清江市")
    gc.freeze()  # this and the next as app.py does
    gc.set_threshold(10_000)
    meter = _Meter()
    kinds = {}
    for kind, fragments in list_kinds(names).items():
        pages = [search(fragment) for fragment in fragments]
        kinds[kind] = measure(search, fragments, meter) | {
            "found": mean(len(page.found) for page in pages),
            "narrow": sum(page.narrow for page in pages) / len(pages),
        }
    indexing = measure(_index, map(str, range(_INDEXED)), meter)
    print("\n" + json.dumps({"kinds": kinds, "indexing": indexing, "names": names}))


if __name__ == "__main__":
    main()
