"""Signatures are those that botocore makes of the same request."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from chalicelib.runtime.signing import Credentials, sign

NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
TARGET = {"X-Amz-Target": "DynamoDB_20120810.BatchGetItem"}


@pytest.mark.parametrize("token", [None, "temporary"])
@pytest.mark.parametrize("host", ["dynamodb.cn-north-1.amazonaws.com.cn", "127.0.0.1:4566"])
def test_should_sign_as_botocore_does(host: str, token: str | None) -> None:
    credentials = Credentials("AKID", "secret", token)
    body = '{"RequestItems": {"清江": {}}}'.encode()
    signed = sign(TARGET, body, credentials, host=host, scope=("cn-north-1", "dynamodb"), now=NOW)
    request = AWSRequest("POST", f"http://{host}/", headers=dict(TARGET), data=body)
    with patch.object(auth, "get_current_datetime", return_value=NOW):
        auth.SigV4Auth(ReadOnlyCredentials(*credentials), "dynamodb", "cn-north-1").add_auth(
            request
        )
    theirs = {name.lower(): value for name, value in request.headers.items()}
    assert {name.lower(): value for name, value in signed.items()} == theirs
