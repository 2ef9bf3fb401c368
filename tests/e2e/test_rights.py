"""Each function has only its own rights: tried with the credentials of its role."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.emulator import REGION
from tests.e2e.system import System

pytestmark = pytest.mark.deployed

_FUNCTIONS = frozenset(
    {
        *("APIHandler", "Authenticate", "TakeNotice", "PlanUpload", "PlanLargeUpload"),
        *("MergeRows", "FollowArchive"),
        *("Expire", "Purge", "Rebuild", "Erase", "Reevaluate", "Preview", "Prove"),
    }
)
_NOBODY = "nobody"
_DENIED = {"AccessDenied", "AccessDeniedException"}

Try = Callable[[Any, Mapping[str, str]], Any]
_KEY = {"subject": {"S": _NOBODY}, "key": {"S": _NOBODY}}


def _query(table: str, name: str) -> tuple[str, Try]:
    """Query a table by its partition key."""
    return "dynamodb", lambda client, outputs: client.query(
        TableName=outputs[table],
        KeyConditionExpression="#k = :k",
        ExpressionAttributeNames={"#k": name},
        ExpressionAttributeValues={":k": {"S": _NOBODY}},
    )


def _delete(table: str, *names: str) -> tuple[str, Try]:
    return "dynamodb", lambda client, outputs: client.delete_item(
        TableName=outputs[table], Key={name: {"S": _NOBODY} for name in names}
    )


def _get(key: str) -> tuple[str, Try]:
    return "s3", lambda client, outputs: client.get_object(Bucket=outputs["Files"], Key=key)


def _put(key: str) -> tuple[str, Try]:
    return "s3", lambda client, outputs: client.put_object(Bucket=outputs["Files"], Key=key)


_READ_PEOPLE: tuple[str, Try] = (
    "dynamodb",
    lambda client, outputs: client.batch_get_item(
        RequestItems={outputs["IdentitiesTable"]: {"Keys": [{"key": {"S": _NOBODY}}]}}
    ),
)
_OPEN_A_KEY: tuple[str, Try] = (
    "kms",
    lambda client, outputs: client.generate_data_key(KeyId=outputs["DataKeyId"], KeySpec="AES_256"),
)
_RIGHTS: Mapping[str, tuple[tuple[str, Try], set[str]]] = {
    "read the ledger": (
        _query("LedgerTable", "subject"),
        {"APIHandler", "FollowArchive", "Purge", "Rebuild", "Reevaluate"},
    ),
    "take an entry out of the ledger": (_delete("LedgerTable", "subject", "entry"), set()),
    "take something out of the archive": (_delete("ArchiveTable", "subject", "key"), set()),
    "take away what is published": (_delete("PublicationTable", "subject", "key"), set()),
    "take back what was said of a share": (_delete("SharesTable", "share", "part"), set()),
    "read an archive": (
        _query("ArchiveTable", "subject"),
        {
            *("APIHandler", "MergeRows", "FollowArchive", "Expire"),
            *("Rebuild", "Reevaluate", "Preview", "Prove"),
        },
    ),
    "read who people are": (
        _READ_PEOPLE,
        {"APIHandler", "Authenticate", "MergeRows", "Erase", "Preview", "Prove"},
    ),
    "make people's keys": (_OPEN_A_KEY, {"APIHandler", "Authenticate", "MergeRows", "Erase"}),
    "destroy somebody": (_delete("IdentitiesTable", "key"), {"Erase"}),
    "read a received file": (
        _get("inbox/x"),
        {"APIHandler", "PlanUpload", "PlanLargeUpload", "MergeRows", "Erase"},
    ),
    "read a certificate": (_get("purges/certificates/x"), {"APIHandler"}),
    "put a certificate": (_put("purges/x"), {"Purge"}),
    "put a result": (_put("results/x"), {"APIHandler", "MergeRows"}),
    "put a report": (_put("reports/x"), {"APIHandler"}),
}


@pytest.fixture(scope="module")
def roles(system: System) -> dict[str, dict[str, str]]:
    """Credentials of each function's role."""
    found = {}
    for function in _FUNCTIONS:
        name = system.stack.outputs[f"{function}Name"]
        role = system.aws("lambda").get_function_configuration(FunctionName=name)["Role"]
        lent = system.aws("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        found[function] = {
            "aws_access_key_id": lent["AccessKeyId"],
            "aws_secret_access_key": lent["SecretAccessKey"],
            "aws_session_token": lent["SessionToken"],
        }
    return found


@pytest.mark.parametrize("what", _RIGHTS)
def test_should_only_let_those_functions_that_must_when_they_try_to(
    system: System, roles: dict[str, dict[str, str]], what: str
) -> None:
    (service, attempt), expected = _RIGHTS[what]
    allowed = set()
    for function, credentials in roles.items():
        client = boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=system.stack.endpoint,
            region_name=REGION,
            **credentials,
        )
        if _may(attempt, client, system.stack.outputs):
            allowed.add(function)
    assert allowed == expected


def _may(attempt: Try, client: Any, outputs: Mapping[str, str]) -> bool:
    try:
        attempt(client, outputs)
    except ClientError as error:
        return error.response["Error"]["Code"] not in _DENIED
    return True
