"""What a report takes from a record that may be shown."""

from chalicelib.disclosure.queries import Disclosed
from chalicelib.reports.model import DisclosedRecord
from chalicelib.runtime.clock import moment_of


def report_record(each: Disclosed) -> DisclosedRecord:
    """The record as the decision at the door left it."""
    period = each.decision.period
    return DisclosedRecord(
        item=each.item.id,
        record=each.facts.key.record,
        provider=each.facts.provider,
        said_at=moment_of(each.facts.said),
        fields=each.decision.fields,
        annotations=each.decision.marks,
        last_day=period.last_day if period else None,
        article=period.source if period and period.last_day else "",
    )
