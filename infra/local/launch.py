"""Starts ministack 1.5.33 with five faults mended; run by path with the emulator's own Python.

A PartiQL `INSERT` writes no stream record there; a batch of statements is authorised as an action
that AWS does not have, on no table, instead of `dynamodb:PartiQLInsert` on the table; a batch of
messages as `sqs:SendMessageBatch`, which on AWS is `sqs:SendMessage`; a function that raises, as the
authorizer does of every token that it refuses, is started anew for its next event; and each answer of
a function that logs nothing is held back for 50 ms.
"""

import json
import re
from typing import Any

from ministack.app import main  # type: ignore[import-not-found]
from ministack.core import iam_actions, lambda_runtime  # type: ignore[import-not-found]
from ministack.services import dynamodb  # type: ignore[import-not-found]

_TABLE = re.compile(r"\s*INSERT\s+INTO\s+\"?([\w.-]+)", re.IGNORECASE)
_insert = dynamodb._partiql_insert  # noqa: SLF001
_check_transaction = iam_actions.dynamodb_transaction_checks
_extract_action = iam_actions.extract_iam_action
_invoke = lambda_runtime.Worker.invoke
_drain_bounded = lambda_runtime.Worker._drain_stderr_bounded  # noqa: SLF001
_WORKER = lambda_runtime._PYTHON_WORKER_SCRIPT  # noqa: SLF001
_RAISED = '{"status": "%s", "error": str(e), "trace"'
_LOG_SECONDS = 0.005
"""How long to wait for a first line: functions write theirs before they answer."""


def _insert_and_tell(table: Any, parsed: dict[str, Any]) -> Any:
    answer = _insert(table, parsed)
    if answer[0] == 200:  # noqa: PLR2004
        item = parsed["item"]
        if set(item) == {"M"}:
            item = item["M"]
        dynamodb._emit_stream_event(parsed["table"], "INSERT", None, item)  # noqa: SLF001
    return answer


def _check_statements(action: str, body: bytes, region: str, account: str) -> Any:
    if action != "dynamodb:BatchExecuteStatement":
        return _check_transaction(action, body, region, account)
    statements = [each["Statement"] for each in json.loads(body)["Statements"]]
    tables = {found[1] for each in statements if (found := _TABLE.match(each))}
    place = f"arn:aws:dynamodb:{region}:{account}:table/"
    return [("dynamodb:PartiQLInsert", place + table) for table in sorted(tables)]


def _extract_single_action(*request: Any) -> Any:
    action = _extract_action(*request)
    if action and action.startswith("sqs:"):
        return action.removesuffix("Batch")
    return action


def _invoke_and_keep(worker: Any, *given: Any, **named: Any) -> Any:
    """Whoever has raised goes on; who answers "error" by itself is ended."""
    answer = _invoke(worker, *given, **named)
    return {**answer, "status": "error"} if "error" in answer else answer


def _drain(worker: Any) -> Any:
    return _drain_bounded(worker, first_line_wait=_LOG_SECONDS)


dynamodb._partiql_insert = _insert_and_tell  # noqa: SLF001
iam_actions.dynamodb_transaction_checks = _check_statements
iam_actions.extract_iam_action = _extract_single_action
lambda_runtime._PYTHON_WORKER_SCRIPT = _WORKER.replace(_RAISED % "error", _RAISED % "ok")  # noqa: SLF001
lambda_runtime.Worker.invoke = _invoke_and_keep
lambda_runtime.Worker._drain_stderr_bounded = _drain  # noqa: SLF001

if __name__ == "__main__":
    main()
