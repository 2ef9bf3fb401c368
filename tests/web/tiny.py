"""A small app with one route of each sort."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import pytest
from chalice.app import AuthRequest, AuthResponse, ChaliceAuthorizer
from msgspec import Meta, Struct

from chalicelib.runtime.errors import Code, DomainError, Kind
from chalicelib.runtime.settings import Settings, settings
from chalicelib.web.app import CreditApp
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from tests.web.events import NOW

SECRET = "110101199003077758"

TAKEN = Code(
    id="E-TINY-01",
    kind=Kind.CONFLICT,
    zh="{name} 已存在",
    en="{name} exists already",
    mend_zh="请换一个名称。",
    mend_en="Take another name.",
)

Small = Annotated[int, Meta(ge=1, le=200)]


class Part(Input, frozen=True):
    """A part."""

    label: Annotated[str, Meta(min_length=1, max_length=10)]
    count: Small = 1


class Thing(Input, frozen=True):
    """A thing to be made."""

    name: Annotated[str, Meta(min_length=1, max_length=20)]
    kind: Literal["round", "square"]
    parts: tuple[Part, ...] = ()
    made_on: date | None = None
    price: Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?(?!\n)$")] | None = None


class Paging(Input, frozen=True):
    """Which page."""

    limit: Annotated[Small, Meta(description="How many")] = 50
    since: date | None = None
    kind: tuple[Literal["round", "square"], ...] = ()


class Purpose(Input, frozen=True, rename={"purpose": "x-query-purpose"}):
    """Why."""

    purpose: Annotated[str, Meta(min_length=2, max_length=8)]


class Made(Struct, frozen=True):
    """A thing that was made."""

    name: str
    price: Decimal
    made: datetime
    maker: str


class Page(Struct, frozen=True):
    """A page of things."""

    name: str
    limit: int
    kinds: list[str]
    purpose: str
    things: list[Made]


class Opened(Struct, frozen=True):
    """What is open to all."""

    role: str


class Dated(Struct, frozen=True):
    """What is open to all, and when it was told."""

    role: str
    at: datetime


NOBODY = ChaliceAuthorizer("nobody", lambda _: {})

api = Api(__name__, tag="things")


@api.endpoint(
    "POST",
    "/v1/things",
    summary="Make a thing",
    roles={Role.PROVIDER},
    request=Thing,
    answers={201: Made},
    refuses=frozenset({Kind.CONFLICT}),
    longest=500,
)
def make_thing(caller: Caller, body: Thing, asked: Asked) -> Answer:
    """Makes it."""
    if body.name == "taken":
        raise DomainError(TAKEN, pointer="/name", name=body.name)
    made = Made(body.name, Decimal(body.price or 0), asked.at, caller.organisation or "")
    return Answer(made, 201, {"Location": f"/v1/things/{body.name}"})


@api.endpoint(
    "GET",
    "/v1/things/{name}",
    summary="List things",
    roles={Role.PROVIDER, Role.OPERATOR},
    query=Paging,
    headers=Purpose,
    answers={200: Page},
)
def list_things(name: str, query: Paging, headers: Purpose, asked: Asked) -> Page:
    """Lists them."""
    thing = Made(name, Decimal("0.10"), asked.at, "")
    return Page(name, query.limit, list(query.kind), headers.purpose, [thing])


@api.endpoint(
    "DELETE", "/v1/things/{name}", summary="Drop", roles={Role.OPERATOR}, answers={204: None}
)
def drop_thing(name: str) -> Answer:
    """Drops it."""
    return Answer(None, 204)


@api.endpoint("GET", "/v1/open", summary="Open", public=True, answers={200: Opened}, cached=True)
def show_open(caller: Caller) -> Opened:
    """Open to all."""
    return Opened(caller.role)


@api.endpoint("GET", "/v1/dated", summary="Dated", public=True, answers={200: Dated}, dated="at")
def show_dated(caller: Caller, asked: Asked) -> Dated:
    """Open to all, with its moment."""
    return Dated(caller.role, asked.at)


@api.endpoint("GET", "/v1/broken", summary="Broken", public=True, answers={200: Opened})
def break_down() -> Opened:
    """Fails with a secret in its message."""
    raise ValueError(SECRET)


@api.endpoint("GET", "/v1/unpromised", summary="Unpromised", public=True, answers={200: Opened})
def break_promise() -> Answer:
    """Answers what its contract does not name."""
    return Answer(Opened(SECRET), 202)


def deploy_under(rulebook: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a deployment under `rulebook` that has no AWS."""
    for setting in Settings.__struct_fields__:
        monkeypatch.setenv(setting.upper(), rulebook if setting == "rulebook" else "1")
    settings.cache_clear()


def build_app() -> CreditApp:
    """The app, whose authorizer lets a provider named by the token through."""
    app = CreditApp("tiny", now=lambda: NOW)

    @app.authorizer()
    def authenticate(event: AuthRequest) -> AuthResponse:
        context = {"role": "provider", "sub": event.token, "expires": "4102444800"}
        return AuthResponse(routes=["*"], principal_id=event.token, context=context)

    app.mount([api], guard=authenticate)
    return app
