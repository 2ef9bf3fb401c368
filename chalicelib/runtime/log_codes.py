"""Every line that the system logs has one of these codes; docs/log-codes.md explains them."""

from enum import StrEnum


class LogCode(StrEnum):
    """What happened. Values logged beside a code never hold personal data."""

    UPLOAD_REGISTERED = "UPLOAD_REGISTERED"
    UPLOAD_PLANNED = "UPLOAD_PLANNED"
    UPLOAD_QUARANTINED = "UPLOAD_QUARANTINED"
    UPLOAD_UNKNOWN_OBJECT = "UPLOAD_UNKNOWN_OBJECT"
    RANGE_MERGED = "RANGE_MERGED"
    RECORD_PROJECTED = "RECORD_PROJECTED"
    MARK_SET = "MARK_SET"
    VIEWS_REBUILT = "VIEWS_REBUILT"
    DISCLOSURE_ENDED = "DISCLOSURE_ENDED"
    LEDGER_PURGED = "LEDGER_PURGED"
    QUERY_ANSWERED = "QUERY_ANSWERED"
    PERSON_ERASED = "PERSON_ERASED"
    REQUEST_REFUSED = "REQUEST_REFUSED"
    REQUEST_FAILED = "REQUEST_FAILED"
    TOKEN_REFUSED = "TOKEN_REFUSED"  # noqa: S105 - a code, not a secret
