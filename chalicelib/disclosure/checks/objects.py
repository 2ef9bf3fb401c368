"""What of a check stands in S3, each under a key that says what it is.

What was sent goes once it is read, the rows once all are answered. Answers are sealed row by row
under the keys of the persons in them (JS-30), so they stand until their term is over; a result is
made of them when asked for, and can be made again.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from chalicelib.disclosure.checks.values import Answer, Asked, Counts, Format, Plan
from chalicelib.runtime import blobs
from chalicelib.runtime.sealing import seal_for, unseal_for

INBOX: Final = "check-inbox/"
WANTED: Final = "check-wanted/"
ROWS: Final = "check-rows/"
FILES: Final = "check-files/"
_CONVERTED: Final = "check-converted/"
_PLANS: Final = "check-plans/"
_ANSWERS: Final = "check-answers/"
_NOTED: Final = "check-noted/"
_OF_CHECK: Final = (INBOX, _CONVERTED, ROWS, _ANSWERS, _NOTED, FILES, WANTED, _PLANS)

MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}

Keys = Callable[[Iterable[str]], Mapping[str, bytes]]
"""The keys of those persons who have one."""


class Sealed(msgspec.Struct, frozen=True):
    """An answer, deflated and sealed for the `people` whose values are in it."""

    row: int
    people: tuple[str, ...]
    body: bytes


def inbox_key(check: str) -> str:
    """Where the file of a check is PUT."""
    return f"{INBOX}{check}"


def converted_key(check: str) -> str:
    """Where the file is as plain CSV, where it had to be converted."""
    return f"{_CONVERTED}{check}.csv"


def forget_sent(check: str) -> None:
    """Remove the file as sent, and what it was converted to: it is read."""
    blobs.delete(inbox_key(check))
    blobs.delete(converted_key(check))


# -- plan and rows ---------------------------------------------------------------------------------


def write_plan(plan: Plan) -> Plan:
    """Keep `plan` unless there is one; the one that stands."""
    blobs.create_value(f"{_PLANS}{plan.check}.json", plan)
    return read_plan(plan.check) or plan


def read_plan(check: str) -> Plan | None:
    """The plan of a check, None while its file has not come or is not read."""
    return blobs.read_value(f"{_PLANS}{check}.json", Plan)


def write_rows(check: str, part: int, rows: Sequence[Asked]) -> None:
    """Keep the rows of one part."""
    blobs.write_value(_part(ROWS, check, part), rows)


def read_rows(check: str, part: int) -> list[Asked] | None:
    """The rows of one part, None where they are gone: all parts are answered."""
    return blobs.read_value(_part(ROWS, check, part), list[Asked])


def list_waiting() -> list[tuple[str, int]]:
    """The parts of all checks whose rows stand: their checks are not answered as a whole."""
    keys = (key.removeprefix(ROWS).removesuffix(".json") for key in blobs.list_keys(ROWS))
    return [(check, int(part)) for check, _, part in (key.partition("/") for key in keys)]


def replace_rows(check: str, part: int, rows: Sequence[Asked]) -> None:
    """Put `rows` in the place of a part's, of which no earlier version is left."""
    write_rows(check, part, rows)
    blobs.forget_earlier(_part(ROWS, check, part))


def forget_rows(check: str) -> None:
    """Remove the rows: all are answered."""
    _forget(f"{ROWS}{check}/")


# -- answers ---------------------------------------------------------------------------------------


def seal(answer: Answer, check: str, keys: Mapping[str, bytes]) -> Sealed:
    """`answer` as it is kept; `keys` are those of the persons whose values are in it."""
    body = zlib.compress(msgspec.msgpack.encode(answer), 1)
    people = tuple(sorted(keys))
    return Sealed(answer.row, people, seal_for(keys, body, f"{check}/{answer.row}"))


def write_answers(check: str, part: int, answers: Sequence[Sealed]) -> bool:
    """Keep the answers of one part; False where some stand already, which stay."""
    return blobs.create_value(_part(_ANSWERS, check, part), answers)


def read_answers(check: str, part: int, find_keys: Keys) -> list[Answer | int]:
    """The answers of one part; of a row with somebody who was erased since, its number only."""
    kept = blobs.read_value(_part(_ANSWERS, check, part), list[Sealed]) or []
    keys = find_keys({person for each in kept for person in each.people})
    return [_open(each, check, keys) for each in kept]


def _open(sealed: Sealed, check: str, keys: Mapping[str, bytes]) -> Answer | int:
    own = {person: keys[person] for person in sealed.people if person in keys}
    if len(own) < len(sealed.people):
        return sealed.row
    body = unseal_for(own, sealed.body, f"{check}/{sealed.row}")
    return msgspec.msgpack.decode(zlib.decompress(body), type=Answer)


def note_answered(check: str, part: int, counts: Counts) -> None:
    """Note that a part is answered, and how its rows came out: the key itself says so."""
    told = "-".join(map(str, msgspec.structs.astuple(counts)))
    blobs.write(f"{_NOTED}{check}/{part:06d}-{told}", b"", "text/plain")


def list_answered(check: str) -> dict[int, Counts]:
    """The parts that are answered, and how their rows came out."""
    prefix = f"{_NOTED}{check}/"
    noted = (map(int, key.removeprefix(prefix).split("-")) for key in blobs.list_keys(prefix))
    return {part: Counts(*counts) for part, *counts in noted}


# -- results ---------------------------------------------------------------------------------------


def want_file(check: str, form: Format) -> None:
    """Have the result made in a format; wanting it again, while it is being made, changes nothing."""
    blobs.create_value(f"{WANTED}{file_name(check, form)}", None)


def read_wanted(key: str) -> tuple[str, Format]:
    """Of which check and in which format the result is wanted, as the key of the wish says."""
    check, _, form = key.removeprefix(WANTED).partition(".")
    return check, msgspec.convert(form, Format)


def write_file(check: str, form: Format, chunks: Iterable[bytes]) -> None:
    """Keep the result in a format."""
    blobs.write_chunks(file_key(check, form), chunks, MEDIA_TYPES[form])


def has_file(check: str, form: Format) -> bool:
    """Whether the result stands in a format."""
    key = file_key(check, form)
    return key in blobs.list_keys(key)


def file_key(check: str, form: Format) -> str:
    """Where the result is in a format."""
    return f"{FILES}{file_name(check, form)}"


def file_name(check: str, form: Format) -> str:
    """What the result is called in a format."""
    return f"{check}.{form}"


def forget_file(check: str, form: Format) -> None:
    """Remove the result in a format; it can be wanted and made again."""
    blobs.delete(f"{WANTED}{file_name(check, form)}")
    blobs.delete(file_key(check, form))


def forget_files() -> None:
    """Remove the results of all checks: somebody in one was erased.

    They can be made again, without whoever was.
    """
    for prefix in (WANTED, FILES):
        _forget(prefix)


# -- purging ---------------------------------------------------------------------------------------


def list_older(end: str) -> Iterator[str]:
    """Checks with a plan, or a file that nobody could plan, whose ids sort before `end`."""
    seen: set[str] = set()
    for prefix in (_PLANS, INBOX):
        for key in blobs.list_keys(prefix):
            check = key.removeprefix(prefix).partition(".")[0]
            if check >= end:
                break
            if check not in seen:
                seen.add(check)
                yield check


def forget_check(check: str) -> None:
    """Remove everything of a check; its plan last, by which it is found."""
    for prefix in _OF_CHECK:
        _forget(f"{prefix}{check}")


def _forget(prefix: str) -> None:
    for key in list(blobs.list_keys(prefix)):
        blobs.delete(key)


def _part(prefix: str, check: str, part: int) -> str:
    return f"{prefix}{check}/{part:06d}.json"
