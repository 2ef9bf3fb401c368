"""Handing over the result of a check, to whoever had it made."""

from datetime import datetime, timedelta
from typing import Final

from chalicelib.disclosure.checks import objects, store
from chalicelib.disclosure.checks.codes import FILE_EXPIRED, NOT_DONE
from chalicelib.disclosure.checks.progress import State, read_progress
from chalicelib.disclosure.checks.values import Check, Format
from chalicelib.law.rulebook import Rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log

VALID: Final = timedelta(minutes=5)


def fetch_result(check: Check, form: Format, now: datetime, rulebook: Rulebook) -> str | None:
    """The address of the result, noted as handed over; None where it is being made.

    Raises:
        DomainError: `E-CHECK-05` its term is over, `E-CHECK-06` the check is not done.
    """
    day = lawful_day(now)
    rule = rulebook.check_result_days.on(day)
    match read_progress(check, day, rule.value).state:
        case State.EXPIRED:
            raise DomainError(FILE_EXPIRED, days=rule.value, source=rule.source)
        case State.DONE:
            pass
        case _:
            raise DomainError(NOT_DONE)
    if not objects.has_file(check.id, form):
        objects.want_file(check.id, form)
        return None
    store.note_fetched(check.id, stamp(now), form)
    log(LogCode.CHECK_FETCHED, check=check.id, format=form)
    return blobs.presign_download(
        objects.file_key(check.id, form),
        name=objects.file_name(check.id, form),
        seconds=int(VALID.total_seconds()),
    )
