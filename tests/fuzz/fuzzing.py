"""Schemathesis over the described interface: made-up requests, valid and not, and what was wrong.

Every check that schemathesis has is on, but these:

* `unsupported_method`, `allow_header_conformance`: API Gateway answers methods that no route has, and
  says 404 of them;
* `positive_data_acceptance` knows no rules beyond a schema; `not_told_malformed` stands in its place.
"""

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from itertools import count
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

SEED = 20261122

Known = Mapping[str, str]
"""Values of path parameters that lead somewhere."""

_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_MALFORMED = ("E-HTTP-01", "E-HTTP-07")
_WHOLE_FLOAT = re.compile(r"[0-9]\.0\b")
"""An integer to JSON Schema, but not to us: 1.0 is refused where 1 is meant."""

_OFF = ("unsupported_method", "allow_header_conformance", "positive_data_acceptance")


class Faults:
    """What a run has found: how many requests were made and, by operation and check, what is wrong."""

    def __init__(self) -> None:
        self.requests: dict[str, int] = {}
        self.statuses: dict[int, int] = {}
        self.found: list[str] = []


def configuration(examples: int) -> SchemathesisConfig:
    """The same requests in every run: `examples` of each operation, and one of each sort of fault."""
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
            },
            "phases": {
                "stateful": {"enabled": False},
                "coverage": {"unexpected-methods": ["PATCH"]},  # servers of tests know no TRACE
            },
            "checks": {name: {"enabled": False} for name in _OFF},
        }
    )


def run(schema: Any, sign_in: Callable[[str, int], str], known: Known) -> Faults:
    """Ask for every operation, as a role that may, each time as somebody else.

    `sign_in` gives the bearer token of the n-th caller in a role. Every second request names what is
    `known`, so that it gets further than to what does not exist.
    """
    _sign_in(schema, sign_in)
    _lead_somewhere(schema, known)
    faults = Faults()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            faults.found.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.ScenarioFinished):
            _read(event, faults)
    return faults


def _sign_in(schema: Any, sign_in: Callable[[str, int], str]) -> None:
    numbers = count()

    @schema.auth(refresh_interval=None)
    class Callers:
        def get(self, case: Any, _context: Any) -> str | None:
            number = next(numbers)
            roles = case.operation.definition.raw.get("x-roles", ())
            return sign_in(roles[number % len(roles)], number) if roles else None

        def set(self, case: Any, token: str | None, _context: Any) -> None:
            if token is not None:
                case.headers["Authorization"] = f"Bearer {token}"


def _lead_somewhere(schema: Any, known: Known) -> None:
    numbers = count()

    def map_path_parameters(_context: Any, parameters: Any) -> Any:
        if not parameters or next(numbers) % 2:
            return parameters
        return {name: known.get(name, value) for name, value in parameters.items()}

    schema.hook(map_path_parameters)  # knows by its name what it is for


def _read(event: events.ScenarioFinished, faults: Faults) -> None:
    label = event.label or ""
    for interaction in event.recorder.interactions.values():
        if interaction.response is not None:
            faults.requests[label] = faults.requests.get(label, 0) + 1
            status = interaction.response.status_code
            faults.statuses[status] = faults.statuses.get(status, 0) + 1
    for checks in event.recorder.checks.values():
        faults.found += [
            f"{label} {check.name}: {_tell(check.failure_info)}"
            for check in checks
            if check.status == Status.FAILURE
        ]


def _tell(info: Any) -> str:
    return f"{info.failure.title} {info.failure.message} {info.code_sample}" if info else ""


@schemathesis.check
def not_told_malformed(_context: Any, response: Any, case: Any) -> None:
    """What is as the interface describes it is never refused as if it were not.

    Headers may be: which of them a role may send, no schema says.
    """
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if not positive or response.status_code not in _REFUSALS or _WHOLE_FLOAT.search(str(case.body)):
        return
    told = json.loads(response.content)
    parts = {fault["part"] for fault in told.get("errors", ())}
    assert told.get("code") not in _MALFORMED or parts == {"header"}, response.content.decode()
