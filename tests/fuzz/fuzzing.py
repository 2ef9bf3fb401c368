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
from ipaddress import IPv4Address
from itertools import count
from typing import Any, Literal

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

SEED = 20261122

Mode = Literal["positive", "negative", "all"]
"""Whether requests are as the interface describes them."""

Known = Mapping[str, Any]
"""Values that lead somewhere, by the name of a path parameter or of a field of a body."""

_FIRST_ADDRESS = IPv4Address("10.0.0.1")
_PURPOSES = {"operator": "window_service", "agency": "supervision", "judicial": "judicial"}
_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_MALFORMED, _WRONG = "E-HTTP-01", "E-HTTP-07"
_MISREAD = "E-INPUT-"
"""How codes begin that say that a value is not of its schema; others say which rule it breaks."""
_WHOLE_FLOAT = re.compile(r"[0-9]\.0\b")
"""An integer to JSON Schema, but not to us: 1.0 is refused where 1 is meant."""

_OFF = ("unsupported_method", "allow_header_conformance", "positive_data_acceptance")


class Faults:
    """What a run has found: how many requests were made and, by operation and check, what is wrong."""

    def __init__(self) -> None:
        self.requests: dict[str, int] = {}
        self.statuses: dict[int, int] = {}
        self.found: list[str] = []


def configuration(url: str, examples: int, mode: Mode = "all") -> SchemathesisConfig:
    """The same requests of the API at `url` in every run: `examples` of each operation, and one of
    each sort of fault. Bearer tokens are none of what is made up, but for a check of its own.
    """
    return SchemathesisConfig.from_dict(
        {
            "base-url": url,
            "seed": SEED,
            "workers": 1,  # in threads of Python 3.11 Hypothesis cannot read its own source
            "generation": {
                "mode": mode,
                "with-security-parameters": False,
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


def run(
    schema: Any, sign_in: Callable[[str, int], str], known: Known, words: Known | None = None
) -> Faults:
    """Ask for every operation, as a role that may, each time as somebody else from somewhere else.

    `sign_in` gives the bearer token of the n-th caller in a role. Two requests of three name what is
    `known`, say `words`, and have a purpose that their role may have, so that they get somewhere.
    """
    _sign_in(schema, sign_in, known)
    _lead_somewhere(schema, known, words or {})
    faults = Faults()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError):
            faults.found.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.ScenarioFinished):
            _read(event, faults)
    return faults


def _sign_in(schema: Any, sign_in: Callable[[str, int], str], known: Known) -> None:
    numbers = count()

    @schema.auth(refresh_interval=None)
    class Callers:
        def get(self, case: Any, _context: Any) -> dict[str, str]:
            number = next(numbers)
            headers = {"X-Forwarded-For": str(_FIRST_ADDRESS + number)}
            if roles := case.operation.definition.raw.get("x-roles"):
                turn, which = divmod(number, len(roles))
                headers["Authorization"] = f"Bearer {sign_in(roles[which], turn)}"
                if turn % 3 and case.meta.generation.mode.is_positive:
                    headers |= _reasons(roles[which], known)
            return headers

        def set(self, case: Any, headers: dict[str, str], _context: Any) -> None:
            case.headers.update(headers)


def _reasons(role: str, known: Known) -> dict[str, str]:
    """What somebody in a role says of why they ask about another."""
    told = {"X-Query-Purpose": _PURPOSES.get(role, "")}
    return {**told, "X-Query-Grant": known["grant"]} if role == "third_party" else told


def _lead_somewhere(schema: Any, known: Known, words: Known) -> None:
    numbers = count()

    def lead(given: Any, by: Known) -> Any:
        if not isinstance(given, dict) or next(numbers) % 3 == 0:
            return given
        return {name: by.get(name, value) for name, value in given.items()}

    def map_path_parameters(_context: Any, parameters: Any) -> Any:
        return lead(parameters, known)

    def map_body(_context: Any, body: Any) -> Any:
        return lead(body, words)

    schema.hook(map_path_parameters)  # knows by its name what it is for
    schema.hook(map_body)


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
    faults = told.get("errors", ()) if told.get("code") == _WRONG else ()
    misread = {fault["part"] for fault in faults if fault["code"].startswith(_MISREAD)}
    assert misread <= {"header"}, response.content.decode()
    assert told.get("code") != _MALFORMED, response.content.decode()
