"""A page of 50 records: ours from what is stored to JSON, beside boto3 reading as many plain items.

Run by `infra.bench.measures` beside the stub that holds what is put into it; the last line on
standard output is what was measured, in JSON: milliseconds of CPU a page.
"""

import csv
import gc
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import boto3
from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import TypeDeserializer

from chalicelib.archive.facts import lay_open, precedence_of
from chalicelib.archive.fold import fold
from chalicelib.archive.store import read_records
from chalicelib.archive.visibility import PUBLIC, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.publication.projection import project_holding
from chalicelib.disclosure.publication.reading import read_published
from chalicelib.disclosure.queries import read_archive
from chalicelib.disclosure.showing import show_record
from chalicelib.law.rulebook import Rulebook, load_rulebook
from chalicelib.runtime.clock import lawful_day, now
from chalicelib.web.outputs import encode
from infra.bench import intake
from infra.bench.held import RULEBOOK
from infra.bench.measures import TABLE
from infra.local.demo.penalties import LAYOUT

RECORDS: Final = 50
_PAGES: Final = 100
_SUBJECT: Final = LAYOUT.columns["cf_xdr_shxym"]

Act = Callable[[], int]
"""Reads a page; how many records it had."""


def read_public(subject: str, day: date, rulebook: Rulebook) -> int:
    """What anybody may see: the rows of the view read, each decided on again, and encoded."""
    shown = [show_record(*each) for each in read_published(subject, day, rulebook)]
    encode(shown)
    return len(shown)


def read_page(subject: str, day: date, rulebook: Rulebook) -> int:
    """The same from the archive itself: read, folded, decided on, and encoded."""
    shown = []
    for holding in read_records(subject):
        item = load_catalogue(day).item_held(holding.key.item)
        facts = lay_open(fold(holding, precedence_of(item, rulebook, day)), {})
        decision = decide(facts, item, PUBLIC, "public", day, rulebook)
        if decision.shown:
            shown.append(show_record(facts, item, decision))
    encode(shown)
    return len(shown)


def answer_query(subject: str, day: date, rulebook: Rulebook) -> int:
    """An agency's query: profile and the persons' values as well, each sealed under its key."""
    reading = read_archive(subject, PUBLIC, "ex_officio", day, rulebook)
    encode([show_record(each.facts, each.item, each.decision) for each in reading.disclosed])
    return len(reading.disclosed)


def read_by_client(subject: str) -> int:
    """A Query by boto3's client, its items turned into plain values and JSON."""
    page = _client().query(
        TableName=TABLE,
        KeyConditionExpression="s = :s",
        ExpressionAttributeValues={":s": {"S": subject}},
    )
    deserialise = TypeDeserializer().deserialize
    items = [{name: deserialise(value) for name, value in item.items()} for item in page["Items"]]
    json.dumps(items, ensure_ascii=False)
    return len(items)


def read_by_table(subject: str) -> int:
    """The same by boto3's resource."""
    page = _table().query(KeyConditionExpression=Key("s").eq(subject))
    json.dumps(page["Items"], ensure_ascii=False)
    return len(page["Items"])


@cache
def _client() -> Any:
    return boto3.client("dynamodb")


@cache
def _table() -> Any:
    return boto3.resource("dynamodb").Table(TABLE)


def _fill(path: Path, day: date, rulebook: Rulebook) -> str:
    """Take the file in and publish it, and put its rows as plain items too; whom they are about."""
    intake.take_in(intake.upload_id(0), path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with _table().batch_writer() as writer:
        for row in rows:
            writer.put_item(Item=row)
    subject = rows[0][_SUBJECT]
    for holding in read_records(subject):
        project_holding(holding, day, rulebook)
    return subject


def _time(act: Act) -> float:
    """Milliseconds of CPU a page."""
    begun = time.process_time()
    for _ in range(_PAGES):
        if act() != RECORDS:
            raise SystemExit("the stub holds another number of records")
    return (time.process_time() - begun) / _PAGES * 1e3


def main() -> None:
    """The command."""
    rulebook, day = load_rulebook(RULEBOOK), lawful_day(now())
    subject = _fill(Path(sys.argv[1]), day, rulebook)
    acts: dict[str, Act] = {
        "public": lambda: read_public(subject, day, rulebook),
        "page": lambda: read_page(subject, day, rulebook),
        "query": lambda: answer_query(subject, day, rulebook),
        "client": lambda: read_by_client(subject),
        "resource": lambda: read_by_table(subject),
    }
    for act in acts.values():
        act()
    gc.freeze()  # this and the next as app.py does
    gc.set_threshold(10_000)
    rounds = [{name: _time(act) for name, act in acts.items()} for _ in range(int(sys.argv[2]))]
    print("\n" + json.dumps(rounds))


if __name__ == "__main__":
    main()
