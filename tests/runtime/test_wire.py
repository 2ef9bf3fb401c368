"""Shortened requests ask the same and are answered the same as botocore's own."""

import json
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.session import Session

from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.runtime.wire import shorten

Item = dict[str, Any]

KEY = {"subject": {"S": "S"}, "key": {"S": "k"}}
ITEM = {
    **KEY,
    "s": {"S": "清江市"},
    "n": {"N": "-1.5"},
    "b": {"B": b"\x00\xff"},
    "ss": {"SS": ["a", "b"]},
    "bs": {"BS": [b"\x01"]},
    "l": {"L": [{"M": {"x": {"B": b"y"}}}, {"NULL": True}, {"BOOL": False}]},
}
INSERT = "INSERT INTO \"t\" VALUE {'subject': ?, 'b': ?}"
REQUESTS: list[tuple[str, Any]] = [
    ("batch_get_item", {"RequestItems": {"t": {"Keys": [KEY], "ConsistentRead": True}}}),
    ("batch_write_item", {"RequestItems": {"t": [{"PutRequest": {"Item": ITEM}}]}}),
    (
        "batch_execute_statement",
        {"Statements": [{"Statement": INSERT, "Parameters": [{"S": "é"}, {"B": b"1"}]}]},
    ),
    (
        "query",
        {
            "TableName": "t",
            "Limit": 3,
            "KeyConditionExpression": "k = :k",
            "ExpressionAttributeValues": {":k": {"S": "清"}},
            "ExclusiveStartKey": KEY,
            "ConsistentRead": True,
        },
    ),
    (
        "transact_write_items",
        {
            "TransactItems": [{"Put": {"TableName": "t", "Item": ITEM}}],
            "ClientRequestToken": "once",
        },
    ),
    ("put_item", {"TableName": "t", "Item": ITEM}),
]
QUERY: dict[str, Any] = {
    "KeyConditionExpression": "subject = :s",
    "ExpressionAttributeValues": {":s": {"S": "S"}},
}
ANSWERS: list[tuple[str, Any]] = [
    ("batch_get_item", {"Responses": {"t": [{"b": {"B": "AP8="}}]}, "UnprocessedKeys": {}}),
    ("batch_write_item", {"UnprocessedItems": {"t": [{"PutRequest": {"Item": KEY}}]}}),
    ("batch_execute_statement", {"Responses": [{"Error": {"Code": "DuplicateItem"}}, {}]}),
    (
        "query",
        {"Items": [{"l": {"L": [{"M": {"x": {"B": "eQ=="}}}]}}], "LastEvaluatedKey": KEY},
    ),
    ("transact_write_items", {}),
]


def _client(*, short: bool, region: str = "cn-north-1") -> Any:
    session = Session()
    session.set_credentials("test", "test")
    config = Config(parameter_validation=False)
    client = session.create_client("dynamodb", region_name=region, config=config)
    if short:
        shorten(client, lambda *_: None)
    return client


def _ask(
    operation: str, asked: Mapping[str, Any], answer: bytes, status: int = 200, *, short: bool
) -> tuple[list[tuple[str, bytes, str]], Any]:
    """What was sent, and what came back."""
    sent = []

    class Raw:
        def stream(self) -> list[bytes]:
            return [answer]

    def reply(request: Any, **_: Any) -> AWSResponse:
        sent.append((request.url, request.body, request.headers["X-Amz-Target"]))
        return AWSResponse(request.url, status, HTTPHeaders(), Raw())

    client = _client(short=short)
    client.meta.events.register_first("before-send", reply)
    told = getattr(client, operation)(**asked)
    told.pop("ResponseMetadata")
    return sent, told


def _refuse(request: Any) -> AWSResponse:
    class Raw:
        def stream(self) -> list[bytes]:
            return [b'{"__type": "ThrottlingException"}']

    return AWSResponse(request.url, 400, HTTPHeaders(), Raw())


def _break_off(request: Any) -> AWSResponse:
    raise ConnectionClosedError(endpoint_url=request.url)


@pytest.mark.parametrize(("operation", "asked"), REQUESTS)
def test_should_ask_the_same_when_shortened(operation: str, asked: dict[str, Any]) -> None:
    before = json.dumps(asked, default=repr)
    ((url, body, target),), _ = _ask(operation, asked, b"{}", short=True)
    ((plain_url, plain_body, plain_target),), _ = _ask(operation, asked, b"{}", short=False)
    assert (url, json.loads(body), target) == (plain_url, json.loads(plain_body), plain_target)
    assert json.dumps(asked, default=repr) == before


@pytest.mark.parametrize("region", ["cn-north-1", "cn-northwest-1", "us-east-1", "eu-central-1"])
def test_should_lead_where_the_rules_of_endpoints_do_when_shortened(region: str) -> None:
    told = []

    def note(request: Any, **_: Any) -> AWSResponse:
        told.append(request.url)
        return _refuse(request)

    for short in (True, False):
        client = _client(short=short, region=region)
        client.meta.events.register_first("before-send", note)
        with pytest.raises(ClientError), patch("time.sleep"):
            client.query(TableName="t", **QUERY)
    assert len(set(told)) == 1


@pytest.mark.parametrize(("operation", "answer"), ANSWERS)
def test_should_be_told_the_same_when_shortened(operation: str, answer: dict[str, Any]) -> None:
    asked = dict(REQUESTS)[operation]
    body = json.dumps(answer).encode()
    _, told = _ask(operation, asked, body, short=True)
    _, plainly = _ask(operation, asked, body, short=False)
    assert told == plainly


def test_should_make_a_token_for_every_transaction_when_shortened() -> None:
    asked = {"TransactItems": [{"Put": {"TableName": "t", "Item": ITEM}}]}
    tokens = set()
    for _ in range(2):
        ((_, body, _),), _ = _ask("transact_write_items", asked, b"{}", short=True)
        tokens.add(json.loads(body)["ClientRequestToken"])
    assert len(tokens) == 2


def test_should_tell_why_a_transaction_failed_when_shortened() -> None:
    reasons = [{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]
    answer = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "no",
        "CancellationReasons": reasons,
    }
    with pytest.raises(ClientError) as told:
        _ask(
            "transact_write_items",
            dict(REQUESTS)["transact_write_items"],
            json.dumps(answer).encode(),
            400,
            short=True,
        )
    assert told.value.response["CancellationReasons"] == reasons
    assert type(told.value).__name__ == "TransactionCanceledException"


@pytest.mark.usefixtures("aws")
def test_should_send_past_botocore_once_when_all_goes_well() -> None:
    client, asked = dynamodb(), {"TableName": settings().archive_table, **QUERY}
    signed: list[Any] = []
    made: list[Any] = []
    client.meta.events.register_first("before-send", lambda request, **_: signed.append(request))
    client.meta.events.register_first("request-created", lambda request, **_: made.append(request))
    assert client.query(**asked)["Items"] == []
    ((sent,), by_botocore) = signed, made
    assert by_botocore == []
    assert sent.headers["X-Amz-Target"] == "DynamoDB_20120810.Query"
    assert f"/{client.meta.region_name}/dynamodb/aws4_request" in sent.headers["Authorization"]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("fails", [_refuse, _break_off])
def test_should_leave_retries_to_botocore_when_sending_fails(fails: Any) -> None:
    client, asked = dynamodb(), {"TableName": settings().archive_table, **QUERY}
    answers = iter([fails, fails])
    client.meta.events.register_first(
        "before-send", lambda request, **_: next(answers, lambda _: None)(request)
    )
    with patch("time.sleep"):
        told = client.query(**asked)
    assert told["Items"] == []
    assert told["ResponseMetadata"]["RetryAttempts"] == 1  # of botocore's own requests


@pytest.mark.usefixtures("aws")
def test_should_read_every_page_when_shortened() -> None:
    table = settings().archive_table
    for number in range(5):
        dynamodb().put_item(
            TableName=table, Item={"subject": {"S": "S"}, "key": {"S": f"{number}"}}
        )
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table,
            KeyConditionExpression="subject = :s",
            ExpressionAttributeValues={":s": {"S": "S"}},
            PaginationConfig={"PageSize": 2},
        )
    )
    assert [item["key"]["S"] for page in pages for item in page["Items"]] == [*"01234"]
