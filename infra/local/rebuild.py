"""After a crash: what S3 kept of the uploads is put to work again.

The emulator writes S3 objects at once and everything else when it stops, so after a crash files,
registrations, plans and results stand there whose rows the tables have forgotten. Those results
are withdrawn and the uploads delivered again; adding is a set union, so what the tables still hold
does not change. Marks, ledger entries and reports of that time are lost.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.collection.store import shard_of
from infra.local.stack import Stack

_REGISTRATIONS = "registrations/"
_RESULTS = "results/"
_INBOX = "inbox/"


def redeliver(stack: Stack, since: datetime) -> int:
    """Deliver again every upload that has moved since `since`; returns how many there are."""
    registered = {
        key.removeprefix(_REGISTRATIONS).removesuffix(".json")
        for key in _changed(stack, _REGISTRATIONS, since)
    }
    results = list(_changed(stack, _RESULTS, since))
    received = {key.removeprefix(_INBOX) for key in _changed(stack, _INBOX, since)}
    files = stack.client("s3")
    tallies = list(_changed(stack, "tallies/", since))
    for key in (*results, *tallies):
        files.delete_object(Bucket=stack.outputs["Files"], Key=key)
    for upload in sorted(registered):
        _restore_registration(stack, upload)
    uploads = received | {key.removeprefix(_RESULTS).partition("/")[0] for key in results}
    queue = stack.client("sqs")
    for upload in sorted(uploads):
        event = {"Records": [{"s3": {"object": {"key": _INBOX + upload}}}]}
        queue.send_message(QueueUrl=stack.outputs["InboxQueueUrl"], MessageBody=json.dumps(event))
    return len(registered | uploads)


def _changed(stack: Stack, prefix: str, since: datetime) -> Iterator[str]:
    pages = stack.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=stack.outputs["Files"], Prefix=prefix):
        for entry in page.get("Contents", []):
            if entry["LastModified"] >= since.replace(microsecond=0):  # S3 tells whole seconds
                yield entry["Key"]


def _restore_registration(stack: Stack, upload: str) -> None:
    place = {"Bucket": stack.outputs["Files"], "Key": f"{_REGISTRATIONS}{upload}.json"}
    registration = json.loads(stack.client("s3").get_object(**place)["Body"].read())
    item: dict[str, Any] = {
        name: {"N": str(value)} if isinstance(value, int) else {"S": value}
        for name, value in registration.items()
        if value is not None
    }
    item["unsettled"] = {"S": shard_of(upload)}
    stack.client("dynamodb").put_item(TableName=stack.outputs["UploadsTable"], Item=item)
