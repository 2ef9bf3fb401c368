"""The tables, bucket, queue and key of the template on the emulated AWS, without functions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import boto3

from infra import fragments
from infra.bench.measures import TABLE, Place
from infra.bench.stub import peer_table
from infra.compose import PROJECT
from infra.local import environment
from infra.local.emulator import ACCESS_KEY, REGION, Emulator, free_port
from infra.local.state import State

_TABLE: Final = "AWS::DynamoDB::Table"
_KEYED: Final = ("KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")
_BUCKET: Final = "files"


@contextmanager
def local_stack(folder: Path) -> Iterator[Place]:
    """An emulator on a fresh state; its functions would compete for this machine's CPU."""
    python = environment.prepare(PROJECT / ".local" / "emulator")
    state = State(folder)
    state.open()
    emulator = Emulator(python, state, free_port())
    emulator.start()
    try:
        yield Place(emulator.endpoint, _lay_out(emulator.endpoint))
    finally:
        emulator.stop()


def _lay_out(endpoint: str) -> dict[str, str]:
    def client(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
        )

    tables = {
        name: {key: properties[key] for key in _KEYED if key in properties}
        for name, properties in _tables().items()
    }
    for name, keyed in {**tables, TABLE: peer_table()}.items():
        client("dynamodb").create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **keyed)
    client("s3").create_bucket(
        Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    queue = client("sqs").create_queue(QueueName="ranges")["QueueUrl"]
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    return {"RANGES_QUEUE_URL": queue, "DATA_KEY_ID": key, "FILES_BUCKET": _BUCKET}


def index_keys() -> dict[str, tuple[str, ...]]:
    """Of each table the attributes by which its indexes are keyed."""
    return {
        name: tuple(
            index["KeySchema"][0]["AttributeName"]
            for index in properties.get("GlobalSecondaryIndexes", ())
        )
        for name, properties in _tables().items()
    }


def _tables() -> dict[str, Any]:
    """The template's tables by the names that the bench gives them."""
    return {
        resource.removesuffix("Table").lower(): definition["Properties"]
        for resource, definition in fragments.load()["Resources"].items()
        if definition.get("Type") == _TABLE
    }
