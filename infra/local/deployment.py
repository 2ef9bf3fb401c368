"""The package deployed on the emulator: one CloudFormation change set, as in production."""

import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

from infra.fragments import Template
from infra.local.differences import put_gateway_responses
from infra.local.emulator import ACCESS_KEY, REGION
from infra.local.problems import Problem

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudformation.type_defs import StackTypeDef

STACK = "credit"
_ARTEFACTS = "credit-artefacts"
_SECONDS = 120


class Deployment:
    """Deploys onto the emulator at `endpoint`; `memory` is a file that says what stands there."""

    def __init__(self, endpoint: str, memory: Path) -> None:
        self._endpoint = endpoint
        self._memory = memory

    def client(self, service: str) -> Any:
        """A client of the emulated account's root."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
        )

    def deploy(self, package: Path, parameters: Mapping[str, str]) -> bool:
        """Bring the stack to the state of `package`; False where it stands there already.

        Raises `Problem` where a resource cannot be made.
        """
        code = (package / "deployment.zip").read_bytes()
        template = (package / "sam.json").read_bytes()
        told = json.dumps(dict(parameters), sort_keys=True).encode()
        digest = hashlib.sha256(b"".join([code, template, told])).hexdigest()
        if self._memory.exists() and self._memory.read_text(encoding="ascii") == digest:
            return False
        self._memory.unlink(missing_ok=True)
        self._change(json.loads(template), code, digest, parameters)
        self._memory.write_text(digest, encoding="ascii")
        return True

    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name."""
        stack = _describe(self.client("cloudformation"))
        return {} if stack is None else _read_outputs(stack)

    def _change(
        self, template: Template, code: bytes, digest: str, parameters: Mapping[str, str]
    ) -> None:
        cloud: CloudFormationClient = self.client("cloudformation")
        url = self._upload(template, code, digest)
        name = f"change-{digest[:16]}-{time.time_ns()}"
        cloud.create_change_set(
            StackName=STACK,
            ChangeSetName=name,
            ChangeSetType="CREATE" if _describe(cloud) is None else "UPDATE",
            TemplateURL=url,
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
        )
        _wait_for_change_set(cloud, name)
        cloud.execute_change_set(StackName=STACK, ChangeSetName=name)
        api = _wait_for_stack(cloud)["RestAPIId"]
        put_gateway_responses(self.client("apigateway"), api, template)
        self._remove_others(digest)

    def _upload(self, template: Template, code: bytes, digest: str) -> str:
        """Put template and code where CloudFormation reads them; the template's URL."""
        files = self.client("s3")
        where = {"LocationConstraint": REGION}
        if _ARTEFACTS not in {bucket["Name"] for bucket in files.list_buckets()["Buckets"]}:
            files.create_bucket(Bucket=_ARTEFACTS, CreateBucketConfiguration=where)
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                place = {"Bucket": _ARTEFACTS, "Key": f"{digest}.zip"}
                resource["Properties"]["CodeUri"] = place
        files.put_object(Bucket=_ARTEFACTS, Key=f"{digest}.zip", Body=code)
        body = json.dumps(template).encode()
        files.put_object(Bucket=_ARTEFACTS, Key=f"{digest}.json", Body=body)
        return f"{self._endpoint}/{_ARTEFACTS}/{digest}.json"

    def _remove_others(self, digest: str) -> None:
        files = self.client("s3")
        for entry in files.list_objects_v2(Bucket=_ARTEFACTS)["Contents"]:
            if not entry["Key"].startswith(digest):
                files.delete_object(Bucket=_ARTEFACTS, Key=entry["Key"])


def _describe(cloud: "CloudFormationClient") -> "StackTypeDef | None":
    try:
        return cloud.describe_stacks(StackName=STACK)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise


def _read_outputs(stack: "StackTypeDef") -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def _wait_for_change_set(cloud: "CloudFormationClient", name: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        change = cloud.describe_change_set(StackName=STACK, ChangeSetName=name)
        if change["Status"] == "CREATE_COMPLETE":
            return
        if change["Status"] == "FAILED":
            raise Problem(f"the template is refused: {change.get('StatusReason', 'no reason')}")
        time.sleep(0.1)
    raise Problem("the template is not read in time")


def _wait_for_stack(cloud: "CloudFormationClient") -> dict[str, str]:
    """The outputs, once the stack is complete."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        stack = _describe(cloud)
        status = stack["StackStatus"] if stack else ""
        if stack and status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return _read_outputs(stack)
        if status.endswith(("ROLLBACK_COMPLETE", "FAILED")):
            raise Problem(f"the stack cannot be deployed: {_first_failure(cloud)}")
        time.sleep(0.1)
    raise Problem("the stack is not complete in time")


def _first_failure(cloud: "CloudFormationClient") -> str:
    events = cloud.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("FAILED")]
    if not failed:
        return "no reason given"
    first = failed[-1]
    return f"{first.get('LogicalResourceId')}: {first.get('ResourceStatusReason')}"
