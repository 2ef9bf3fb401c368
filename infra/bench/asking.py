"""Each kind of query through the function that API Gateway calls, and following what changes, on the
emulated AWS.

Run by `infra.bench.measures`; the last line on standard output is what was measured, in JSON: what
each kind asks of AWS, what that costs there, and what it costs this process.
"""

import base64
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, TypeVar
from unittest.mock import patch

from botocore.client import BaseClient

import app
from chalicelib.archive.store import read_records
from chalicelib.collection import uploads
from chalicelib.disclosure.following import follow
from chalicelib.disclosure.grants.giving import make_grant
from chalicelib.disclosure.grants.values import Act, Scope, Terms
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime import blobs
from chalicelib.runtime.clock import lawful_day, now
from chalicelib.runtime.settings import settings
from infra.bench import intake
from infra.bench.stub import size_of
from infra.local.demo.penalties import ITEM

_TIMES: Final = 15
_BANK: Final = "91329900MA99010471"
_AGENCY: Final = "11329900MB00000001"
_DUTY: Final = {"X-Query-Purpose": "market_access", "X-Query-Basis": "〔2026〕1号"}
_CONTEXT: Final = SimpleNamespace(
    function_name="credit-bench-api_handler",
    memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws:lambda:cn-north-1:000000000000:function:api_handler",
    aws_request_id="5e6ee4e7-0000-4000-8000-000000000000",
)
_READ_UNIT: Final = 4096
_WRITE_UNIT: Final = 1024

Event = dict[str, Any]
Cost = dict[str, float]
T = TypeVar("T")


class Meter:
    """Requests of AWS, and the units of those of DynamoDB; index entries count as their items do."""

    def __init__(self, indexes: Mapping[str, tuple[str, ...]]) -> None:
        self._indexes = indexes
        self.requests = 0
        self.reads = 0.0
        self.writes = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count what is asked meanwhile."""
        original: Any = BaseClient.__dict__["_make_api_call"]

        def call(client: BaseClient, operation: str, asked: Any) -> Any:
            given = dict(asked)  # the short way takes them (`runtime.wire`)
            answer = original(client, operation, asked)
            self.requests += 1
            weigh = getattr(self, f"_weigh_{operation}", None)
            if weigh:
                weigh(given, answer)
            return answer

        with patch.object(BaseClient, "_make_api_call", call):
            yield

    def _weigh_Query(self, asked: Any, answer: Any) -> None:  # noqa: N802 - AWS names it
        size = sum(map(_size_of, answer["Items"]))
        self.reads += (-(-size // _READ_UNIT) or 1) / (1 if asked.get("ConsistentRead") else 2)

    def _weigh_BatchGetItem(self, asked: Any, answer: Any) -> None:  # noqa: N802
        for table, wanted in asked["RequestItems"].items():
            found = answer["Responses"].get(table, [])
            units = sum(-(-_size_of(item) // _READ_UNIT) for item in found)
            units += len(wanted["Keys"]) - len(found)
            self.reads += units / (1 if wanted.get("ConsistentRead") else 2)

    def _weigh_PutItem(self, asked: Any, _: Any) -> None:  # noqa: N802
        self.writes += self._write(asked)

    def _weigh_UpdateItem(self, _asked: Any, _: Any) -> None:  # noqa: N802
        self.writes += 1

    def _weigh_TransactWriteItems(self, asked: Any, _: Any) -> None:  # noqa: N802
        for part in asked["TransactItems"]:
            self.writes += 2 * (self._write(part["Put"]) if "Put" in part else 1)

    def _write(self, put: Any) -> int:
        units = -(-_size_of(put["Item"]) // _WRITE_UNIT)
        keys = self._indexes.get(put["TableName"], ())
        return units * (1 + sum(key in put["Item"] for key in keys))


def _size_of(item: Any) -> int:
    told = {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in item.items()
    }
    return size_of(told)


def make_event(
    method: str,
    resource: str,
    path: Mapping[str, str],
    caller: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> Event:
    """The event of a request, as API Gateway makes it; `caller` is what the authorizer handed on."""
    expires = str(int(now().timestamp()) + 600)
    context: Event = {
        "resourcePath": resource,
        "httpMethod": method,
        "path": resource,
        "stage": "api",
        "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        "identity": {"sourceIp": "127.0.0.1"},
    }
    if caller:
        context["authorizer"] = {"sub": "somebody", "expires": expires, **caller}
    return {
        "resource": resource,
        "path": resource,
        "httpMethod": method,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "multiValueHeaders": None,
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": dict(path),
        "stageVariables": None,
        "requestContext": context,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def list_kinds(subject: str) -> dict[str, Event]:
    """A request of each kind about one organisation."""
    archive = "/v1/archives/{subject}"
    path = {"subject": subject}
    agency = {"role": "agency", "organisation": _AGENCY}
    granted = {"X-Query-Grant": _give(subject), "X-Query-Purpose": "financing"}
    return {
        "public page": make_event("GET", "/v1/organisations/{code}", {"code": subject}),
        "own archive": make_event(
            "GET",
            archive,
            path,
            {"role": "subject", "organisation": subject},
            {"X-Query-Purpose": "own"},
        ),
        "archive under a grant": make_event(
            "GET", archive, path, {"role": "third_party", "organisation": _BANK}, granted
        ),
        "archive on duty": make_event("GET", archive, path, agency, _DUTY),
        "archive, judicial": make_event(
            "GET",
            archive,
            path,
            {**agency, "role": "judicial"},
            {**_DUTY, "X-Query-Purpose": "judicial"},
        ),
        "standard report": make_event(
            "POST", f"{archive}/reports", path, agency, _DUTY, {"kind": "standard"}
        ),
        "who asked (ledger)": make_event(
            "GET", f"{archive}/queries", path, {"role": "subject", "organisation": subject}
        ),
    }


def _give(subject: str) -> str:
    terms = Terms(
        subject=subject,
        recipient=_BANK,
        scope=Scope(items=(ITEM,)),
        purpose="financing",
        until=lawful_day(now()) + timedelta(days=30),
        uses="many",
    )
    act = Act(at=now(), by="representative", role="subject")
    grant = make_grant(
        terms,
        act,
        load_rulebook(settings().rulebook),
        recipient_name="清江农商银行",
        asked=False,
        randomness=os.urandom,
    )
    return grant.id


def _fill(path: Path) -> str:
    """Take the file in; whom it is about."""
    upload = intake.upload_id(0)
    blobs.write(uploads.inbox_key(upload), path.read_bytes(), "text/csv")
    intake.take_in(upload, path)
    subject = path.read_text(encoding="utf-8").splitlines()[1].split(",")
    return next(cell for cell in subject if len(cell) == len(_BANK) and cell.startswith("91"))


def _list_changes(subject: str) -> list[dict[str, dict[str, str]]]:
    """The keys of the stream records that the file's statements have left."""
    return [
        {"subject": {"S": subject}, "key": {"S": statement.key}}
        for holding in read_records(subject)
        for statement in holding.statements
    ]


def _follow(changes: Iterable[dict[str, dict[str, str]]]) -> None:
    rulebook, day = load_rulebook(settings().rulebook), lawful_day(now())
    for keys in changes:
        follow(keys, day, rulebook, set())


def _ask(event: Event) -> int:
    answer = app.app(event, _CONTEXT)
    if answer["statusCode"] not in (200, 201):
        raise SystemExit(answer["body"])
    return len(answer["body"].encode())


def _measure(act: Callable[[], T], indexes: Mapping[str, tuple[str, ...]]) -> tuple[T, Cost]:
    """What `act` returns, and what it costs when it is done again."""
    act()
    meter = Meter(indexes)
    with meter.watching():
        returned = act()
    cpu, wall = _time(act)
    return returned, {
        "requests": meter.requests,
        "reads": meter.reads,
        "writes": meter.writes,
        "cpu_ms": cpu,
        "wall_ms": wall,
    }


def _time(act: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of CPU and of elapsed time: the least of several."""
    found = []
    for _ in range(_TIMES):
        cpu, wall = time.process_time(), time.perf_counter()
        act()
        found.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(cpu for cpu, _ in found) * 1e3, min(wall for _, wall in found) * 1e3


def main() -> None:
    """The command: the file, and the keys of each table's indexes in JSON."""
    subject = _fill(Path(sys.argv[1]))
    changes, indexes = _list_changes(subject), json.loads(sys.argv[2])
    _, following = _measure(lambda: _follow(changes), indexes)
    kinds = {}
    for kind, event in list_kinds(subject).items():
        size, cost = _measure(partial(_ask, event), indexes)
        kinds[kind] = {**cost, "bytes": size}
    each = {name: cost / len(changes) for name, cost in following.items()}
    print("\n" + json.dumps({"kinds": kinds, "following": each}))


if __name__ == "__main__":
    main()
