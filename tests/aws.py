"""AWS in process (moto), laid out by the template fragments: no key, index or name is restated.

The fixture `aws` gives a fresh account with tables, bucket, queues and key, and the environment
variables that the template gives every function. `emulated_aws()` is the same for code that needs
a fresh account more than once in a test (Hypothesis examples).
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws
from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import DynamoDBBackend

from chalicelib.runtime import clients
from chalicelib.runtime.observability import metrics
from chalicelib.runtime.settings import settings
from chalicelib.subjects import identities
from infra import fragments
from tests.web.issuer import ISSUERS

REGION = "cn-north-1"
PARAMETERS = {
    "Stage": "local",
    "Issuers": ISSUERS,
    "PublicUrl": "http://localhost:8000",
}
_KINDS = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::KMS::Key"}
_INSERT = re.compile(r"""INSERT INTO "?(?P<table>[\w.-]+)"? VALUE \{(?P<pairs>.+)\}""", re.DOTALL)
_ATTRIBUTE = re.compile(r"'([^']+)'\s*:\s*\?")


@cache
def _template() -> str:
    """The stored part of the template; its outputs are the functions' environment."""
    whole = fragments.load()
    resources = {n: r for n, r in whole["Resources"].items() if r.get("Type") in _KINDS}
    for resource in resources.values():
        resource.pop("DependsOn", None)
    variables = whole["Globals"]["Function"]["Environment"]["Variables"]
    outputs = {name.replace("_", "0"): {"Value": value} for name, value in variables.items()}
    part = {**whole, "Resources": resources, "Outputs": outputs}
    part.pop("Globals")
    return json.dumps(part)


def _lay_out() -> dict[str, str]:
    stack = boto3.client("cloudformation")
    stack.create_stack(
        StackName="credit",
        TemplateBody=_template(),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()
        ],
    )
    outputs = stack.describe_stacks(StackName="credit")["Stacks"][0]["Outputs"]
    variables = {o["OutputKey"].replace("0", "_"): o["OutputValue"] for o in outputs}
    boto3.client("s3").put_bucket_versioning(  # moto's CloudFormation leaves it out
        Bucket=variables["FILES_BUCKET"], VersioningConfiguration={"Status": "Enabled"}
    )
    return variables


def _insert(backend: DynamoDBBackend, statement: Mapping[str, Any]) -> dict[str, Any]:
    """One parametrised PartiQL INSERT as DynamoDB answers it; moto cannot parse its parameters."""
    parsed = _INSERT.fullmatch(statement["Statement"].strip())
    assert parsed is not None, statement["Statement"]
    table = backend.get_table(parsed["table"])
    names = _ATTRIBUTE.findall(parsed["pairs"])
    item = dict(zip(names, statement["Parameters"], strict=True))
    try:
        backend.put_item(
            table.name,
            item,
            condition_expression="attribute_not_exists(#key)",
            expression_attribute_names={"#key": table.hash_key_attr},
        )
    except ConditionalCheckFailed:
        error = {"Code": "DuplicateItem", "Message": "Duplicate primary key exists in table"}
        return {"Error": error, "TableName": table.name}
    return {"TableName": table.name}


def _execute(
    backend: DynamoDBBackend, statements: list[dict[str, Any]], original: Any
) -> list[dict[str, Any]]:
    if not all(s["Statement"].lstrip().upper().startswith("INSERT") for s in statements):
        answers: list[dict[str, Any]] = original(backend, statements)
        return answers
    assert len(statements) <= 25, "DynamoDB takes 25 statements a batch"
    return [_insert(backend, statement) for statement in statements]


def forget_caches() -> None:
    """Drop every client, setting and unsent metric that this process has kept."""
    metrics.clear_metrics()
    settings.cache_clear()
    identities.keyring.cache_clear()
    for member in vars(clients).values():
        if clear := getattr(member, "cache_clear", None):
            clear()


@contextmanager
def emulated_aws() -> Iterator[dict[str, str]]:
    """A fresh account laid out by the template; yields the functions' environment variables."""
    credentials = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }
    original = DynamoDBBackend.batch_execute_statement

    def batch_execute_statement(
        self: DynamoDBBackend, statements: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        return _execute(self, statements, original)

    with patch.dict(os.environ, credentials):
        for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
            del os.environ[name]  # a set endpoint bypasses moto
        with (
            mock_aws(),
            patch.object(DynamoDBBackend, "batch_execute_statement", batch_execute_statement),
        ):
            variables = _lay_out()
            os.environ.update(variables)
            forget_caches()
            yield variables
    forget_caches()


@pytest.fixture
def aws() -> Iterator[dict[str, str]]:
    """A fresh account for one test, see `emulated_aws`."""
    with emulated_aws() as variables:
        yield variables
