"""Financing (融资信用服务, JP-2): what may be read under a grant, and what became of it."""

from msgspec import Struct

from chalicelib.disclosure.grants.financing import (
    Readable,
    list_grantable,
    list_readable,
    report_outcome,
)
from chalicelib.disclosure.grants.values import AmountBand, Decided, Outcome, Product
from chalicelib.law.rulebook import load_rulebook
from chalicelib.law.rules import Openness
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import Kind
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.runtime.settings import settings
from chalicelib.web.api.access import QueryHeaders, serving
from chalicelib.web.api.grants import open_grant
from chalicelib.web.api.grants_shown import GrantShown, show_grant
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="grants", scope=Scope.GRANTS)


class FieldReadable(Struct, frozen=True, kw_only=True):
    """A field of an item; `masked` where a part of each value is hidden."""

    name: str
    title: str
    masked: bool


class ItemReadable(Struct, frozen=True, kw_only=True):
    """A catalogue item that may be read."""

    item: str
    title: str
    title_en: str
    category: str
    openness: Openness
    fields: tuple[FieldReadable, ...]


class ScopeShown(Struct, frozen=True, kw_only=True):
    """The list of data of a grant; empty where it is for a report."""

    items: tuple[ItemReadable, ...]


class SharedShown(Struct, frozen=True, kw_only=True):
    """The list of data that may be granted, by today's catalogue and rules."""

    items: tuple[ItemReadable, ...]


class OutcomeGiven(Input, frozen=True):
    """What the bank decided; `amount` of what was granted: a band, in yuan."""

    decided: Decided
    product: Product
    amount: AmountBand | None = None


@api.endpoint(
    "GET",
    "/v1/financing",
    summary="融资信用服务信息共享清单 · Data shared for financing",
    answers={200: SharedShown},
    public=True,
    cached=True,
)
def list_shared(asked: Asked) -> SharedShown:
    """Which items, and which of their fields, a bank may ask an enterprise to authorise (JP-2)."""
    shared = list_grantable(lawful_day(asked.at), load_rulebook(settings().rulebook))
    return SharedShown(items=tuple(map(_show, shared)))


@api.endpoint(
    "GET",
    "/v1/grants/{grant}/scope",
    summary="可读取的数据清单 · List the data that a grant covers",
    headers=QueryHeaders,
    answers={200: ScopeShown},
    roles={Role.SUBJECT, Role.THIRD_PARTY, Role.OPERATOR, Role.SUPERVISOR},
    refuses=frozenset({Kind.UNKNOWN}),
)
def list_scope(grant: str, headers: QueryHeaders, caller: Caller, asked: Asked) -> ScopeShown:
    """Which items, and which of their fields, leave under the grant, by today's catalogue."""
    found = open_grant(grant, caller)
    with serving(found.terms.subject, caller, asked, headers):
        readable = list_readable(found, lawful_day(asked.at))
    return ScopeShown(items=tuple(map(_show, readable)))


@api.endpoint(
    "POST",
    "/v1/grants/{grant}/outcome",
    summary="反馈融资结果 · Report what became of it",
    request=OutcomeGiven,
    answers={200: GrantShown},
    roles={Role.THIRD_PARTY},
    refuses=frozenset({Kind.UNKNOWN, Kind.CONFLICT, Kind.INVALID}),
)
def report_financing(grant: str, body: OutcomeGiven, caller: Caller, asked: Asked) -> GrantShown:
    """The bank tells what it decided on what it read: once, and whether or not the grant is over."""
    outcome = Outcome(decided=body.decided, product=body.product, amount=body.amount, at=asked.at)
    reported = report_outcome(open_grant(grant, caller), outcome)
    log(LogCode.GRANT_CHANGED, what="outcome")
    return show_grant(reported, lawful_day(asked.at))


def _show(readable: Readable) -> ItemReadable:
    item = readable.item
    return ItemReadable(
        item=item.id,
        title=item.title,
        title_en=item.title_en,
        category=item.category,
        openness=item.openness,
        fields=tuple(
            FieldReadable(name=f.name, title=f.title, masked=f.openness == "masked")
            for f in readable.fields
        ),
    )
