"""The running system: deployed as it is on AWS, and what a crash leaves of it."""

import json
import os
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.compose import PROJECT
from infra.local import environment, rebuild
from infra.local.emulator import REGION, free_port
from infra.local.problems import Problem
from infra.local.stack import Ports, Stack, running
from infra.package import build

pytestmark = pytest.mark.deployed


def _get(stack: Stack, path: str, **headers: str) -> tuple[int, str, dict[str, Any]]:
    request = urllib.request.Request(stack.url + path, headers=headers)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers["content-type"], json.load(answer)


def test_should_answer_with_problems_when_api_gateway_refuses(stack: Stack) -> None:
    status, media_type, problem = _get(stack, "/nowhere")
    assert (status, media_type) == (404, "application/problem+json")
    assert problem["status"] == 404
    status, media_type, problem = _get(stack, "/v1/archives/91110000MA0001234X")
    assert (status, media_type) == (401, "application/problem+json")
    assert problem["code"] == "E-AUTH-01"


def test_should_know_who_asks_when_a_persona_signs_in(stack: Stack) -> None:
    bearer = f"Bearer {stack.token('operator')}"
    status, _, problem = _get(stack, "/v1/archives/91110000MA0001234X", Authorization=bearer)
    assert (status, problem["code"]) == (404, "E-ARCHIVE-01")
    forged = f"Bearer {stack.token('operator', iss='http://elsewhere')}"
    status, _, _ = _get(stack, "/v1/archives/91110000MA0001234X", Authorization=forged)
    assert status == 401


def test_should_go_on_in_the_same_process_when_a_function_has_raised(stack: Stack) -> None:
    def ask() -> tuple[int, set[Path]]:
        status, _, _ = _get(stack, "/v1/clients", Authorization="Bearer nonsense")
        return status, set(stack._state.scratch.glob("ministack-lambda-*Authenticate*"))

    once, again = ask(), ask()
    assert once == again
    assert (again[0], len(again[1])) == (401, 1)


def test_should_refuse_when_nobody_has_signed_the_request(stack: Stack) -> None:
    request = urllib.request.Request(
        f"{stack.endpoint}/{stack.outputs['Files']}/inbox/x", data=b"x", method="PUT"
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403
    refused.value.close()


def test_should_hold_a_function_to_its_rights_when_it_runs(stack: Stack) -> None:
    """The role of `expire` reads the archive, record by record, and nothing of persons."""
    name = stack.outputs["ExpireName"]
    role = stack.client("lambda").get_function(FunctionName=name)["Configuration"]["Role"]
    lent = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    expire = boto3.client(
        "dynamodb",
        endpoint_url=stack.endpoint,
        region_name=REGION,
        aws_access_key_id=lent["AccessKeyId"],
        aws_secret_access_key=lent["SecretAccessKey"],
        aws_session_token=lent["SessionToken"],
    )
    found = expire.query(
        TableName=stack.outputs["ArchiveTable"],
        KeyConditionExpression="subject = :subject",
        ExpressionAttributeValues={":subject": {"S": "nobody"}},
    )
    assert found["Count"] == 0
    with pytest.raises(ClientError, match="AccessDenied"):
        expire.scan(TableName=stack.outputs["ArchiveTable"])
    with pytest.raises(ClientError, match="AccessDenied"):
        expire.get_item(TableName=stack.outputs["IdentitiesTable"], Key={"key": {"S": "x"}})


def test_should_keep_what_was_saved_and_every_file_when_it_crashes(tmp_path: Path) -> None:
    python = environment.prepare(PROJECT / ".local" / "emulator")
    build("local", tmp_path / "package")
    ports = Ports(free_port(), free_port())
    state = tmp_path / "state"

    def put(stack: Stack, key: str) -> None:
        item = {"key": {"S": key}}
        stack.client("dynamodb").put_item(TableName=stack.outputs["IdentitiesTable"], Item=item)
        told = json.dumps({"upload": key, "provider": "p"}).encode()
        place = {"Bucket": stack.outputs["Files"], "Key": f"registrations/{key}.json"}
        stack.client("s3").put_object(**place, Body=told)

    def crash() -> None:
        with running(state, python, tmp_path / "package", ports) as stack:
            assert stack.fresh
            put(stack, "saved")
            stack.mark_loaded()
            put(stack, "lost")
            marker = json.loads((state / "running.json").read_text(encoding="ascii"))
            os.kill(marker["emulator"], signal.SIGKILL)

    with pytest.raises(Problem, match="crashed"):
        crash()

    with running(state, python, tmp_path / "package", ports) as stack:
        assert stack.fallen_back is not None
        assert not stack.redeployed
        assert not stack.fresh
        items = stack.client("dynamodb").scan(TableName=stack.outputs["IdentitiesTable"])["Items"]
        assert items == [{"key": {"S": "saved"}}]
        assert rebuild.redeliver(stack, stack.fallen_back) >= 1
        found = stack.client("dynamodb").scan(TableName=stack.outputs["UploadsTable"])["Items"]
        assert {"lost"} <= {item["upload"]["S"] for item in found}
        assert _get(stack, "/v1/health")[0] == 200
