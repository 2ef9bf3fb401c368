"""A receipt says what became of the rows: always the same, and always all of them."""

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection import findings, merging, planning, scanning, uploads
from chalicelib.collection.receipts import State, fold_receipt
from chalicelib.collection.tallies import MAX_PROBLEMS
from chalicelib.disclosure.search.index import index_names
from chalicelib.runtime.errors import DomainError
from tests.catalogue.rows import row_of
from tests.collection.files import (
    NOW,
    ORGANISATION,
    csv_of,
    entitle,
    merge_all,
    penalty,
    person_penalty,
    receipt_of,
    receive,
    registration,
    send,
    uscc,
)
from tests.factories import DAY

RECENT = "2026-11-20"  # two days before it is reported

pytestmark = pytest.mark.usefixtures("aws", "entitled")


def test_should_follow_upload_through_its_states(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MAX_ROWS", 1)
    body = csv_of("registration", [registration(), registration(est_dt="")])
    registered = uploads.register_upload(
        provider=uploads.list_providers()[0].provider,
        item="registration",
        size=1,
        sha256="LCa0a2j/xo/5m0U8HTBBNBNCLXBkg7+g+YpeiGJm564=",
        file_name="a.csv",
        now=NOW,
    )
    assert fold_receipt(registered.registration).state is State.REGISTERED

    upload = receive(body)
    assert receipt_of(upload).state is State.RECEIVED

    planning.plan_upload(upload)
    planned = receipt_of(upload)
    assert (planned.state, planned.merged, planned.ranges) == (State.MERGING, 0, 2)
    assert (planned.received, planned.accepted, planned.refused) == (2, 0, 0)

    merging.merge_range(upload, 1)
    half = receipt_of(upload)
    assert (half.state, half.merged, half.refused) == (State.MERGING, 1, 1)

    merge_all(upload)
    done = receipt_of(upload)
    assert done.state is State.DONE
    assert (done.received, done.accepted, done.refused) == (2, 1, 1)


def test_should_say_why_when_file_is_quarantined() -> None:
    upload = receive(b"nothing")
    planning.plan_upload(upload)
    receipt = receipt_of(upload)
    assert receipt.state is State.QUARANTINED
    assert receipt.reason is not None
    assert receipt.reason.text.mend_zh


def test_should_count_by_code_when_rows_have_problems() -> None:
    rows = [
        registration(),
        registration(reg_capt="10万美元"),
        registration(est_dt="", comp_nm=""),
        registration(est_dt="昨天", reg_capt="面议"),
    ]
    receipt = receipt_of(send(csv_of("registration", rows)))
    assert (receipt.accepted, receipt.warned, receipt.refused) == (2, 1, 2)
    assert receipt.codes == {"E-DATE-01": 1, "E-REQUIRED-01": 2, "W-VALUE-01": 2}
    assert [(each.row, each.problem.code) for each in receipt.problems] == [
        (3, "W-VALUE-01"),
        (4, "E-REQUIRED-01"),
        (4, "E-REQUIRED-01"),
        (5, "E-DATE-01"),
        (5, "W-VALUE-01"),
    ]
    assert receipt.version == load_catalogue(DAY).item("registration").version


def test_should_show_first_problems_when_there_are_many() -> None:
    receipt = receipt_of(send(csv_of("registration", [registration(est_dt="")] * 150)))
    assert len(receipt.problems) == MAX_PROBLEMS
    assert receipt.codes == {"E-REQUIRED-01": 150}


def test_should_be_same_receipt_when_ranges_are_cut_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [penalty(cf_wsh=f"{n}号", cf_jdrq="" if n % 3 else "2026-01-01") for n in range(20)]
    body = csv_of("penalty", [*rows, person_penalty(1, cf_nr_fk="?")])
    receipts = []
    for size in (1000, 7, 1):
        monkeypatch.setattr(scanning, "MAX_ROWS", size)
        receipt = receipt_of(send(body, "penalty"))
        receipts.append(
            (receipt.received, receipt.accepted, receipt.refused, receipt.codes, receipt.problems)
        )
    assert receipts[0] == receipts[1] == receipts[2]


# -- findings -------------------------------------------------------------------------------------


def _found(upload: str) -> list[tuple[int, str]]:
    return [(each.row, each.finding.code) for each in findings.find_in_range(upload, 0)]


def test_should_find_unchanged_rows_when_file_is_sent_again() -> None:
    rows = [registration(est_dt=RECENT), registration(uni_social_crd_cd=uscc(8), est_dt=RECENT)]
    first = send(csv_of("registration", rows))
    rows[1]["comp_nm"] = "改名公司"
    second = send(csv_of("registration", rows), now=NOW.replace(minute=1))

    assert _found(first) == []
    assert _found(second) == [(2, "F-SAME-01"), (3, "F-CHANGED-01")]
    finding, _ = findings.find_in_range(second, 0)
    assert (finding.row, finding.finding.code) == (2, "F-SAME-01")
    assert finding.finding.values == {"day": "2026-11-22", "upload": first, "row": 2}
    assert finding.finding.text.zh


def test_should_find_repeated_row_when_it_stands_twice_in_a_file() -> None:
    rows = [registration(est_dt=RECENT)] * 2
    assert _found(send(csv_of("registration", rows))) == [(2, "F-DUP-01"), (3, "F-DUP-01")]


def test_should_tell_late_rows_once_where_the_record_was_first_reported() -> None:
    """SD-10: accepted and counted 迟报, never refused; a correction is not late."""
    in_time = penalty(cf_wsh="1号", cf_jdrq="2026-11-12")
    late = penalty(cf_wsh="2号", cf_jdrq="2026-11-11")
    first = send(csv_of("penalty", [in_time, late]), "penalty")
    corrected = send(
        csv_of("penalty", [in_time, {**late, "cf_nr": "罚款三千元"}]),
        "penalty",
        now=NOW.replace(minute=1),
    )

    [finding] = findings.find_in_range(first, 0)
    assert (finding.row, finding.finding.code) == (3, "F-LATE-01")
    assert finding.finding.field == "cf_jdrq"
    assert finding.finding.values == {
        "formed": "2026-11-11",
        "due": "2026-11-20",
        "limit": 7,
        "source": "JS-7",
    }
    assert "2026-11-20" in finding.finding.text.zh
    person = send(csv_of("penalty", [person_penalty(cf_jdrq="2026-11-11")]), "penalty")
    assert _found(person) == [(2, "F-LATE-01")]
    assert receipt_of(first).codes == {}
    assert _found(corrected) == [(2, "F-SAME-01"), (3, "F-CHANGED-01")]


def test_should_compare_names_when_organisation_is_registered() -> None:
    item = load_catalogue(DAY).item("registration")
    for minute, name in enumerate(("旧名公司", "清江市云帆（集团）公司")):
        send(csv_of("registration", [registration(comp_nm=name)]), now=NOW.replace(minute=minute))
    index_names(ORGANISATION, item)
    names = ("清江市云帆(集团) 公司", "旧名公司", "别家公司", "清江市云帆（集团）公司")
    rows = [penalty(cf_wsh=f"{n}号", cf_xdr_mc=name) for n, name in enumerate(names)]
    rows += [penalty(cf_wsh="", cf_xdr_mc="拒收"), penalty(cf_wsh="9号", cf_xdr_shxym=uscc(8))]
    rows += [person_penalty(1)]

    upload = send(csv_of("penalty", [{**row, "cf_jdrq": RECENT} for row in rows]), "penalty")
    assert _found(upload) == [(2, "F-NAME-03"), (3, "F-NAME-02"), (4, "F-NAME-01")]
    assert "清江市云帆（集团）公司" in findings.find_in_range(upload, 0)[0].finding.text.zh


def test_should_find_nothing_yet_when_range_is_not_merged() -> None:
    upload = receive(csv_of("registration", [registration()]))
    planning.plan_upload(upload)
    with pytest.raises(DomainError) as caught:
        findings.find_in_range(upload, 0)
    assert caught.value.code.id == "E-UPLOAD-07"


# -- another item ---------------------------------------------------------------------------------


def test_should_sum_up_the_outcome_when_a_receipt_is_final() -> None:
    right, told, wrong = penalty(), penalty(cf_gsjzq="长期"), penalty(cf_wsh="")
    outcomes = [
        receipt_of(send(csv_of("penalty", rows), "penalty")).outcome
        for rows in ([right], [told], [right, wrong], [wrong])
    ]
    assert outcomes == ["accepted", "accepted_with_warnings", "partial", "rejected"]
    quarantined = receipt_of(send(b"a,b\n1,2\n", "penalty"))
    assert quarantined.outcome == "rejected"
    assert receipt_of(receive(csv_of("penalty", [right]), "penalty")).outcome == ""


@pytest.mark.parametrize(("wrong", "doubted"), [(1, False), (2, True)])
def test_should_doubt_the_item_when_more_than_a_fifth_is_refused(
    wrong: int, *, doubted: bool
) -> None:
    rows = [registration(est_dt="")] * wrong + [registration()] * 5
    receipt = receipt_of(send(csv_of("registration", rows)))
    told = [(each.row, each.problem.code) for each in receipt.remarks]
    assert told == ([(0, "W-ITEM-01")] if doubted else [])


def test_should_name_the_item_when_another_header_fits_better() -> None:
    upload = send(csv_of("penalty", [penalty()]), "registration")
    receipt = receipt_of(upload)
    assert receipt.reason is not None
    assert receipt.reason.code.startswith("E-HEAD-")
    (remark,) = receipt.remarks
    assert remark.problem.code == "W-ITEM-02"
    assert str(remark.problem.values["items"]).startswith("行政处罚（penalty）")


def test_should_name_the_twin_when_two_items_have_the_same_header() -> None:
    entitle(items=("commitment", "commitment_limited"))
    item = load_catalogue(DAY).item("commitment")
    row = row_of(item, "organisation", commitment_date="2999-01-01")
    receipt = receipt_of(send(csv_of("commitment", [row]), "commitment"))
    assert [each.problem.code for each in receipt.remarks] == ["W-ITEM-01", "W-ITEM-02"]
    assert "commitment_limited" in str(receipt.remarks[1].problem.values["items"])
