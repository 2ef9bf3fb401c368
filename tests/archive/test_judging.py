"""Judging: class and periods from what a record says and what is noted on it."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.facts import Facts
from chalicelib.archive.judging import Judgement, judge
from chalicelib.archive.marks import check_mark
from chalicelib.archive.statements import Mark, MarkKind, Phase, RecordKey, Value
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.errors import DomainError
from tests.factories import DAY, KEY, ORGANISATION, any_mark

PENALTY = load_catalogue(DAY).item("penalty")
PERSON = "P" + "A" * 26


def any_facts(
    *marks: Mark, item: str = "penalty", subject: str = ORGANISATION, **fields: Value
) -> Facts:
    said: dict[str, Value] = {"cf_cflb": ("罚款",), "cf_jdrq": "2026-05-10", **fields}
    return Facts(key=RecordKey(subject, item, KEY.record), said="x", fields=said, marks=marks)


def judged(facts: Facts, rulebook: str = "jiangsu") -> Judgement:
    return judge(facts, load_catalogue(DAY).item(facts.key.item), load_rulebook(rulebook))


def noted(kind: MarkKind, value: str, day: int = 5, mark_id: str = "1") -> Mark:
    return msgspec.structs.replace(any_mark(kind, day=day, mark_id=mark_id), value=value)


def test_an_operator_resolves_what_no_rule_classifies() -> None:
    """JS-14: labelled by the sector's class; until then a visible state, never a silent default."""
    open_case = judged(any_facts())
    assert open_case.classification is not None
    assert open_case.classification.severity == "unclassified"

    resolved = judged(any_facts(noted(MarkKind.CLASSIFIED, "serious")))

    assert resolved.classification is not None
    assert (resolved.classification.severity, resolved.classification.reason) == (
        "serious",
        "decided",
    )
    assert resolved.periods["display"].last_day == date(2029, 5, 10)


def test_a_providers_label_is_judged_and_an_operators_decision_stands_before_it() -> None:
    """JS-14: 信息提供单位……对失信信息进行标注."""
    labelled = judged(any_facts(cf_sxyzcd="严重"))
    assert labelled.classification is not None
    assert (labelled.classification.severity, labelled.classification.source) == (
        "serious",
        "JS-14",
    )
    assert labelled.periods["display"].last_day == date(2029, 5, 10)

    decided = judged(any_facts(noted(MarkKind.CLASSIFIED, "general"), cf_sxyzcd="严重"))
    assert decided.classification is not None
    assert (decided.classification.severity, decided.classification.reason) == (
        "general",
        "decided",
    )


def test_every_adverse_item_but_the_serious_list_may_be_labelled() -> None:
    items = load_catalogue(DAY).items.values()
    labelled = {item.id for item in items if item.labelled}
    assert labelled == {item.id for item in items if item.category == "adverse"} - {"dishonesty"}


def test_the_last_classification_stands() -> None:
    marks = (noted(MarkKind.CLASSIFIED, "minor", 9, "2"), noted(MarkKind.CLASSIFIED, "general", 7))

    for order in (marks, marks[::-1]):
        classification = judged(any_facts(*order)).classification
        assert classification is not None
        assert classification.severity == "minor"


def test_a_provider_may_end_its_own_disclosure_sooner_but_never_later() -> None:
    """公示截止期: real files hold 2099-12-31; the maximum is the law's (JS-26)."""
    sooner = judged(any_facts(cf_cflb=("没收违法所得",), cf_gsjzq="2026-12-01"))
    later = judged(any_facts(cf_cflb=("没收违法所得",), cf_gsjzq="2099-12-31"))

    assert sooner.periods["display"].last_day == date(2026, 12, 1)
    assert sooner.periods["display"].reason == "stated_end"
    assert later.periods["display"].last_day == date(2027, 5, 10)


@pytest.mark.parametrize(
    ("left", "last_day", "reason"),
    [
        ("", "2031-12-31", "prolonged"),
        ("2030-06-30", "2030-06-30", "prolonged"),
        ("2027-01-01", "2029-05-10", "term"),
        ("2035-01-01", "2031-12-31", "prolonged"),
    ],
)
def test_whoever_has_left_the_list_is_under_its_measures_no_longer_nj_56(
    left: str, last_day: str, reason: str
) -> None:
    """NJ-56: 延长至严重失信惩戒结束之日; removal ends the measures (JS-35)."""
    facts = any_facts(
        item="dishonesty", abn_tm="2026-05-10", expiration_date="2031-12-31", rem_dt=left
    )
    period = judged(facts, "nanjing").periods["query"]
    assert (period.last_day, period.reason) == (date.fromisoformat(last_day), reason)


def test_a_registration_outlasts_the_business_term_that_it_states() -> None:
    """SZ-24 在信息有效期内: who registers an organisation says that it exists, not until when."""
    facts = any_facts(item="registration", est_dt="2018-01-06", opt_to="2020-01-05")
    assert judged(facts, "shenzhen").periods["display"].last_day is None


def test_what_is_not_adverse_has_no_class_and_no_end() -> None:
    judgement = judged(any_facts(item="honour"))

    assert judgement.classification is None
    assert judgement.periods["display"].last_day is None


def test_a_record_without_dates_has_a_class_but_no_period() -> None:
    judgement = judge(
        Facts(key=KEY, said="x", fields={"cf_cflb": ("警告",)}), PENALTY, load_rulebook("jiangsu")
    )

    assert judgement.classification is not None
    assert judgement.periods == {}


@given(st.integers(-800, 800))
def test_conduct_before_full_capacity_is_held_until_confirmed_nj_2(offset: int) -> None:
    """NJ-2: subjects are persons of full civil capacity; the eighteenth birthday is the first day."""
    born, eighteen = "110101200802290016", date(2026, 3, 1)
    conduct = eighteen + timedelta(days=offset)
    facts = any_facts(subject=PERSON, cf_xdr_zjhm=born, cf_jdrq=conduct.isoformat())
    confirmed = msgspec.structs.replace(facts, marks=(any_mark(MarkKind.CONFIRMED),))

    assert judged(facts, "nanjing").underage == (conduct < eighteen)
    assert not judged(confirmed, "nanjing").underage
    assert not judged(facts, "jiangsu").underage


@pytest.mark.parametrize(
    ("kind", "phase", "value", "subject", "item", "code"),
    [
        (MarkKind.HIDDEN, Phase.OPEN, "", ORGANISATION, "penalty", "E-MARK-01"),
        (MarkKind.CLASSIFIED, Phase.OPEN, "minor", ORGANISATION, "honour", "E-MARK-01"),
        (MarkKind.CONFIRMED, Phase.OPEN, "", ORGANISATION, "penalty", "E-MARK-01"),
        (MarkKind.CLASSIFIED, Phase.OPEN, "unclassified", ORGANISATION, "penalty", "E-MARK-02"),
        (MarkKind.CLASSIFIED, Phase.OPEN, "", ORGANISATION, "penalty", "E-MARK-02"),
        (MarkKind.CLASSIFIED, Phase.CLOSE, "minor", ORGANISATION, "penalty", "E-MARK-02"),
        (MarkKind.RUNNING, Phase.OPEN, "20270101", ORGANISATION, "penalty", "E-MARK-02"),
        (MarkKind.DISPUTED, Phase.OPEN, "x", ORGANISATION, "penalty", "E-MARK-02"),
    ],
)
def test_a_mark_that_means_nothing_is_refused(
    kind: MarkKind, phase: Phase, value: str, subject: str, item: str, code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        check_mark(kind, phase, value, subject, load_catalogue(DAY).item(item))
    assert refused.value.code.id == code


@pytest.mark.parametrize(
    ("kind", "value"),
    [(MarkKind.CLASSIFIED, "general"), (MarkKind.RUNNING, ""), (MarkKind.RUNNING, "2027-01-01")],
)
def test_a_mark_may_say_what_its_kind_notes(kind: MarkKind, value: str) -> None:
    check_mark(kind, Phase.OPEN, value, ORGANISATION, PENALTY)
    check_mark(kind, Phase.CLOSE, "", ORGANISATION, PENALTY)
