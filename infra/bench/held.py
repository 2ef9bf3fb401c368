"""The stub with tables in it that are read: run as a process, it answers at once and weighs.

Table `names` holds the postings of so many invented organisations (`infra.bench.names`), as
`disclosure.search.store` would have put them, and `publication` their registrations; they are not
laid out but made when they are read. Tables `archive` and `bench` keep what is put into them. Pages
end as in DynamoDB (`Limit`, 1 MB); `GET /-/counts` tells read units besides.
"""

import asyncio
import base64
import json
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import msgspec

from chalicelib.archive.facts import Facts
from chalicelib.archive.profile import REGISTRATION
from chalicelib.archive.statements import RecordKey
from chalicelib.disclosure.publication.edition import edition_on
from chalicelib.disclosure.search.store import HeldName, Item, list_postings, note_of
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day, now
from chalicelib.subjects.names import search_text
from infra.bench.names import code_of, list_names, number_of
from infra.bench.stub import Account, Body, serve, size_of

RULEBOOK: Final = "jiangsu"
_RECORD: Final = "1INVENTEDRECORD"
_UNIT: Final = 4096
_PAGE: Final = 1 << 20
_SAID: Final = "20260601T000000.000Z"
_NOTE: Final = "@indexed."
_LAST: Final = "\U0010ffff"


class _Entry(NamedTuple):
    """One name of the organisation of this number; sorts as places on gram lists do."""

    former: bool
    text: str
    number: int

    @property
    def begun(self) -> tuple[str, bool, int]:
        """What it sorts by among names that begin alike."""
        return self.text, self.former, self.number


class Index:
    """The postings of so many organisations: lists of places in one list of all names."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._entries = sorted(
            _Entry(place > 0, search_text(name), number)
            for number in range(count)
            for place, name in enumerate(list_names(number))
        )
        self._begun = sorted(self._entries, key=lambda entry: entry.begun)
        self._lists: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, entry in enumerate(self._entries):
            for on in {entry.text[at : at + 2] for at in range(len(entry.text) - 1)}:
                self._lists[on].append(place)

    def read(self, on: str, prefix: str, after: str) -> Iterator[Item]:
        """The postings of a list in their order, of places that begin so, from behind a place."""
        begun = len(on) > 2  # noqa: PLR2004 - ^ and two letters
        found = self._read_begun(prefix, after) if begun else self._read_gram(on, after)
        for entry in found:
            yield next(
                item
                for item in list_postings(code_of(entry.number), _held(entry.number))
                if item["gram"]["S"] == on and ("name" in item) == entry.former
            )

    def _read_begun(self, prefix: str, after: str) -> Iterator[_Entry]:
        if after:
            text, _, behind = after.partition("\n")
            start = bisect_right(
                self._begun,
                (text, behind[0] == "1", number_of(behind[1:])),
                key=lambda entry: entry.begun,
            )
        else:
            start = bisect_left(self._begun, prefix, key=lambda entry: entry.text)
        end = bisect_left(self._begun, prefix + _LAST, key=lambda entry: entry.text)
        return (self._begun[place] for place in range(start, end))

    def _read_gram(self, on: str, after: str) -> Iterator[_Entry]:
        places = self._lists.get(on, array("I"))
        start = 0
        if after:
            text, _, code = after[1:].partition("\n")
            last = _Entry(after[0] == "1", text, number_of(code))
            start = bisect_right(places, bisect_left(self._entries, last))
        return (self._entries[places[place]] for place in range(start, len(places)))

    def note(self, code: str) -> Item | None:
        """What the organisation with this code is indexed as."""
        if not self._holds(code):
            return None
        note: Item = note_of(code, _held(number_of(code)), 1).serialize()
        return note

    def row(self, code: str) -> Item | None:
        """The publication row of its registration."""
        return _publish(code, list_names(number_of(code))[0]) if self._holds(code) else None

    def _holds(self, code: str) -> bool:
        return code == code_of(number_of(code)) and number_of(code) < self._count


def _held(number: int) -> tuple[HeldName, ...]:
    return tuple(HeldName(search_text(name), name, _RECORD) for name in list_names(number))


def _publish(code: str, name: str) -> Item:
    facts = Facts(
        key=RecordKey(code, REGISTRATION, _RECORD),
        provider="113299000000000193",
        said=_SAID,
        first_said=_SAID,
        version="2026.1",
        fields={
            "uni_social_crd_cd": code,
            "comp_nm": name,
            "est_dt": "2019-05-06",
            "comp_type": "有限责任公司（自然人投资或控股）",
            "reg_state": "存续（在营、开业、在册）",
            "reg_capt": "500",
            "addr": "清江市临溪区澄心路18号",
            "opt_scop": "许可项目以外的一般项目：销售、技术服务、技术开发、技术咨询、技术转让。",
        },
    )
    day = lawful_day(now())
    return {
        "subject": {"S": code},
        "key": {"S": facts.key.path},
        "body": {"B": base64.b64encode(msgspec.msgpack.encode(facts)).decode()},
        "size": {"N": "1"},
        "marks": {"N": "0"},
        "edition": {"N": str(_edition().number)},
        "rules": {"S": _edition().text},
        "day": {"S": day.isoformat()},
    }


@cache
def _edition() -> Any:
    return edition_on(lawful_day(now()), load_rulebook(RULEBOOK))


class Held(Account):
    """An account whose tables can be read."""

    def __init__(self, folder: Path, names: int) -> None:
        super().__init__(folder, weighing=True)
        self._index = Index(names)
        self._kept: defaultdict[str, list[Item]] = defaultdict(list)
        self._read: defaultdict[str, float] = defaultdict(float)

    def _tell(self) -> Body:
        told = {**super()._tell(), "reads": dict(self._read)}
        self._read.clear()
        return told

    def _keep(self, table: str, item: Body) -> None:
        if table == "publication":
            self._kept[table].append(item)
        elif table != "names":  # are invented
            super()._keep(table, item)

    def _insert(self, body: bytes) -> Body:
        for each in json.loads(body)["Statements"]:
            subject, key, words, first = each["Parameters"]
            item = {"subject": subject, "key": key, "body": words, "first": first}
            self._kept[subject["S"]].append(item)
        return super()._insert(body)

    def _write_batch(self, body: bytes) -> Body:
        for table, requests in json.loads(body)["RequestItems"].items():
            self._kept[table] += [request["PutRequest"]["Item"] for request in requests]
        return super()._write_batch(body)

    def _query(self, body: bytes) -> Body:
        asked = json.loads(body)
        items, last = self._cut(self._find(asked), asked.get("Limit"))
        size = -(-sum(map(size_of, items)) // _UNIT) or 1
        self._read["Query"] += size if asked.get("ConsistentRead") else size / 2
        answer: Body = {"Items": items, "Count": len(items), "ScannedCount": len(items)}
        return answer | ({"LastEvaluatedKey": last} if last else {})

    def _find(self, asked: Mapping[str, Any]) -> Iterable[Item]:
        values = {name: value["S"] for name, value in asked["ExpressionAttributeValues"].items()}
        if asked["TableName"] == "names":
            after = asked.get("ExclusiveStartKey", {"place": {"S": ""}})["place"]["S"]
            return self._index.read(values[":g"], values.get(":p", ""), after)
        if asked["TableName"] == "archive":
            return self._kept[values[":s"]]
        return self._kept[asked["TableName"]]

    def _cut(self, found: Iterable[Item], limit: int | None) -> tuple[list[Item], Item | None]:
        items: list[Item] = []
        size = 0
        for item in found:
            size += size_of(item)
            items.append(item)
            if len(items) == limit or size > _PAGE:
                return items, {name: item[name] for name in ("gram", "place") if name in item}
        return items, None

    def _get_batch(self, body: bytes) -> Body:
        found: dict[str, list[Item]] = {}
        for table, asked in json.loads(body)["RequestItems"].items():
            if table not in ("names", "publication"):
                found |= super()._get_batch(body)["Responses"]
                continue
            one = self._index.note if table == "names" else self._index.row
            held = (one(_code(key)) for key in asked["Keys"])
            found[table] = [item for item in held if item is not None]
            strong = asked.get("ConsistentRead", False)
            self._read["BatchGetItem"] += len(asked["Keys"]) if strong else len(asked["Keys"]) / 2
        return {"Responses": found, "UnprocessedKeys": {}}

    operations: ClassVar[Mapping[str, Callable[["Account", bytes], Body]]] = {
        **Account.operations,
        "BatchExecuteStatement": _insert,  # type: ignore[dict-item]
        "BatchGetItem": _get_batch,  # type: ignore[dict-item]
        "BatchWriteItem": _write_batch,  # type: ignore[dict-item]
        "Query": _query,  # type: ignore[dict-item]
    }


def _code(key: Item) -> str:
    named: str = (key.get("subject") or key["place"])["S"]
    return named


if __name__ == "__main__":
    asyncio.run(serve(Held(Path(sys.argv[1]), int(sys.argv[2]))))
