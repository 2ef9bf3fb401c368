"""The running system, with what its operators have at hand."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache
from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from chalicelib.runtime.clock import LAWFUL_ZONE
from infra.local.emulator import ACCESS_KEY, REGION
from infra.local.stack import Stack
from tests.aws import forget_caches
from tests.e2e.asking import Caller
from tests.e2e.invented import Inventor
from tests.e2e.providers import Provider
from tests.e2e.waiting import wait_for

_EVENT = {
    "version": "0",
    "id": "00000000-0000-0000-0000-000000000000",
    "account": "000000000000",
    "region": REGION,
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "resources": [],
    "detail": {},
}
_PURPOSES = {"operator": "window_service", "agency": "supervision", "judicial": "judicial"}
_ITEMS = ("registration", "penalty")
_SETTLING_SECONDS = 180

QUEUES = (
    *("InboxQueue", "PlansQueue", "LargePlansQueue", "RangesQueue"),
    *("ChecksQueue", "CheckPartsQueue"),
)
"""The queues that a file, or a batch check, goes through."""


class System:
    """One deployed system for the whole session; what tests put into it never meets."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.invent = Inventor()
        self.aws = cache(stack.client)
        self.nobody = Caller(stack.url)
        self.operator = self.sign_in("operator")

    def sign_in(self, persona: str, **claims: str) -> Caller:
        """A persona, with `claims` in the place of its own; each request has a fresh token."""
        return Caller(self.stack.url, lambda: self.stack.token(persona, **claims))

    def provider(self, *items: str) -> Provider:
        """A newly registered provider that may report `items`."""
        code = self.invent.code("11")
        entry = {"name": "清江市某局", "items": items or _ITEMS}
        self.operator.put(f"/v1/providers/{code}", entry).of(200)
        return Provider(code, self.sign_in("provider", organisation=code))

    def archive(self, subject: str, persona: str = "operator") -> dict[str, Any]:
        """An archive as a persona sees it that has to state a purpose."""
        purpose = _PURPOSES[persona]
        caller = self.sign_in(persona)
        answer = caller.get(f"/v1/archives/{subject}", X_Query_Purpose=purpose)
        found: dict[str, Any] = answer.of(200)
        return found

    def public(self, code: str) -> dict[str, Any]:
        """What everybody sees of an organisation."""
        found: dict[str, Any] = self.nobody.get(f"/v1/organisations/{code}").of(200)
        return found

    def published(self, code: str) -> list[dict[str, Any]]:
        """The records of an organisation that everybody sees, none where it is unknown."""
        answer = self.nobody.get(f"/v1/organisations/{code}")
        if answer.status == HTTPStatus.NOT_FOUND:
            return []
        found: list[dict[str, Any]] = answer.of(200)["records"]
        return found

    def invoke(self, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Call a function by its output's name; fails where it fails."""
        answer = self.aws("lambda").invoke(
            FunctionName=self.stack.outputs[f"{function}Name"], Payload=json.dumps(event).encode()
        )
        told: dict[str, Any] = json.load(answer["Payload"])
        assert "FunctionError" not in answer, f"{function} failed: {told}"
        return told

    def run_job(self, function: str, day: date) -> dict[str, Any]:
        """Run a scheduled function as EventBridge would have on a lawful day, just after one."""
        at = datetime.combine(day, time(1, 5), LAWFUL_ZONE).astimezone(UTC)
        return self.invoke(function, {"time": at.strftime("%Y-%m-%dT%H:%M:%SZ"), **_EVENT})

    @contextmanager
    def inside(self, function: str) -> Iterator[None]:
        """Have this process work on the system as a function does, with its environment."""
        name = self.stack.outputs[f"{function}Name"]
        told = self.aws("lambda").get_function_configuration(FunctionName=name)
        with self.reached(), patch.dict(os.environ, told["Environment"]["Variables"]):
            forget_caches()
            yield
        forget_caches()

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Have AWS clients of this process reach the system, as an operator's do."""
        reached = {
            "AWS_ENDPOINT_URL": self.stack.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        }
        with patch.dict(os.environ, reached):
            yield

    def scan(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table, by its output's name, as DynamoDB writes them."""
        return list(self._pages(self.stack.outputs[table]))

    def count_messages(self, *queues: str) -> int:
        """How many messages some queues hold, those being worked on too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        total = 0
        for queue in queues:
            url = self.stack.outputs[f"{queue}Url"]
            told = self.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
            total += sum(int(told["Attributes"][name]) for name in names)
        return total

    def keys(self, prefix: str) -> list[str]:
        """Every object's key that begins with `prefix`."""
        pages = self.aws("s3").get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.stack.outputs["Files"], Prefix=prefix)
        return [entry["Key"] for page in found for entry in page.get("Contents", [])]

    def read(self, key: str) -> Any:
        """A JSON object of the bucket."""
        place = {"Bucket": self.stack.outputs["Files"], "Key": key}
        return json.load(self.aws("s3").get_object(**place)["Body"])

    @contextmanager
    def unfollowed(self) -> Iterator[None]:
        """Have no view follow the archive for a while."""
        functions = self.aws("lambda")
        name = self.stack.outputs["FollowArchiveName"]
        [source] = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
        try:
            yield
        finally:
            functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)

    def settle(self) -> None:
        """Wait until every view has followed the archive."""
        wait_for("the views have followed the archive", self._is_settled, _SETTLING_SECONDS)

    def _is_settled(self) -> bool:
        """Whether every record of an organisation was published, and every name indexed, from as
        much as there is."""
        held: dict[tuple[str, str], int] = {}
        registered: dict[str, int] = {}
        for thing in self.scan("ArchiveTable"):
            subject, key = thing["subject"]["S"], thing["key"]["S"]
            if subject.startswith("P") or key.startswith("@"):
                continue
            item, record, _ = key.split("/", 2)
            path = (subject, f"{item}/{record}")
            held[path] = held.get(path, 0) + 1
            if item == "registration":
                registered[subject] = registered.get(subject, 0) + 1
        published = {
            (row["subject"]["S"], row["key"]["S"]): int(row["size"]["N"])
            for row in self.scan("PublicationTable")
        }
        indexed = {
            row["place"]["S"]: int(row["size"]["N"])
            for row in self.scan("NamesTable")
            if row["gram"]["S"].startswith("@")
        }
        return held.items() <= published.items() and registered.items() <= indexed.items()

    def _pages(self, table: str) -> Iterator[dict[str, Any]]:
        for page in self.aws("dynamodb").get_paginator("scan").paginate(TableName=table):
            yield from page["Items"]
