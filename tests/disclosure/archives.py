"""Putting invented statements and marks into the emulated archive."""

from datetime import date

from chalicelib.archive.statements import Assertion, Mark, RecordKey, Statement, Value, Words
from chalicelib.archive.store import insert_statements
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.publication.projection import set_mark
from chalicelib.law.rulebook import load_rulebook
from tests.factories import KEY, ORGANISATION, PROVIDER

JIANGSU = load_rulebook("jiangsu")
TODAY = date(2026, 11, 22)


def say(
    key: RecordKey = KEY, *, day: int = 1, upload: str = "20260601-AAAA", **fields: Value
) -> Statement:
    """Insert a statement; a penalty unless the key says otherwise."""
    words = fields if key.item == "registration" else {**any_penalty_fields(), **fields}
    statement = Statement(
        subject=key.subject,
        item=key.item,
        record=key.record,
        provider=PROVIDER,
        words=Words(
            fields=words,
            typed={},
            boxes=(),
            version=load_catalogue(TODAY).item(key.item).version,
            normaliser=1,
        ),
        first=Assertion(f"202606{day:02d}T000000.000Z", upload, 2),
    )
    insert_statements([statement])
    return statement


def any_penalty_fields() -> dict[str, Value]:
    return {
        "cf_wsh": "清市监罚〔2026〕1号",
        "cf_jdrq": "2026-05-10",
        "cf_cflb": ("责令停产停业",),
        "bz": "内部备注",
    }


def register(name: str, *, subject: str = ORGANISATION, day: int = 1) -> Statement:
    """Insert a registration under `name`."""
    key = RecordKey(subject, "registration", "1REGISTRATION")
    return say(key, day=day, comp_nm=name, uni_social_crd_cd=subject)


def mark(given: Mark, key: RecordKey = KEY, day: date = TODAY) -> bool:
    return set_mark(key, given, day, JIANGSU)
