"""操作: rows that correct and withdraw, in every format, and what the archive makes of them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.archive import store as archive
from chalicelib.archive.fold import fold
from chalicelib.archive.statements import MarkKind, RecordKey
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import labels_of
from chalicelib.collection import results
from chalicelib.collection.findings import find_in_range
from chalicelib.collection.layout import find_prohibition
from chalicelib.collection.operation_columns import is_of_operation, with_operations
from chalicelib.collection.operations import OperationChecker
from chalicelib.collection.readers import Row
from chalicelib.runtime import blobs
from tests.collection.archives import folded, held, opened
from tests.collection.files import (
    DAY,
    NOW,
    ORGANISATION,
    PROVIDER,
    csv_of,
    id_number,
    merge_all,
    penalty,
    person_penalty,
    receipt_of,
    send,
    uscc,
)
from tests.factories import any_mark

PENALTY = load_catalogue(DAY).item("penalty")
WITHDRAW = {"operation": "撤销", "operation_reason": "误报"}
CORRECT = {"operation": "更正", "operation_reason": "代码录入有误"}
LATER = NOW + timedelta(hours=1)
LATEST = NOW + timedelta(hours=2)

in_archive = pytest.mark.usefixtures("aws", "entitled")


def file_of(*rows: Mapping[str, str]) -> bytes:
    """A file of penalties under codes, with the columns of operations."""
    return csv_of("penalty", rows, codes=True)


def keys_of(row: Mapping[str, str]) -> dict[str, str]:
    """The row without all that does not name its record."""
    names = ("cf_xdr_lb", "cf_xdr_shxym", "cf_xdr_zjlx", "cf_xdr_zjhm", "cf_wsh", "cf_cfjgdm")
    return {name: row[name] for name in names if row.get(name)}


def record_of(upload: str, row: int = 2) -> RecordKey:
    result = results.read_result(upload, 0)
    assert result is not None
    found = next(each for each in result.rows if each.row == row)
    assert found.accepted, found.problems
    return RecordKey(found.subject, "penalty", found.record)


def found_in(upload: str) -> list[tuple[int, str]]:
    found = [(each.row, each.finding.code) for each in find_in_range(upload, 0)]
    return [each for each in found if each[1].startswith("F-OPERATION")]


def checked(row: Mapping[str, str]) -> Any:
    return OperationChecker(PENALTY, tuple(row), DAY).check(Row(2, list(row.values())))


def told(row: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(each.code, each.field, each.column) for each in checked(row).checked.problems]


# -- columns --------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", sorted(load_catalogue(DAY).items))
def test_should_be_open_to_operations_when_item_is_in_the_catalogue(item: str) -> None:
    whole = with_operations(load_catalogue(DAY).item(item))
    labels = [label for field in whole.schema.fields for label in labels_of(field)]
    assert len(labels) == len(set(labels))
    added = [field for field in whole.schema.fields if is_of_operation(field.name)]
    assert {"操作", "操作原因", "更正前记录"} <= {field.title for field in added}
    assert not [field for field in added if find_prohibition(whole, field.title)]


# -- checks ---------------------------------------------------------------------------------------


def test_should_ask_for_keys_only_when_row_withdraws() -> None:
    operated = checked({**keys_of(penalty()), **WITHDRAW})
    assert operated.checked.problems == ()
    assert operated.checked.identified.subject == ORGANISATION
    assert (operated.operation.kind, operated.operation.reason) == ("withdraw", "误报")
    assert not [name for name in operated.checked.fields if is_of_operation(name)]


def test_should_let_the_rest_be_when_row_withdraws() -> None:
    assert told(penalty(cf_jdrq="不详", **WITHDRAW)) == []


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"operation": "删"}, "E-CHOICE-01", "operation"),
        ({**WITHDRAW, "operation_reason": ""}, "E-REQUIRED-02", "operation_reason"),
        ({**CORRECT, "operation_reason": "无"}, "E-REQUIRED-02", "operation_reason"),
        ({"orig_cf_wsh": "旧号"}, "E-OPERATION-01", "operation"),
        ({**WITHDRAW, "former_record": "1AAAAAAAAAAAAAAAA"}, "E-OPERATION-01", "operation"),
        ({**CORRECT, "former_record": "某记录"}, "E-OPERATION-02", "former_record"),
        (
            {**CORRECT, "former_record": "1AAAAAAAAAAAAAAAA", "orig_cf_wsh": "旧号"},
            "E-OPERATION-02",
            "former_record",
        ),
        (
            {**CORRECT, "operation_reason": "法定代表人应为王小明"},
            "E-OPERATION-03",
            "operation_reason",
        ),
        (
            {**CORRECT, "operation_reason": f"证件号码{id_number(3)}有误"},
            "E-OPERATION-03",
            "operation_reason",
        ),
        ({**CORRECT, "operation_reason": "因" * 501}, "E-LENGTH-01", "operation_reason"),
    ],
)
def test_should_refuse_with_a_code_when_operation_is_wrong(
    changed: dict[str, str], code: str, field: str
) -> None:
    row = {"operation": "", "operation_reason": "", **penalty(), **changed}
    assert (code, field) in [each[:2] for each in told(row)]
    assert checked(row).checked.identified is None


def test_should_tell_the_former_column_when_former_key_is_wrong() -> None:
    row = {**penalty(), **CORRECT, "orig_cf_xdr_shxym": "91329900MA1UUP3660"}
    found = told(row)
    assert [each[1] for each in found] == ["orig_cf_xdr_shxym"]
    assert found[0][2]


def test_should_withdraw_where_header_has_keys_only() -> None:
    """Required columns may be missing where the operation is told; then each row is asked."""
    row = {**keys_of(penalty()), **WITHDRAW}
    operated = checked({**row, "operation": "新增"})
    assert "E-REQUIRED-01" in {each.code for each in operated.checked.problems}


# -- withdrawing ----------------------------------------------------------------------------------


@in_archive
def test_should_take_back_own_words_when_row_withdraws() -> None:
    first = send(file_of(penalty(), penalty(cf_wsh="2号")), "penalty")
    second = send(file_of({**keys_of(penalty()), **WITHDRAW}), "penalty", now=LATER)

    records = folded()
    assert records[record_of(first)].current is None
    assert records[record_of(first, 3)].current is not None
    (mark,) = held()[record_of(first)].marks
    assert (mark.kind, mark.basis, mark.provider) == (MarkKind.WITHDRAWN, "误报", PROVIDER)
    receipt = receipt_of(second)
    assert (receipt.accepted, receipt.refused) == (1, 0)
    assert found_in(second) == []


@in_archive
def test_should_follow_the_rows_when_one_file_adds_and_withdraws() -> None:
    upload = send(
        file_of(
            {**keys_of(penalty()), **WITHDRAW},
            penalty(),
            penalty(cf_wsh="2号"),
            {**keys_of(penalty(cf_wsh="2号")), **WITHDRAW},
        ),
        "penalty",
    )
    records = folded()
    assert records[record_of(upload, 3)].current is not None
    assert records[record_of(upload, 4)].current is None
    assert found_in(upload) == [(2, "F-OPERATION-01")]


@in_archive
def test_should_tell_when_withdrawn_twice() -> None:
    send(file_of(penalty()), "penalty")
    send(file_of({**keys_of(penalty()), **WITHDRAW}), "penalty", now=LATER)
    again = send(file_of({**keys_of(penalty()), **WITHDRAW}), "penalty", now=LATEST)
    assert found_in(again) == [(2, "F-OPERATION-02")]


# -- correcting -----------------------------------------------------------------------------------


@in_archive
def test_should_be_a_new_version_when_key_stays() -> None:
    first = send(file_of(penalty()), "penalty")
    second = send(file_of({**penalty(cf_nr="罚款三千元"), **CORRECT}), "penalty", now=LATER)
    (key,) = held()
    assert key == record_of(first) == record_of(second)
    assert opened(folded()[key]).fields["cf_nr"] == "罚款三千元"
    assert not held()[key].marks
    assert found_in(second) == []


@in_archive
def test_should_tell_when_there_was_nothing_to_correct() -> None:
    upload = send(file_of({**penalty(), **CORRECT}), "penalty")
    assert found_in(upload) == [(2, "F-OPERATION-03")]
    moved = {**penalty(cf_wsh="2号"), **CORRECT, "orig_cf_wsh": "3号"}
    assert found_in(send(file_of(moved), "penalty", now=LATER)) == [(2, "F-OPERATION-01")]


@in_archive
@pytest.mark.parametrize("by", ["former key", "subject and record"])
def test_should_move_words_when_subject_changes(by: str) -> None:
    first = send(file_of(penalty()), "penalty")
    old = record_of(first)
    given = {
        "former key": {"orig_cf_xdr_shxym": ORGANISATION},
        "subject and record": {"former_record": f"{old.subject}/{old.record}"},
    }[by]
    upload = send(
        file_of({**penalty(cf_xdr_shxym=uscc(8)), **CORRECT, **given}), "penalty", now=LATER
    )

    new = record_of(upload)
    assert new.subject == uscc(8)
    records = folded()
    assert records[new].current is not None
    assert records[old].current is None
    mark = records[old].marked(MarkKind.REPLACED)
    assert mark is not None
    assert (mark.value, mark.basis) == (str(new), "代码录入有误")
    assert found_in(upload) == []


@in_archive
def test_should_move_words_when_document_number_changes() -> None:
    old = record_of(send(file_of(penalty()), "penalty"))
    row = {**penalty(cf_wsh="9号"), **CORRECT, "former_record": old.record}
    upload = send(file_of(row), "penalty", now=LATER)
    assert folded()[old].current is None
    result = results.read_result(upload, 0)
    assert result is not None
    assert (result.rows[0].operation, result.rows[0].replaced) == ("correct", str(old))


@in_archive
def test_should_move_words_when_organisation_was_taken_for_a_person() -> None:
    wrong = send(file_of(person_penalty(1)), "penalty")
    right = {
        **penalty(),
        **CORRECT,
        "orig_cf_xdr_lb": "自然人",
        "orig_cf_xdr_zjlx": "身份证",
        "orig_cf_xdr_zjhm": id_number(1),
    }
    upload = send(file_of(right), "penalty", now=LATER)
    records = folded()
    assert records[record_of(wrong)].current is None
    assert records[record_of(upload)].current is not None
    assert len(records) == 2


@in_archive
def test_should_lead_marks_along_when_corrected_before_and_after() -> None:
    old = record_of(send(file_of(penalty()), "penalty"))
    repaired = any_mark(MarkKind.REPAIRED, mark_id="1")
    archive.add_marks([(old, repaired)])
    row = {**penalty(cf_xdr_shxym=uscc(8)), **CORRECT, "orig_cf_xdr_shxym": ORGANISATION}
    new = record_of(send(file_of(row), "penalty", now=LATER))
    assert folded()[new].marked(MarkKind.REPAIRED) == repaired
    disputed = any_mark(MarkKind.DISPUTED, mark_id="2")
    archive.add_marks([(old, disputed)])
    assert folded()[new].marked(MarkKind.DISPUTED) == disputed


@in_archive
def test_should_change_nothing_when_old_file_comes_again() -> None:
    body = file_of(penalty())
    old = record_of(send(body, "penalty"))
    row = {**penalty(cf_xdr_shxym=uscc(8)), **CORRECT, "orig_cf_xdr_shxym": ORGANISATION}
    new = record_of(send(file_of(row), "penalty", now=LATER))
    again = send(body, "penalty", now=LATEST)
    records = folded()
    assert records[old].current is None
    assert records[new].current is not None
    assert (2, "F-OPERATION-04") in found_in(again)


@in_archive
def test_should_lead_back_when_correction_is_corrected() -> None:
    old = record_of(send(file_of(penalty()), "penalty"))
    row = {**penalty(cf_xdr_shxym=uscc(8)), **CORRECT, "orig_cf_xdr_shxym": ORGANISATION}
    new = record_of(send(file_of(row), "penalty", now=LATER))
    back = {**penalty(), **CORRECT, "orig_cf_xdr_shxym": uscc(8)}
    upload = send(file_of(back), "penalty", now=LATEST)
    assert record_of(upload) == old
    records = folded()
    assert (records[old].current is None, records[new].current is None) == (False, True)


@in_archive
def test_should_leave_anothers_words_when_a_correction_names_its_record() -> None:
    old = record_of(send(file_of(penalty()), "penalty"))
    (statement,) = held()[old].statements
    other = msgspec.structs.replace(statement, provider=uscc(2, "11"))
    archive.insert_statements([other])
    row = {**penalty(cf_xdr_shxym=uscc(8)), **CORRECT, "orig_cf_xdr_shxym": ORGANISATION}
    send(file_of(row), "penalty", now=LATER)
    record = folded()[old]
    assert record.current is not None
    assert record.current.provider == other.provider
    assert record.marked(MarkKind.REPLACED) is None


@in_archive
def test_should_be_one_holding_when_merged_again() -> None:
    body = file_of(
        penalty(),
        {**penalty(cf_wsh="2号"), **CORRECT, "orig_cf_wsh": "清市监处罚〔2026〕1号"},
        {**keys_of(penalty(cf_wsh="2号")), **WITHDRAW},
    )
    upload = send(body, "penalty")
    before = held()
    blobs.delete(f"results/{upload}/000000.json")
    merge_all(upload)
    assert held() == before
    assert fold(before[record_of(upload)]).current is None
