"""Issued reports: kept as handed over, verified without content, gone with a person's key."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.reports import issuing, store
from chalicelib.reports.issuing import Issued, issue_standard_report, read_report
from chalicelib.reports.model import DisclosedRecord, ReportSubject
from chalicelib.reports.verify import verify
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import Person, destroy_person, find_or_add_people, keyring
from tests.reports.disclosed import CATALOGUE, JS, SUBJECT, WHEN, penalty

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture(autouse=True)
def _fresh_keyring() -> None:
    keyring.cache_clear()


def issue(
    subject: ReportSubject = SUBJECT,
    records: tuple[DisclosedRecord, ...] = (penalty(),),
    keys: Mapping[str, bytes] | None = None,
    randomness: Callable[[int], bytes] = lambda size: bytes(range(size)),
    generated: datetime = WHEN,
) -> Issued:
    return issue_standard_report(
        subject,
        records,
        keys or {},
        generated=generated,
        as_of=WHEN,
        rulebook=JS,
        catalogue=CATALOGUE,
        randomness=randomness,
    )


def person() -> Person:
    paper = Paper(PaperKind.PASSPORT, "E00000001")
    return find_or_add_people([paper], since="20261122T000000.000Z")[paper]


def everything_kept() -> bytes:
    rows = repr([row.attribute_values for row in store.Report.scan()]).encode()
    return rows + b"".join(blobs.read(key) or b"" for key in blobs.list_keys(""))


def test_should_refuse_a_report_that_no_answer_could_hold_and_keep_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(issuing, "_LONGEST", 1_000)

    with pytest.raises(DomainError) as refused:
        issue(records=(penalty(),) * 3)

    assert refused.value.code.id == "E-REPORT-03"
    assert refused.value.values == {"records": 3}
    assert everything_kept() == b"[]"


def test_should_keep_exactly_what_it_hands_over() -> None:
    issued = issue()

    assert read_report(issued.number) == issued.body
    assert issued.digest == hashlib.sha256(issued.body).hexdigest()
    assert json.loads(issued.body)["number"] == issued.number == issued.report.number


def test_should_verify_authenticity_and_nothing_else() -> None:
    issued = issue()

    known = verify(f" {issued.number.lower()} ")

    assert known is not None
    assert (known.number, known.kind, known.digest) == (issued.number, "standard", issued.digest)
    assert known.subject_name == "清江市宏***限公司"
    assert known.generated == WHEN.replace(microsecond=0)


@pytest.mark.parametrize("number", ["PCI-20261122-0000000000", "nonsense", ""])
def test_should_know_nothing_of_what_was_not_issued(number: str) -> None:
    assert verify(number) is None
    assert read_report(number) is None


@pytest.mark.parametrize(
    ("name", "masked"),
    [("", "***"), ("王五", "王***"), ("清江店", "清***"), ("清江小店", "清***店")],
)
def test_should_never_show_a_whole_name(name: str, masked: str) -> None:
    known = verify(issue(replace(SUBJECT, key="R320900600000001", name=name)).number)

    assert known is not None
    assert known.subject_name == masked


def test_should_change_nothing_when_the_same_is_issued_again() -> None:
    first = issue()
    kept = everything_kept()

    assert issue() == first
    assert everything_kept() == kept


def test_should_digest_the_same_content_alike_whenever_it_is_issued() -> None:
    first = issue()
    later = issue(generated=WHEN + timedelta(days=400), randomness=bytes)
    other = issue(records=(), randomness=lambda size: b"\x01" * size)

    assert later.content_digest == first.content_digest != other.content_digest
    assert (later.number, later.digest) != (first.number, first.digest)
    content = json.loads(first.body)
    del content["number"], content["generated"]
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    assert hashlib.sha256(plain).hexdigest() == first.content_digest


def test_should_draw_again_when_another_report_has_the_number() -> None:
    taken = issue()
    draws = iter([bytes(range(16)), bytes(16)])

    other = issue(records=(), randomness=lambda size: next(draws)[:size])

    assert other.number != taken.number
    assert read_report(taken.number) == taken.body
    assert read_report(other.number) == other.body


def test_should_keep_nothing_of_a_person_readable_when_the_key_is_destroyed() -> None:
    someone = person()
    assert someone.key is not None
    subject = ReportSubject(someone.subject, "张小明", "")
    keys = {someone.subject: someone.key}
    issued = issue(subject, keys=keys)
    assert b"\xe5\xbc\xa0" not in everything_kept()  # 张
    assert "清市监罚".encode() not in everything_kept()
    assert read_report(issued.number) == issued.body
    before = verify(issued.number)
    assert before is not None
    assert before.subject_name == "张**"

    destroy_person(someone.subject, when="20261123T000000.000Z")

    assert read_report(issued.number) is None
    after = verify(issued.number)
    assert after is not None
    assert after == replace(before, subject_name="")


def test_should_still_verify_an_organisations_report_when_its_representative_is_erased() -> None:
    someone = person()
    assert someone.key is not None
    issued = issue(keys={someone.subject: someone.key})
    assert read_report(issued.number) == issued.body

    destroy_person(someone.subject, when="20261123T000000.000Z")

    assert read_report(issued.number) is None
    known = verify(issued.number)
    assert known is not None
    assert known.subject_name == "清江市宏***限公司"


def test_should_seal_a_persons_report_of_nothing_too() -> None:
    someone = person()

    issued = issue(ReportSubject(someone.subject, "张小明", ""), records=())

    assert b"\xe5\xbc\xa0" not in everything_kept()  # 张
    assert read_report(issued.number) == issued.body


@pytest.mark.parametrize("erased", [True, False])
def test_should_refuse_a_report_on_a_person_without_a_key(erased: bool) -> None:
    subject = person().subject if erased else "P" + "A" * 26
    destroy_person(subject, when="20261123T000000.000Z")

    with pytest.raises(DomainError) as refused:
        issue(ReportSubject(subject, "张小明", ""))

    assert refused.value.code.id == "E-REPORT-02"
    assert list(blobs.list_keys("")) == []
