"""Worlds for fault sweeps and races that are filled once and wound back, not made again each time.

An account laid out anew takes most of a run's time; winding back takes milliseconds. It reaches
into moto, for nothing else can put back a bucket's versions.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.s3.utils import _VersionedKeyStore
from moto.sqs.models import sqs_backends

from tests.aws import REGION, emulated_aws

World = Callable[[], AbstractContextManager[None]]


@contextmanager
def rewinding(arrange: Callable[[], object]) -> Iterator[World]:
    """Worlds that all begin as `arrange` has left a fresh account."""
    with emulated_aws():
        arrange()
        wind_back = remember()

        @contextmanager
        def world() -> Iterator[None]:
            wind_back()
            yield

        yield world


def remember() -> Callable[[], None]:
    """Note what all tables, buckets and queues hold; calling the answer puts it back."""
    tables = {name: copy.deepcopy(table.items) for name, table in _tables().items()}
    files = {name: _copy_versions(bucket.keys) for name, bucket in _buckets().items()}

    def wind_back() -> None:
        for name, table in _tables().items():
            table.items = copy.deepcopy(tables[name])
            if table.stream_shard is not None:
                table.stream_shard.items = []
        for name, bucket in _buckets().items():
            bucket.keys = _VersionedKeyStore()
            for key, versions in copy.deepcopy(files[name]).items():
                bucket.keys.setlist(key, versions)
        for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
            queue._messages = []

    return wind_back


def _tables() -> dict[str, Any]:
    return dict(dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables)


def _buckets() -> dict[str, Any]:
    partitions = s3_backends[DEFAULT_ACCOUNT_ID].values()
    return {name: bucket for each in partitions for name, bucket in each.buckets.items()}


def _copy_versions(keys: Any) -> dict[str, list[Any]]:
    return {key: copy.deepcopy(keys.getlist(key)) for key in dict.keys(keys)}
