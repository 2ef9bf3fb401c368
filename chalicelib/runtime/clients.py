"""AWS clients: one session, one client a service, made when first asked for."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from chalicelib.runtime.wire import shorten

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 6},
    connect_timeout=3,
    read_timeout=20,
    parameter_validation=False,
)


@cache
def _session() -> boto3.Session:
    return boto3.Session()


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client; the archive's hot paths use it, rare writes go through pynamodb."""
    client = _session().client("dynamodb", config=_CONFIG)
    shorten(client.meta.events)
    return client


@cache
def s3() -> "S3Client":
    """The S3 client. Signature version 4: it is what binds a presigned PUT to exact bytes."""
    config = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))
    return _session().client("s3", config=config)


@cache
def sqs() -> "SQSClient":
    """The SQS client."""
    return _session().client("sqs", config=_CONFIG)


@cache
def kms() -> "KMSClient":
    """The KMS client."""
    return _session().client("kms", config=_CONFIG)
