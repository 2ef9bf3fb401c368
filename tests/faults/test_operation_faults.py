"""Corrections, withdrawals and pushes fail or die at any AWS call: done again, the same end."""

from functools import partial
from itertools import count

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind
from chalicelib.collection import merging, planning, plans, pushes, results
from chalicelib.runtime import blobs
from chalicelib.subjects.identities import keyring
from tests.collection.archives import folded, held, opened
from tests.collection.files import (
    NOW,
    PROVIDER,
    csv_of,
    entitle,
    id_number,
    penalty,
    person_penalty,
    receive,
    send,
    uscc,
)
from tests.faults.sweep import Fault, sweep
from tests.faults.worlds import rewinding

UPLOAD = "20261122-AAAAAAAAAAAA"
SAID = [penalty(), penalty(cf_wsh="2号"), person_penalty(1)]
DONE = [
    {
        **penalty(cf_xdr_shxym=uscc(8)),
        "operation": "更正",
        "orig_cf_xdr_shxym": penalty()["cf_xdr_shxym"],
    },
    {**penalty(cf_wsh="2号"), "operation": "撤销"},
    {**person_penalty(2), "operation": "更正", "orig_cf_xdr_zjhm": id_number(1)},
    {**penalty(cf_wsh="3号"), "operation": ""},
]
BODY = csv_of("penalty", [{**row, "operation_reason": "依据"} for row in DONE], codes=True)


def _arrange() -> None:
    entitle()
    send(csv_of("penalty", SAID), "penalty", now=NOW.replace(hour=0))
    assert receive(BODY, "penalty", randomness=bytes) == UPLOAD
    planning.plan_upload(UPLOAD)


def _check() -> None:
    result = results.read_result(UPLOAD, 0)
    assert result is not None
    assert [row.operation for row in result.rows] == ["correct", "withdraw", "correct", ""]
    assert [bool(row.replaced) for row in result.rows] == [True, False, True, False]
    records = folded()
    assert len(records) == 6
    standing = [record for record in records.values() if record.current is not None]
    assert len(standing) == 3
    marks = sorted(mark.kind for holding in held().values() for mark in holding.marks)
    assert marks == [
        *[MarkKind.REPLACED] * 2,
        *[MarkKind.REPLACES] * 2,
        MarkKind.WITHDRAWN,
    ]
    assert {len(opened(record).fields) > 5 for record in standing} == {True}
    assert [len(holding.statements) for holding in held().values()] == [1] * 6


@pytest.mark.timeout(600)
def test_should_operate_once_when_merging_fails_anywhere() -> None:
    with rewinding(_arrange) as world:
        act = partial(merging.merge_range, UPLOAD, 0)
        places = sweep(world, keyring.cache_clear, act, _check)
    struck = {(place.operation, place.fault) for place in places}
    operations = ("TransactWriteItems", "BatchWriteItem", "PutObject")
    assert {(name, fault) for name in operations for fault in Fault} <= struck


# -- pushes ---------------------------------------------------------------------------------------


_DRAWN = count(1)


def _push() -> None:
    pushes.push_records(
        provider=PROVIDER,
        item="penalty",
        key="k-1",
        records=[msgspec.json.encode(row) for row in (penalty(), penalty(cf_jdrq="不详"))],
        now=NOW,
        refer=merging.refer_nowhere,
        randomness=lambda size: bytes([next(_DRAWN) * 8 % 256] * size),
    )


def _check_pushed() -> None:
    (claim,) = blobs.list_keys("pushes/")
    assert claim.startswith(f"pushes/{PROVIDER}/")
    (upload,) = {key.split("/")[1] for key in blobs.list_keys("plans/")}
    upload = upload.removesuffix(".json")
    assert list(blobs.list_keys("inbox/")) == [f"inbox/{upload}"]
    plan = plans.read_plan(upload)
    assert plan is not None
    (record,) = folded().values()
    assert record.size == 1
    assert [row.accepted for row in pushes.read_rows(upload)] == [True, False]


@pytest.mark.timeout(600)
def test_should_push_once_when_pushing_fails_anywhere() -> None:
    with rewinding(entitle) as world:
        places = sweep(world, keyring.cache_clear, _push, _check_pushed)
    struck = {(place.operation, place.fault) for place in places}
    assert {("PutObject", fault) for fault in Fault} <= struck
