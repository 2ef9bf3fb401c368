"""Answering a part of a check that the queue names, once.

Safe to run twice, at the same time, and to be killed anywhere: entries are keyed by the query, the
answers that were kept first stay, and what tells that a part is done comes last.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.answering import Part, answer_rows
from chalicelib.disclosure.checks.registering import find_check
from chalicelib.disclosure.checks.store import PartMessage
from chalicelib.disclosure.checks.values import Answer, Counts, Status
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identities import find_by_subject


def run_from_message(body: str, now: datetime) -> None:
    """Answer the part that a message of the queue names."""
    message = msgspec.json.decode(body, type=PartMessage)
    run_part(message.check, message.part, now)


def run_part(check_id: str, number: int, now: datetime) -> None:
    """Answer one part of a check; a part that is answered stays as it is.

    With the last part the rows that were asked about are removed.
    """
    plan, check = objects.read_plan(check_id), find_check(check_id)
    if plan is None or check is None:
        return
    if number not in objects.list_answered(check_id):
        rows = objects.read_rows(check_id, number)
        if rows is None:
            return
        rulebook = load_rulebook(settings().rulebook)
        part = Part(check=check, number=number, at=plan.at, now=now, rulebook=rulebook)
        told = answer_rows(part, rows)
        objects.write_answers(
            check_id, number, [objects.seal(each.answer, check_id, each.keys) for each in told]
        )
        counts = count(objects.read_answers(check_id, number, find_keys))
        objects.note_answered(check_id, number, counts)
        log(LogCode.CHECK_ANSWERED, check=check_id, part=number, rows=len(rows))
    if len(objects.list_answered(check_id)) == plan.parts:
        objects.forget_rows(check_id)


def count(answers: Iterable[Answer | int]) -> Counts:
    """How many came out how; who was erased since is not found."""
    counted = Counter(
        Status.NOT_FOUND if isinstance(each, int) else each.status for each in answers
    )
    return Counts(*(counted[status] for status in Status))


def find_keys(people: Iterable[str]) -> Mapping[str, bytes]:
    """The keys of those persons who have one."""
    wanted = set(people)
    found = find_by_subject(wanted) if wanted else {}
    return {person.subject: person.key for person in found.values() if person.key is not None}
