"""A deployed stack as operators' commands see it, here or on AWS.

AWS credentials, region and `AWS_ENDPOINT_URL` come from the environment; `use_local` sets them for
the system that `make run` serves.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.deployment import STACK
from infra.local.emulator import ACCESS_KEY, HOST, REGION

_LONGEST_CALL = Config(read_timeout=900, retries={"total_max_attempts": 1})


class CommandError(Exception):
    """What went wrong, in one line for the person at the keyboard."""


def use_local() -> str:
    """Have this process reach the local system (`EMULATOR_PORT`); the name of its stack."""
    port = os.environ.get("EMULATOR_PORT") or "4566"
    os.environ |= {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
    }
    return STACK


class Functions:
    """The functions of one stack, called by the names of their outputs.

    Raises `CommandError` where the stack cannot be reached.
    """

    def __init__(self, stack: str) -> None:
        try:
            told = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        except (BotoCoreError, ClientError) as error:
            raise CommandError(f"stack {stack} cannot be reached ({error})") from error
        self._names = {each["OutputKey"]: each["OutputValue"] for each in told["Outputs"]}
        self._parameters = {
            each["ParameterKey"]: each["ParameterValue"] for each in told.get("Parameters", ())
        }
        self._client = boto3.client("lambda", config=_LONGEST_CALL)

    @property
    def rulebook(self) -> str:
        """The rulebook that the stack runs under."""
        return self._parameters["Rulebook"]

    @property
    def url(self) -> str:
        """Where the public reaches the system."""
        return self._parameters["PublicUrl"]

    def call(self, output: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """What the function answers. Raises `CommandError` where it fails."""
        answer = self._client.invoke(
            FunctionName=self._names[output], Payload=json.dumps(event).encode()
        )
        told: Any = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise CommandError(f"{output}: {told.get('errorType')}: {told.get('errorMessage')}")
        found: dict[str, Any] = told
        return found

    def drive(
        self,
        output: str,
        event: Mapping[str, Any],
        marker: str,
        wrap: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
    ) -> Iterator[dict[str, Any]]:
        """Call a function again from where it stopped, until it says that nothing is left.

        `wrap` makes what is sent of what is asked.
        """
        place: dict[str, Any] = {}
        while True:
            done = self.call(output, wrap({**event, **place}))
            yield done
            if done[marker] is None:
                return
            place = {marker: done[marker]}


def as_scheduled(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a schedule, now, that asks for `detail`."""
    return {
        "version": "0",
        "id": "command",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "",
        "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": "",
        "resources": [],
        "detail": dict(detail),
    }
