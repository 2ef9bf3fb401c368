"""An AWS that answers at once, so that what is measured is the client; run as a process.

Prints its port when it listens. Table `identities` keeps what is put into it, objects are kept on
disk; the archive says that nothing is held and that all is taken. `GET /-/counts` tells the
requests since the last time by operation, and with `--weigh` the write units that they cost.
"""

import asyncio
import base64
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from infra.bench.workload import KEY

_KEPT: Final = {"identities": "key"}  # tables that keep items, and the attribute that names one
_KEY: Final = base64.b64encode(bytes(32)).decode()
_UNIT: Final = 1024
_HEAD_END: Final = b"\r\n\r\n"
_STATEMENT: Final = b'"Statement":'
_PARTS: Final = b"<Result><UploadId>1</UploadId></Result>"
_ATTRIBUTE: Final = re.compile(r"'([^']+)'\s*:\s*\?")

Body = dict[str, Any]
Headers = Mapping[str, str]


class Span(NamedTuple):
    """A part of a file, to be sent after the head."""

    path: Path
    start: int
    length: int


Answer = tuple[bytes, Span | None]


def peer_table() -> dict[str, list[dict[str, str]]]:
    """How the table is keyed that other loaders write to."""
    return {
        "KeySchema": [{"AttributeName": KEY, "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": KEY, "AttributeType": "S"}],
    }


class Account:
    """What stands in the stub, and what was asked of it."""

    def __init__(self, folder: Path, *, weighing: bool) -> None:
        self._folder = folder
        self._weighing = weighing
        self._items: dict[str, dict[str, Body]] = {}
        self._requests: Counter[str] = Counter()
        self._units: Counter[str] = Counter()

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        """The HTTP response."""
        if target == "/-/counts":
            return respond(json.dumps(self._tell()).encode())
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation:
            self.count(operation)
            return respond(json.dumps(self.operations[operation](self, body)).encode())
        return self._serve_object(method, urlsplit(target), headers, body)

    def count(self, operation: str) -> None:
        """Count a request."""
        self._requests[operation] += 1

    def _tell(self) -> Body:
        told = {"requests": dict(self._requests), "units": dict(self._units)}
        self._requests.clear()
        self._units.clear()
        return told

    # -- tables -----------------------------------------------------------------------------------

    def _insert(self, body: bytes) -> Body:
        if self._weighing:
            for each in json.loads(body)["Statements"]:
                names = _ATTRIBUTE.findall(each["Statement"])
                item = dict(zip(names, each["Parameters"], strict=True))
                self._weigh("BatchExecuteStatement", item)
        return {"Responses": [{}] * body.replace(b'": ', b'":').count(_STATEMENT)}

    def _write_batch(self, body: bytes) -> Body:
        if self._weighing:
            for requests in json.loads(body)["RequestItems"].values():
                for request in requests:
                    self._weigh("BatchWriteItem", request["PutRequest"]["Item"])
        return {"UnprocessedItems": {}}

    def _write_together(self, body: bytes) -> Body:
        for part in json.loads(body)["TransactItems"]:
            put = part["Put"]
            self._keep(put["TableName"], put["Item"])
            self._weigh("TransactWriteItems", put["Item"], times=2)
        return {}

    def _put(self, body: bytes) -> Body:
        asked = json.loads(body)
        self._keep(asked["TableName"], asked["Item"])
        self._weigh("PutItem", asked["Item"])
        return {}

    def _get(self, body: bytes) -> Body:
        asked = json.loads(body)
        found = self._items.get(asked["TableName"], {}).get(json.dumps(asked["Key"]))
        return {} if found is None else {"Item": found}

    def _get_batch(self, body: bytes) -> Body:
        found: dict[str, list[Body]] = {}
        for table, asked in json.loads(body)["RequestItems"].items():
            held = self._items.get(table)
            keys = map(json.dumps, asked["Keys"]) if held else ()
            found[table] = [held[key] for key in keys if key in held] if held else []
        return {"Responses": found, "UnprocessedKeys": {}}

    def _describe(self, body: bytes) -> Body:
        """A table of another loader."""
        return {"Table": {"TableName": json.loads(body)["TableName"], **peer_table()}}

    def _keep(self, table: str, item: Body) -> None:
        name = _KEPT[table]
        self._items.setdefault(table, {})[json.dumps({name: item[name]})] = item

    def _weigh(self, operation: str, item: Body, times: int = 1) -> None:
        self._units[operation] += times * -(-size_of(item) // _UNIT)

    # -- keys and queues --------------------------------------------------------------------------

    def _make_key(self, _: bytes) -> Body:
        return {"Plaintext": _KEY, "CiphertextBlob": _KEY, "KeyId": "bench"}

    def _send(self, body: bytes) -> Body:
        taken = [
            {
                "Id": entry["Id"],
                "MessageId": entry["Id"],
                "MD5OfMessageBody": hashlib.md5(entry["MessageBody"].encode()).hexdigest(),
            }
            for entry in json.loads(body)["Entries"]
        ]
        return {"Successful": taken, "Failed": []}

    operations: ClassVar[Mapping[str, Callable[["Account", bytes], Body]]] = {
        "BatchExecuteStatement": _insert,
        "BatchGetItem": _get_batch,
        "BatchWriteItem": _write_batch,
        "Decrypt": _make_key,
        "DescribeTable": _describe,
        "GenerateDataKey": _make_key,
        "GetItem": _get,
        "PutItem": _put,
        "SendMessageBatch": _send,
        "TransactWriteItems": _write_together,
    }

    # -- objects ----------------------------------------------------------------------------------

    def _serve_object(self, method: str, url: SplitResult, headers: Headers, body: bytes) -> Answer:
        query = parse_qs(url.query, keep_blank_values=True)
        if "prefix" in query:
            self._requests["ListObjectsV2"] += 1
            return respond(self._list(query), kind="application/xml")
        path = self._folder / unquote(url.path).strip("/").split("/", 1)[1].replace("/", "~")
        self._requests[f"{method.title()}Object"] += 1
        if method == "POST":  # of an upload in parts, the beginning or the end
            return respond(_PARTS, kind="application/xml")
        if method == "PUT":
            later = query.get("partNumber", ["1"]) != ["1"]
            with path.open("ab" if later else "wb") as file:
                file.write(body)
            return respond(b"")
        if not path.exists():
            error = b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"
            return respond(error, status="404 Not Found", kind="application/xml")
        span = _find_span(path, headers.get("range", ""))
        status = "206 Partial Content" if "range" in headers else "200 OK"
        return _head(span.length, status, "binary/octet-stream"), span

    def _list(self, query: Mapping[str, list[str]]) -> bytes:
        """All in one page, whatever S3 would take."""
        stem = query["prefix"][0].replace("/", "~")
        after = query.get("start-after", [""])[0].replace("/", "~")
        most = int(query["max-keys"][0]) if after else None
        found = (path.name for path in self._folder.glob(f"{stem}*"))
        names = sorted(name for name in found if name > after)[:most]
        entries = (f"<Contents><Key>{name.replace('~', '/')}</Key></Contents>" for name in names)
        return f"<ListBucketResult>{''.join(entries)}</ListBucketResult>".encode()


def size_of(item: Body) -> int:
    """The bytes that DynamoDB counts for an item."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Body) -> int:
    """The bytes that it counts for an attribute's value."""
    ((kind, held),) = value.items()
    if kind == "L":
        return 3 + sum(1 + _size(each) for each in held)
    if kind == "SS":
        return 3 + sum(len(each.encode()) + 1 for each in held)
    return len(base64.b64decode(held) if kind == "B" else held.encode())


def _find_span(path: Path, asked: str) -> Span:
    found = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
    if found is None:
        return Span(path, 0, path.stat().st_size)
    return Span(path, int(found[1]), int(found[2]) + 1 - int(found[1]))


def _head(length: int, status: str, kind: str) -> bytes:
    head = f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nETag: "0"'
    return head.encode() + _HEAD_END


def respond(
    body: bytes, status: str = "200 OK", kind: str = "application/x-amz-json-1.0"
) -> Answer:
    return _head(len(body), status, kind) + body, None


class _Connection(asyncio.Protocol):
    def __init__(self, account: Account) -> None:
        self._account = account
        self._held = bytearray()
        self._promised = False  # the client waits to hear that it may send the body

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        for head, span in self._answers():
            self._transport.write(head)
            if span is not None:
                self._sending = asyncio.ensure_future(self._send(span))

    async def _send(self, span: Span) -> None:
        with span.path.open("rb") as file:
            loop = asyncio.get_running_loop()
            await loop.sendfile(self._transport, file, span.start, span.length)

    def _answers(self) -> Iterator[Answer]:
        while (end := self._held.find(_HEAD_END)) >= 0:
            first, *lines = self._held[:end].decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in lines)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            start = end + len(_HEAD_END)
            length = int(headers.get("content-length", 0))
            if len(self._held) < start + length:
                if "expect" in headers and not self._promised:
                    self._promised = True
                    yield b"HTTP/1.1 100 Continue" + _HEAD_END, None
                return
            body = bytes(self._held[start : start + length])
            del self._held[: start + length]
            self._promised = False
            method, target, _ = first.split(" ")
            yield self._account.answer(method, target, headers, body)


async def serve(account: Account) -> None:
    """Answer until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(account), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Account(Path(sys.argv[1]), weighing="--weigh" in sys.argv)))
