"""Asking any route in somebody's name, as nobody should."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any, Final
from unittest.mock import patch

from botocore.client import BaseClient

from chalicelib.web.app import CreditApp
from chalicelib.web.callers import Role
from chalicelib.web.endpoints import Endpoint
from chalicelib.web.routes import BLUEPRINTS
from tests.web.events import Answered, ask, signed_in

ROUTES: Final = [endpoint for blueprint in BLUEPRINTS for endpoint in blueprint.endpoints]
WITH_JSON: Final = [each for each in ROUTES if each.request is not None and not each.form]
WITH_FORM: Final = [each for each in ROUTES if each.form]
JSON: Final = {"Content-Type": "application/json"}
_PURPOSES: Final = {
    Role.OPERATOR: "window_service",
    Role.AGENCY: "supervision",
    Role.JUDICIAL: "judicial",
}
_NUMBERS: Final = count()


def somebody(role: Role, organisation: str | None = None) -> dict[str, str]:
    """Whoever has that role; of an organisation of their own, so that no limit is met."""
    return signed_in(role, organisation=organisation or f"1132990000{next(_NUMBERS):08d}")


def send(
    app: CreditApp,
    endpoint: Endpoint,
    *,
    path: Mapping[str, str] | None = None,
    caller: dict[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    **parts: Any,
) -> Answered:
    """One request of a route by the first of its roles, with a purpose where that needs one."""
    role = min(endpoint.roles, default=None)
    if caller is None and role is not None:
        caller = somebody(role)
    purpose = _PURPOSES.get(Role(caller["role"])) if caller else None
    told = {**({"X-Query-Purpose": purpose} if purpose else {}), **(headers or {})}
    given = dict.fromkeys(endpoint.path_parameters, "A") | dict(path or {})
    return ask(
        app,
        endpoint.method,
        endpoint.path,
        path=given or None,
        headers=told,
        caller=caller,
        **parts,
    )


def send_body(app: CreditApp, endpoint: Endpoint, body: str, **more: Any) -> Answered:
    """The same with a body, as JSON unless `headers` say otherwise."""
    headers = {**JSON, "Idempotency-Key": "1", **more.pop("headers", {})}
    return send(app, endpoint, body=body, headers=headers, **more)


@contextmanager
def watching() -> Iterator[list[tuple[str, str]]]:
    """The requests that are made of AWS, in order: operation, and table if any."""
    seen: list[tuple[str, str]] = []
    original: Any = BaseClient.__dict__["_make_api_call"]

    def call(client: BaseClient, operation: str, arguments: Any) -> Any:
        tables = [arguments.get("TableName"), *arguments.get("RequestItems", ())]
        seen.extend((operation, table or "") for table in tables if table or len(tables) == 1)
        return original(client, operation, arguments)

    with patch.object(BaseClient, "_make_api_call", call):
        yield seen
