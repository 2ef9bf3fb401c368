"""Reading large objects: a connection that breaks is gone on with from where it broke."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError, ResponseStreamingError
from botocore.response import StreamingBody

from chalicelib.runtime import blobs

pytestmark = pytest.mark.usefixtures("aws")

BODY = bytes(range(256)) * 10


def _breaking(after: int) -> AbstractContextManager[object]:
    """What `iter_chunks` does on a line that breaks after so many bytes of each connection."""

    def iter_chunks(body: StreamingBody, size: int) -> Iterator[bytes]:
        chunk = body.read(after)
        yield from filter(None, [chunk])
        if len(chunk) == after:
            raise ResponseStreamingError(error="broken")

    return patch.object(StreamingBody, "iter_chunks", iter_chunks)


def test_should_go_on_where_the_connection_broke() -> None:
    blobs.write("inbox/x", BODY)
    with _breaking(1000):
        assert b"".join(blobs.chunks("inbox/x") or ()) == BODY


def test_should_give_up_when_nothing_comes_any_more() -> None:
    blobs.write("inbox/x", BODY)
    with _breaking(0), pytest.raises(ResponseStreamingError):
        list(blobs.chunks("inbox/x") or ())


def test_should_not_go_on_with_another_object() -> None:
    blobs.write("inbox/x", BODY)
    with _breaking(1000):
        chunks = blobs.chunks("inbox/x")
        assert chunks is not None
        next(chunks)
        blobs.write("inbox/x", b"another")
        with pytest.raises(ClientError):
            list(chunks)
