"""A person in every place that a received file can name one, and traces of them in the account."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib.archive.fold import Record
from chalicelib.collection import planning, uploads
from chalicelib.collection.linking import PersonErased
from chalicelib.jobs import erase as job
from chalicelib.runtime import blobs
from chalicelib.runtime.clients import s3
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identifiers import PAPER_LABELS, Paper, PaperKind, normalise_code
from chalicelib.subjects.identities import Person, find_people
from tests.collection.archives import folded, opened, stored_items
from tests.collection.files import (
    NOW,
    csv_of,
    entitle,
    id_number,
    merge_all,
    penalty,
    person_penalty,
    receive,
    registration,
    uscc,
)

NAME = "张雨桐"
NUMBER = next(number for number in map(id_number, range(1, 99)) if number.endswith("X"))
OLD_NUMBER = NUMBER[:6] + NUMBER[8:17]
PAPER = Paper(PaperKind.ID_NUMBER, NUMBER)
FORMS = (
    NUMBER,
    NUMBER.lower(),
    OLD_NUMBER,
    NUMBER.translate({48 + n: 0xFF10 + n for n in range(10)}),
)
OTHER_NUMBER = id_number(500)
OTHER_PAPER = Paper(PaperKind.ID_NUMBER, OTHER_NUMBER)
NAMESAKES = uscc(21)
"""An organisation with a representative of the same name: somebody else, as far as anyone knows."""

_REPRESENTATIVE = {"cf_frdb": NAME, "cf_fr_zjlx": "身份证", "cf_fr_zjhm": NUMBER}
_FULL_WIDTH = {"cf_frdb": "张 雨桐", "cf_fr_zjlx": "身份证", "cf_fr_zjhm": FORMS[3]}
_OWN = {"cf_xdr_mc": NAME, "cf_xdr_zjhm": NUMBER}
_OTHER = {"cf_xdr_mc": "李四", "cf_xdr_zjhm": OTHER_NUMBER}

FILES: dict[str, tuple[str, bytes]] = {
    "subject and representative": (
        "penalty",
        csv_of(
            "penalty",
            [
                person_penalty(1, **_OWN),
                person_penalty(1, **_OTHER),
                penalty(**_REPRESENTATIVE, cf_wsh="2号"),
                penalty(cf_wsh="3号"),
            ],
        ),
    ),
    "representative in full width": (
        "penalty",
        csv_of(
            "penalty",
            [
                penalty(**_FULL_WIDTH, cf_wsh="4号"),
                person_penalty(1, **_OTHER, cf_wsh="5号"),
            ],
            encoding="gb18030",
        ),
    ),
    "lower case": (
        "penalty",
        csv_of("penalty", [person_penalty(1, **{**_OWN, "cf_xdr_zjhm": FORMS[1]}, cf_wsh="6号")]),
    ),
    "fifteen digits": (
        "penalty",
        csv_of("penalty", [person_penalty(1, **{**_OWN, "cf_xdr_zjhm": OLD_NUMBER}, cf_wsh="7号")]),
    ),
    "name only": (
        "registration",
        b"\xef\xbb\xbf" + csv_of("registration", [registration(legal_repre=NAME)]),
    ),
    "a namesake": (
        "registration",
        csv_of("registration", [registration(uni_social_crd_cd=NAMESAKES, legal_repre=NAME)]),
    ),
    "refused row": (
        "penalty",
        csv_of(
            "penalty",
            [
                penalty(**_REPRESENTATIVE, cf_jdrq="不详", cf_nr=f"对“{NAME}”（{NUMBER}）罚款"),
                penalty(cf_wsh="8号"),
            ],
        ),
    ),
    "quarantined": (
        "penalty",
        f"姓名,证件\r\n{NAME},'{NUMBER}\r\n李四,{OTHER_NUMBER}\r\n".encode("gb18030"),
    ),
    "quarantined in UTF-16": ("penalty", f"姓名\t证件\n{NAME}\t{NUMBER}\n".encode("utf-16")),
}
"""Files by what they are for: item and bytes."""


def receive_files(*names: str) -> dict[str, str]:
    """Receive, plan and merge files, a minute apart; their uploads by what they are for."""
    entitle()
    received = {}
    for number, name in enumerate(names or FILES):
        item, body = FILES[name]
        upload = receive(
            body, item, now=NOW + timedelta(minutes=number), randomness=_counting(number)
        )
        received[name] = upload
        planning.plan_upload(upload)
        merge_all(upload)
    return received


def _counting(number: int) -> uploads.Randomness:
    return lambda size: bytes([number * 8] * size)


def erase(name: str = NAME, paper: Paper = PAPER, now: datetime = NOW) -> tuple[int, int]:
    """Erase a person as the operator's command does; in how many files and records."""
    label = PAPER_LABELS[paper.kind]
    order = {"paper_kind": label, "paper_number": paper.number, "name": name}
    parts = list(erased_parts(lambda event: job.run(event, now), order))
    return sum(part["files"] for part in parts), sum(part["records"] for part in parts)


def erased_parts(
    call: Callable[[dict[str, Any]], dict[str, Any]], order: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """What a function answers, called until nothing is left; answers travel as JSON."""
    event = dict(order)
    while True:
        part = json.loads(json.dumps(call(event)))
        yield part
        if part["after"] is None:
            return
        event = {**order, "after": part["after"]}


def person_of(paper: Paper = PAPER) -> Person:
    """Who is known under a paper."""
    return find_people([paper])[paper]


def file_versions() -> Iterator[tuple[str, bytes]]:
    """Key and bytes of every version of every object."""
    files: Any = s3()
    bucket = settings().files_bucket
    for page in files.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", []):
            place = {"Key": version["Key"], "VersionId": version["VersionId"]}
            yield version["Key"], files.get_object(Bucket=bucket, **place)["Body"].read()


def traces(needles: tuple[str, ...]) -> list[str]:
    """Where any of `needles` stands: an object's key or a table, told once for each version."""
    wanted = [normalise_code(needle) for needle in needles]
    found = [
        key
        for key, body in file_versions()
        if any(each in reading for reading in _readings(body) for each in wanted)
    ]
    for setting in type(settings()).__struct_fields__:
        if setting.endswith("_table"):
            values = [_bytes_in(item) for item in stored_items(getattr(settings(), setting))]
            found += [setting for value in values if any(each.encode() in value for each in wanted)]
    return found


def _readings(body: bytes) -> list[str]:
    return [
        normalise_code(body.decode(encoding, "ignore"))
        for encoding in ("utf-8", "gb18030", "utf-16")
    ]


def _bytes_in(value: Any) -> bytes:
    if isinstance(value, dict):
        return b"|".join(map(_bytes_in, [*value.keys(), *value.values()]))
    if isinstance(value, (list, set, tuple)):
        return b"|".join(map(_bytes_in, value))
    return value if isinstance(value, bytes) else str(value).encode()


def shown() -> dict[tuple[str, str, str], dict[str, Any]]:
    """Every record's current fields as far as its persons' keys open them."""
    return {
        (key.subject, key.item, key.record): dict(opened(record).fields)
        for key, record in folded().items()
        if record.current is not None
    }


def records_of(subject: str) -> list[Record]:
    """The records in one archive."""
    return [record for key, record in folded().items() if key.subject == subject]


def drop_results() -> None:
    """Forget what became of the rows, as before a rebuild from the originals."""
    for key in [*blobs.list_keys("results/")]:
        blobs.delete(key)


def deliver_again(received: dict[str, str]) -> None:
    """Plan and merge every file again."""
    for upload in received.values():
        planning.plan_upload(upload)
        merge_all(upload)


def merge_again(upload: str) -> None:
    """Merge a planned file; who was erased meanwhile comes with the next delivery."""
    with suppress(PersonErased):
        merge_all(upload)
    merge_all(upload)
