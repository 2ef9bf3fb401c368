"""Batch checks (信用核查): a file has come, or a result is wanted."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote_plus

import msgspec

from chalicelib.collection.problems import Remark as FileRemark
from chalicelib.collection.problems import find_code
from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.registering import find_check, watch
from chalicelib.disclosure.checks.store import send_parts
from chalicelib.disclosure.checks.values import Check, Plan, Remark, Told, tell
from chalicelib.jobs.check_lists import read_list
from chalicelib.jobs.check_results import make_result
from chalicelib.runtime.batches import batched
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log, metrics, warn

PART: Final = 250
"""Rows that are answered together: a few seconds of work."""


def handle_event(body: str, now: datetime) -> None:
    """Plan the checks and make the results that an S3 event tells of; its test event tells of none."""
    event: dict[str, Any] = msgspec.json.decode(body)
    for record in event.get("Records", ()):
        key = unquote_plus(record["s3"]["object"]["key"])
        if key.startswith(objects.INBOX):
            plan_check(key.removeprefix(objects.INBOX), now)
        elif key.startswith(objects.WANTED):
            make_result(*objects.read_wanted(key))
    if metrics.metric_set:
        metrics.flush_metrics()


def plan_check(check_id: str, now: datetime) -> None:
    """Plan a check and queue its parts, or note why its file cannot be read.

    Doing it again changes nothing; messages go out again for parts that are not answered yet. The
    file itself is removed: the rows say what was asked until they are answered.
    """
    check = find_check(check_id)
    if check is None:
        warn(LogCode.UPLOAD_UNKNOWN_OBJECT, upload=check_id)
        return
    plan = objects.read_plan(check_id) or _make_plan(check, now)
    objects.forget_sent(check_id)
    answered = objects.list_answered(check_id)
    send_parts(
        check_id, check.asker.party, [part for part in range(plan.parts) if part not in answered]
    )


def _make_plan(check: Check, now: datetime) -> Plan:
    try:
        plan = objects.write_plan(_read_file(check, now))
    except DomainError as refusal:
        text = refusal.text
        told = Told(refusal.code.id, text.zh, text.en, text.mend_zh, text.mend_en)
        warn(LogCode.CHECK_REFUSED, check=check.id, error=told.code)
        return objects.write_plan(Plan(check=check.id, at=stamp(now), refused=told))
    log(LogCode.CHECK_PLANNED, check=check.id, parts=plan.parts, rows=plan.rows)
    return plan


def _read_file(check: Check, now: datetime) -> Plan:
    """Raises DomainError for a file that cannot be read as a list; `E-VOLUME-01`."""
    read, rows = read_list(check, lawful_day(now))
    watch(check, sum(each.rows for each in read.layout.ranges), now)
    count = parts = 0
    for part, asked in enumerate(batched(rows, PART)):
        objects.write_rows(check.id, part, asked)
        count, parts = count + len(asked), part + 1
    remarks = tuple(map(_remark, (*read.remarks, *read.layout.remarks)))
    return Plan(check=check.id, at=stamp(now), rows=count, parts=parts, remarks=remarks)


def _remark(remark: FileRemark) -> Remark:
    return Remark(remark.row, tell(find_code(remark.code), **remark.values))
