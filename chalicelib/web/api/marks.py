"""Marks (标注) on records: disputed, repaired, annulled, classified and whatever else is noted."""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.archive.marks import check_mark
from chalicelib.archive.statements import Mark, MarkKind, Phase, RecordKey
from chalicelib.archive.store import read_record
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.codes import MARK_FOREIGN, RECORD_UNKNOWN
from chalicelib.disclosure.publication.projection import set_mark
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day, stamp
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input, Line
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="archives", scope=Scope.UPLOADS)


class MarkGiven(Input, frozen=True):
    """A mark on a record. The same `id` opens it and, later, closes it.

    `value` is the class that an operator gives (`classified`: minor, general or serious), or the last
    day of a measure (`running`; absent while no end is known).
    """

    kind: MarkKind
    phase: Phase
    id: Annotated[str, Meta(pattern=r"^[0-9A-Za-z_-]{1,64}(?!\n)$")]
    basis: Line
    value: Annotated[str, Meta(max_length=20)] = ""


class MarkSet(Struct, frozen=True, kw_only=True):
    """The mark stands; `new` is false where it stood before."""

    kind: str
    phase: str
    id: str
    new: bool


@api.endpoint(
    "POST",
    "/v1/archives/{subject}/records/{item}/{record}/marks",
    summary="标注记录 · Set a mark on a record",
    request=MarkGiven,
    answers={200: MarkSet, 201: MarkSet},
    roles={Role.OPERATOR, Role.PROVIDER, Role.CODE_AUTHORITY},
    refuses=frozenset({Kind.UNKNOWN, Kind.FORBIDDEN}),
)
def mark_record(
    subject: str, item: str, record: str, body: MarkGiven, caller: Caller, asked: Asked
) -> Answer:
    """Whatever is noted on a record beside what providers say; a provider withdraws its own words.

    What a mark withholds from the public is gone from public view when this is answered.
    """
    day = lawful_day(asked.at)
    definition = load_catalogue(day).item(item)
    key = RecordKey(subject, item, record)
    held = read_record(key)
    if not held.size:
        raise DomainError(RECORD_UNKNOWN)
    withdrawing = body.kind is MarkKind.WITHDRAWN
    provider = (caller.organisation or "") if withdrawing else ""
    said_it = provider in {statement.provider for statement in held.statements}
    if (caller.role is Role.OPERATOR) == withdrawing or (withdrawing and not said_it):
        raise DomainError(MARK_FOREIGN)
    check_mark(body.kind, body.phase, body.value, subject, definition)
    mark = Mark(
        kind=body.kind,
        id=f"{provider}.{body.id}" if withdrawing else body.id,
        phase=body.phase,
        at=stamp(asked.at),
        by=caller.sub,
        basis=body.basis,
        provider=provider,
        value=body.value,
    )
    new = set_mark(key, mark, day, load_rulebook(settings().rulebook))
    log(LogCode.MARK_SET, kind=mark.kind.value, phase=mark.phase.value)
    told = MarkSet(kind=body.kind.value, phase=body.phase.value, id=body.id, new=new)
    return Answer(told, 201 if new else 200)
