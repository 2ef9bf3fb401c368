"""The operator's commands on a deployed stack, here or on AWS: `rebuild` and `erase`.

Both drive a function part by part until it says that it is done; a command that was broken off is
simply given again. AWS credentials, region and `AWS_ENDPOINT_URL` come from the environment.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.config import Config

_LONGEST_CALL = Config(read_timeout=900, retries={"total_max_attempts": 1})


class CommandError(Exception):
    """What went wrong, in one line for the person at the keyboard."""


class Functions:
    """The functions of one stack, called by the names of their outputs."""

    def __init__(self, stack: str) -> None:
        told = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        self._names = {each["OutputKey"]: each["OutputValue"] for each in told["Outputs"]}
        self._client = boto3.client("lambda", config=_LONGEST_CALL)

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


def rebuild(functions: Functions, segments: int) -> int:
    """Make the views anew from the archive, `segments` at a time; returns how many records."""

    def rebuild_segment(segment: int) -> int:
        part = {"segment": segment, "segments": segments}
        return sum(done["records"] for done in _drive(functions, "RebuildName", part, "start"))

    with ThreadPoolExecutor(segments) as pool:
        return sum(pool.map(rebuild_segment, range(segments)))


def erase(functions: Functions, order: Mapping[str, str]) -> tuple[int, int]:
    """Erase a person; returns in how many files and records the person was blanked."""
    parts = list(_drive(functions, "EraseName", order, "after"))
    return sum(part["files"] for part in parts), sum(part["records"] for part in parts)


def _drive(
    functions: Functions, output: str, event: Mapping[str, Any], marker: str
) -> Iterator[dict[str, Any]]:
    """Call a function again from where it stopped, until it says that nothing is left."""
    place: dict[str, Any] = {}
    while True:
        done = functions.call(output, {**event, **place})
        yield done
        if done[marker] is None:
            return
        place = {marker: done[marker]}


def _ask_whom() -> dict[str, str]:
    """The person's paper, typed and not shown: it enters no shell history and no process list."""
    return {
        "paper_kind": input("证件类型 kind of paper (身份证, 护照 …): ").strip(),
        "paper_number": getpass.getpass("证件号码 number: ").strip(),
        "name": input("姓名 name: ").strip(),
    }


def main() -> int:
    """The command; 1 and one line where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.operate", description=__doc__)
    parser.add_argument("command", choices=["rebuild", "erase"])
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    parser.add_argument("--segments", type=int, default=4, help="rebuild: how many side by side")
    given = parser.parse_args()
    functions = Functions(given.stack)
    try:
        if given.command == "rebuild":
            print(f"{rebuild(functions, given.segments)} records projected")
        else:
            files, records = erase(functions, _ask_whom())
            print(f"erased; blanked {records} records in {files} files")
    except CommandError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
