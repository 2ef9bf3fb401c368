"""Every line that the system logs has one of these codes; docs/log-codes.md explains them."""

from enum import StrEnum


class LogCode(StrEnum):
    """What happened. Values logged beside a code never hold personal data."""

    UPLOAD_REGISTERED = "UPLOAD_REGISTERED"
    """A provider has registered a file and holds a URL to send it to."""
    UPLOAD_PLANNED = "UPLOAD_PLANNED"
    """A file was read as a whole; its ranges are queued."""
    UPLOAD_QUARANTINED = "UPLOAD_QUARANTINED"
    """A file cannot be read; `error` says why, and the original is kept."""
    UPLOAD_UNKNOWN_OBJECT = "UPLOAD_UNKNOWN_OBJECT"
    """Something lies in the inbox that nobody registered; it is left alone."""
    RANGE_MERGED = "RANGE_MERGED"
    """A range of rows is in the archive and its results object is written."""
    MARK_SET = "MARK_SET"
    """A mark was set on a record, or stood there already."""
    VIEWS_REBUILT = "VIEWS_REBUILT"
    """One part of a rebuild is done."""
    DISCLOSURE_ENDED = "DISCLOSURE_ENDED"
    """The daily job has emptied the publication rows whose period is over."""
    LEDGER_PURGED = "LEDGER_PURGED"
    """Ledger entries past their term are deleted and their certificate is kept."""
    QUERY_ANSWERED = "QUERY_ANSWERED"
    """A query that is not public was answered, after its ledger entry."""
    PERSON_ERASED = "PERSON_ERASED"
    """A person's data key and papers were destroyed."""
    REQUEST_REFUSED = "REQUEST_REFUSED"
    """The API refused a request; `error` is the code that the caller was told."""
    REQUEST_FAILED = "REQUEST_FAILED"
    """The API failed on a request by a fault of its own; the caller was told E-HTTP-06."""
    TOKEN_REFUSED = "TOKEN_REFUSED"  # noqa: S105 - a code, not a secret
    """A bearer token was not accepted; `reason` says why."""
    DELIVERY_FAILED = "DELIVERY_FAILED"
    """A message or a change could not be handled and comes again; `frames` say where."""
