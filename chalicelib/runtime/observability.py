"""Structured logs and metrics, the same for every function."""

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
