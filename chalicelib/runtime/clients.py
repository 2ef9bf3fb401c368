"""AWS clients: one session, one client a service, made when first asked for.

Files and queues go through boto3, which is loaded with the first of them: an API that answers from
the archive needs neither, and loading boto3 is a twelfth of its cold start.
"""

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.session import Session

from chalicelib.runtime.clock import now
from chalicelib.runtime.signing import Credentials, sign
from chalicelib.runtime.wire import shorten

if TYPE_CHECKING:
    import boto3
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 6},
    connect_timeout=3,
    read_timeout=20,
    parameter_validation=False,
    user_agent="credit",  # botocore's own is made anew twice for every request
)


@cache
def _session() -> Session:
    return Session()


@cache
def _boto3() -> "boto3.Session":
    import boto3

    return boto3.Session(botocore_session=_session())


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client; the archive's hot paths use it, rare writes go through pynamodb."""
    client = cast("DynamoDBClient", _session().create_client("dynamodb", config=_CONFIG))
    shorten(client, partial(_send, client))
    return client


def _send(client: Any, operation: str, request: Mapping[str, Any]) -> AWSResponse | None:
    """The answer to what botocore has made of an operation, signed and sent without its retries."""
    held: Any = _session().get_credentials()
    if held is None:
        return None
    frozen, url, body = held.get_frozen_credentials(), request["url"], request["body"]
    headers: Any = sign(
        request["headers"],
        body,
        Credentials(frozen.access_key, frozen.secret_key, frozen.token),
        host=urlsplit(url).netloc,
        scope=(client.meta.region_name, "dynamodb"),
        now=now(),
    )
    prepared = AWSPreparedRequest("POST", url, headers, body, stream_output=False)
    name = f"before-send.dynamodb.{operation}"
    connections: URLLib3Session = client._endpoint.http_session  # noqa: SLF001
    try:
        _, answer = client.meta.events.emit_until_response(name, request=prepared)
        return answer or connections.send(prepared)
    except BotoCoreError:
        return None


@cache
def s3() -> "S3Client":
    """The S3 client. Signature version 4: it is what binds a presigned PUT to exact bytes."""
    config = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))
    return _boto3().client("s3", config=config)


@cache
def sqs() -> "SQSClient":
    """The SQS client."""
    return _boto3().client("sqs", config=_CONFIG)


@cache
def kms() -> "KMSClient":
    """The KMS client."""
    return cast("KMSClient", _session().create_client("kms", config=_CONFIG))
