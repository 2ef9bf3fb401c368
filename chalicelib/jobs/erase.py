"""Erasing a person: a part at a call, driven by the operator's command after a legal procedure."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.collection.erasure import Erasure, Place, erase_part
from chalicelib.disclosure.checks.erasing import forget_person
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Fault, check_paper, read_paper_kind


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to erase, as the paper says, and from where to go on: the last answer's `after`."""

    paper_kind: str
    paper_number: str
    name: str
    after: Place = Place()


def run(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    """One part, as the command asks for it. Raises DomainError where the paper cannot be one."""
    order = msgspec.convert(event, Order)
    kind = read_paper_kind(order.paper_kind)
    paper = (
        kind if isinstance(kind, Fault) else check_paper(kind, order.paper_number, lawful_day(now))
    )
    if isinstance(paper, Fault):
        raise DomainError(paper.code, pointer="/paper_number", **dict(paper.values))
    done = erase_part(Erasure(paper=paper, name=order.name, place=order.after), now)
    if done.after is None:  # the key is gone: nothing that tells of the person is made any more
        forget_person(paper)
    told: dict[str, Any] = msgspec.to_builtins(done)
    return told
