"""Looking for words in everything that the system keeps or tells."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.e2e.system import System

Places = Iterator[tuple[str, bytes]]


def find_in_stores(system: System, words: Iterable[str]) -> set[str]:
    """Places in tables, messages and files, every version of them, where one of `words` stands."""
    return _search([_tables(system), _versions(system), _disk(system)], words)


def find_in_logs(system: System, words: Iterable[str]) -> set[str]:
    """Lines of the functions' logs and of the emulator's in which one of `words` stands."""
    return _search([all_log_lines(system)], words)


def all_log_lines(system: System) -> Places:
    """Every line of the functions' logs and of the emulator's."""
    yield from log_lines(system)
    yield from _emulator_lines(system)


def log_lines(system: System) -> Places:
    """What the functions have logged, by log group."""
    logs = system.aws("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
            for event in page["events"]:
                yield f"{name}: {event['message']}", event["message"].encode()


def _emulator_lines(system: System) -> Places:
    with system.stack._state.log.open("rb") as log:
        for line in log:
            yield f"emulator.log: {line!r}", line


def _search(places: Iterable[Places], words: Iterable[str]) -> set[str]:
    wanted = re.compile(b"|".join(re.escape(form) for word in words for form in _forms(word)))
    return {place for each in places for place, content in each if wanted.search(content)}


def _forms(word: str) -> set[bytes]:
    """A word as files of either encoding and JSON may have it."""
    return {word.encode(), word.encode("gb18030"), json.dumps(word)[1:-1].encode()}


def _tables(system: System) -> Places:
    for table in (name for name in system.stack.outputs if name.endswith("Table")):
        for item in system.scan(table):
            yield f"{table} {list(item.values())[:2]}", b"\0".join(_flatten(item))


def _flatten(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name.encode()
            yield from _flatten(inner)
    elif isinstance(value, list | set):
        for inner in value:
            yield from _flatten(inner)
    else:
        yield str(value).encode()


def _versions(system: System) -> Places:
    files, bucket = system.aws("s3"), system.stack.outputs["Files"]
    for page in files.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", []):
            place = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
            answer = files.get_object(**place)
            told = f"{version['Key']} {answer['Metadata']}".encode()
            yield f"s3 {version['Key']} {version['VersionId']}", told + answer["Body"].read()


def _disk(system: System) -> Places:
    """What the emulator has on disk of the bucket."""
    everything: Path = system.stack._state.files
    [folder] = everything.glob(f"*/{system.stack.outputs['Files']}")
    for path in folder.rglob("*"):
        if path.is_file():
            name = str(path.relative_to(folder))
            yield f"disk {name}", name.encode() + path.read_bytes()
