"""Declarations: a contract that does not hold is refused where it is written, or described."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta, Struct

from chalicelib.web import contracts
from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Api
from chalicelib.web.inputs import Input
from chalicelib.web.outputs import localise
from tests.web import tiny
from tests.web.events import NOW


class Empty(Input, frozen=True):
    """Nothing."""


class Done(Struct, frozen=True):
    """Done."""


def _nothing() -> Done:
    """Does nothing."""
    return Done()


def _read(body: Empty) -> Done:
    """Reads a body."""
    return Done()


def _name(name: str, caller: Caller) -> Done:
    """Wants a name."""
    return Done()


def declare(handler: Any = _nothing, path: str = "/v1/a", **contract: Any) -> Api:
    """A blueprint with one route."""
    api = Api(__name__, tag="t")
    given = {"summary": "S", "answers": {200: Done}, **contract}
    api.endpoint("GET", path, **given)(handler)
    return api


@pytest.mark.parametrize(
    ("handler", "contract"),
    [
        (_nothing, {}),
        (_nothing, {"roles": set()}),
        (_nothing, {"public": True, "roles": {Role.OPERATOR}}),
        (_read, {"public": True}),
        (_name, {"public": True}),
        (_nothing, {"public": True, "path": "/v1/{name}"}),
        (_nothing, {"roles": {Role.OPERATOR}, "cached": True}),
    ],
)
def test_should_be_refused_when_a_declaration_does_not_fit(
    handler: Any, contract: dict[str, Any]
) -> None:
    with pytest.raises(TypeError):
        declare(handler, **contract)


def test_should_leave_the_handler_as_it_was_when_declared() -> None:
    api = Api(__name__, tag="t")
    declared = api.endpoint("GET", "/v1/a", summary="S", answers={200: Done}, public=True)
    assert declared(_nothing) is _nothing
    assert api.endpoints[0].handler is _nothing


class Loose(Struct):
    """Takes what it does not know."""

    a: str


class Outer(Input, frozen=True):
    """Strict outside, loose inside."""

    inner: list[Loose]


def _input_with(shape: Any) -> Any:
    return msgspec.defstruct("Given", [("x", shape)], bases=(Input,), frozen=True)


@pytest.mark.parametrize(
    "shape",
    [
        Outer,
        _input_with(float),
        _input_with(Decimal),
        _input_with(int),
        _input_with(Annotated[int, Meta(ge=1)]),
        _input_with(Annotated[int, Meta(lt=1)]),
        _input_with(Any),
        _input_with(datetime),
        _input_with(dict[str, list[float | None]]),
        _input_with(Annotated[str, Meta(pattern="^[a-z]+$")]),
        _input_with(Annotated[str, Meta(pattern=r"^\d+(?!\n)$")]),
    ],
)
def test_should_be_told_when_an_input_is_loose(shape: Any) -> None:
    api = declare(_read, public=True, request=shape)
    assert len(contracts.list_faults(api.endpoints)) == 1


@pytest.mark.parametrize(
    "shape",
    [
        Empty,
        tiny.Thing,
        _input_with(Annotated[int, Meta(gt=0, lt=9)]),
        _input_with(Annotated[datetime, Meta(tz=True)]),
        _input_with(Annotated[str, Meta(pattern=r"^[0-9]+(?!\n)$")]),
        _input_with(dict[str, list[str]] | None),
    ],
)
def test_should_be_well_when_an_input_is_strict(shape: Any) -> None:
    api = declare(_read, public=True, request=shape)
    assert contracts.list_faults(api.endpoints) == []


def test_should_be_told_when_an_answer_is_a_float_or_a_name_is_taken() -> None:
    one, two = declare(public=True), declare(public=True, answers={200: dict[str, float]})
    faults = contracts.list_faults([*one.endpoints, *two.endpoints])
    assert len(faults) == 3
    assert sum("declared twice" in fault for fault in faults) == 2


def test_should_be_told_when_a_handler_says_nothing_of_itself() -> None:
    def silent() -> Done:
        return Done()

    assert contracts.list_faults(declare(silent, public=True).endpoints) == [
        "silent: the handler has no docstring"
    ]


def test_should_keep_every_rule_when_a_real_route_is_looked_at() -> None:
    from chalicelib.web.routes import BLUEPRINTS

    assert contracts.list_faults(each for api in BLUEPRINTS for each in api.endpoints) == []


class Deep(Struct, frozen=True):
    """A moment at every depth."""

    at: datetime
    more: tuple["Deep", ...] = ()
    named: dict[str, datetime] | None = None
    anything: Any = None
    text: str = "a"


def test_should_tell_lawful_time_when_moments_are_anywhere() -> None:
    told = localise([Deep(NOW, (Deep(NOW),), {"a": NOW}, {"b": [NOW]})])
    assert msgspec.json.encode(told).count(b"2026-11-22T12:00:00+08:00") == 4
    assert b"Z" not in msgspec.json.encode(told)


def test_should_be_the_same_object_when_there_is_no_moment_in_it() -> None:
    done = Done()
    assert localise(done) is done


def test_should_refuse_a_moment_without_its_zone_when_answering() -> None:
    with pytest.raises(TypeError):
        localise(Deep(datetime(2026, 1, 1)))  # noqa: DTZ001 - the point of the test
