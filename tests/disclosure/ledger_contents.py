"""What the ledger's table holds, and entries to put there."""

from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from chalicelib.disclosure.ledger import Entry
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings

SUBJECT = "913209000000000001"
AGENCY = "113209000000000002"


def entry_at(at: datetime, query: str = "Q0000001") -> Entry:
    """An agency's query about `SUBJECT`."""
    return Entry(
        id=query,
        subject=SUBJECT,
        at=at,
        by="clerk-1",
        organisation=AGENCY,
        organisation_name="清江市市场监督管理局",
        role="agency",
        channel="ex_officio",
        purpose="market_access",
        basis="JS-22",
    )


def stored() -> dict[tuple[str, str], dict[str, Any]]:
    """Every item of the table by its key."""
    pages = dynamodb().get_paginator("scan").paginate(TableName=settings().ledger_table)
    read = TypeDeserializer().deserialize
    items = [
        {name: read(value) for name, value in item.items()}
        for page in pages
        for item in page["Items"]
    ]
    return {(item["subject"], item["entry"]): item for item in items}
