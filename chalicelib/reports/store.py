"""Table `reports`: which reports were issued, and by what one knows them to be authentic."""

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from chalicelib.runtime.tables import configured, save_if


class Report(Model):
    """An issued report, without content.

    `digest` is the SHA-256 of its JSON (hexadecimal), `generated` RFC 3339 text. `people` are the
    persons under whose keys the kept JSON is sealed; `name` is the subject's masked name, sealed
    likewise where the subject is a person.
    """

    class Meta:
        table_name = configured("reports_table")

    number = UnicodeAttribute(hash_key=True)
    subject = UnicodeAttribute()
    kind = UnicodeAttribute()
    generated = UnicodeAttribute()
    digest = UnicodeAttribute()
    name = BinaryAttribute(legacy_encoding=False)
    people = UnicodeSetAttribute(null=True)


def insert(report: Report) -> bool:
    """Keep `report`; False where another one has its number. The same one again is no change."""
    return save_if(report, Report.number.does_not_exist() | (Report.digest == report.digest))


def find(number: str) -> Report | None:
    """The report with this number, read strongly."""
    return next(Report.batch_get([number], consistent_read=True), None)
