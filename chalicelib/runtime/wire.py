"""The bodies of DynamoDB's batched requests, transactions and queries, by msgspec.

botocore walks its model for every value that goes out or comes in, and escapes every letter that
is not ASCII: most of what a batch costs. Handlers on its own events take the parameters before it
does (the token that makes a transaction's retries safe included) and the answer's body.

What botocore does to sign and send takes most of the rest, so requests are sent past it once. An
answer other than 200, or none, is not looked at: botocore then sends the request itself, with its
retries and errors. What may be retried may be sent so.
"""

from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypedDict

import msgspec

if TYPE_CHECKING:
    from botocore.awsrequest import AWSResponse

_PARAMETERS: Final = "wire.parameters"


class _Value(TypedDict, total=False):
    S: str
    N: str
    B: bytes
    SS: list[str]
    NS: list[str]
    BS: list[bytes]
    M: "dict[str, _Value]"
    L: "list[_Value]"
    NULL: bool
    BOOL: bool


_Item = dict[str, _Value]


class _Executed(TypedDict, total=False):
    Responses: list[dict[str, Any]]  # asked of inserts only, which answer no item


class _Got(TypedDict, total=False):
    Responses: dict[str, list[_Item]]
    UnprocessedKeys: dict[str, Any]


class _Written(TypedDict, total=False):
    UnprocessedItems: dict[str, list[Any]]


class _Transacted(TypedDict, total=False):
    pass


class _Queried(TypedDict, total=False):
    Items: list[_Item]
    Count: int
    ScannedCount: int
    LastEvaluatedKey: _Item


_READERS: Final = {
    operation: msgspec.json.Decoder(shape).decode
    for operation, shape in (
        ("BatchExecuteStatement", _Executed),
        ("BatchGetItem", _Got),
        ("BatchWriteItem", _Written),
        ("Query", _Queried),
        ("TransactWriteItems", _Transacted),
    )
}


Send = Callable[[str, Mapping[str, Any]], "AWSResponse | None"]
"""Sends the request that botocore has made of an operation: the answer, None where none came."""


def shorten(client: Any, send: Send) -> None:
    """Have the operations above take the short way on a DynamoDB client.

    The client must not validate parameters: it no longer sees them. All its requests go to its own
    address: the rules of endpoints, which botocore works out anew each time, lead there too.
    """
    client._ruleset_resolver = None  # noqa: SLF001 - a twelfth of what a page costs
    events = client.meta.events
    events.register_last("before-parameter-build", _take_parameters)  # after its token is made
    events.register("before-call.dynamodb", partial(_ask, send))
    events.register("before-parse.dynamodb", _read_body)


def _take_parameters(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
    """Leave botocore nothing to walk."""
    if model.name in _READERS:
        context[_PARAMETERS] = dict(params)
        params.clear()


def _ask(
    send: Send, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any
) -> "tuple[AWSResponse, Any] | None":
    """The answer and what it says; None leaves asking to botocore, with the body that is written."""
    if _PARAMETERS not in context:
        return None
    params["body"] = msgspec.json.encode(context.pop(_PARAMETERS))
    answer = send(model.name, params)
    if answer is None or answer.status_code != HTTPStatus.OK:
        return None
    return answer, _READERS[model.name](answer.content)


def _read_body(
    operation_model: Any,
    response_dict: dict[str, Any],
    customized_response_dict: dict[str, Any],
    **_: Any,
) -> None:
    read = _READERS.get(operation_model.name)
    if read is not None and response_dict["status_code"] == HTTPStatus.OK:
        customized_response_dict.update(read(response_dict["body"]))
        response_dict["body"] = b"{}"
