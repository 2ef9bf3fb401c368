"""Structured logs and metrics, the same for every function."""

import traceback
from pathlib import Path

from aws_lambda_powertools import Logger, Metrics

from chalicelib.runtime.log_codes import LogCode

logger = Logger()
metrics = Metrics()


def log(code: LogCode, **values: str | int) -> None:
    """Log that `code` happened. `values` are keys and counts, never personal data."""
    logger.info(code.value, extra={"code": code.value, **values})


def warn(code: LogCode, **values: str | int) -> None:
    """Log `code` as something that an operator may want to look at."""
    logger.warning(code.value, extra={"code": code.value, **values})


def log_failure(code: LogCode, error: BaseException, **values: str | int) -> None:
    """Log `code` with what failed and where, but no message: messages carry values, and values
    may be ID numbers (DESIGN §5.6).
    """
    frames = traceback.extract_tb(error.__traceback__)
    logger.error(
        code.value,
        extra={
            "code": code.value,
            "error": type(error).__name__,
            "aws_error": _read_aws_code(error),
            "frames": [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames],
            **values,
        },
    )


def _read_aws_code(error: BaseException) -> str:
    """The code of a botocore error, or of the one that PynamoDB wrapped; empty for others."""
    response = getattr(getattr(error, "cause", error), "response", None)
    return str(response["Error"]["Code"]) if isinstance(response, dict) else ""
