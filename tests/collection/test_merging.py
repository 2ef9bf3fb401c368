"""A range becomes statements and one result; nothing is said twice, nothing personal is told."""

import pytest

from chalicelib.archive import store as archive
from chalicelib.collection import merging, planning, results
from chalicelib.collection.findings import find_in_range
from chalicelib.runtime import blobs
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.subjects.identities import destroy_person, find_by_subject
from tests.collection.archives import folded, held, opened, stored_items
from tests.collection.files import (
    NOW,
    ORGANISATION,
    PROVIDER,
    csv_of,
    id_number,
    merge_all,
    penalty,
    person_penalty,
    receive,
    registration,
    send,
    uscc,
)

pytestmark = pytest.mark.usefixtures("aws", "entitled")


def test_should_make_statements_when_rows_are_good() -> None:
    upload = send(csv_of("registration", [registration(), registration(uni_social_crd_cd=uscc(8))]))

    records = folded()
    assert {key.subject for key in records} == {ORGANISATION, uscc(8)}
    (record,) = (record for key, record in records.items() if key.subject == ORGANISATION)
    assert record.current is not None
    assert record.current.provider == PROVIDER
    assert record.current.words.fields["comp_nm"] == "清江市云帆商贸有限公司"
    assert str(record.current.first) == f"20261122T010000.000Z.{upload}.00000002"


def test_should_name_statement_in_result_when_row_is_accepted() -> None:
    upload = send(csv_of("registration", [registration(), registration(est_dt="2099-01-01")]))

    result = results.read_result(upload, 0)
    assert result is not None
    good, bad = result.rows
    assert f"registration/{good.record}/{PROVIDER}/{good.digest}" == next(
        statement.key for holding in held().values() for statement in holding.statements
    )
    assert (good.row, good.subject, good.problems) == (2, ORGANISATION, ())
    assert (bad.row, bad.accepted, bad.problems[0].code) == (3, False, "E-DATE-02")


def test_should_add_assertion_when_same_words_come_again() -> None:
    body = csv_of("registration", [registration(), registration()])
    send(body)
    send(body)

    (holding,) = held().values()
    assert len(holding.statements) == 1
    assert sorted(said.row for _, said in holding.assertions) == [2, 3, 3]


def test_should_be_first_said_when_registered_first_though_merged_last() -> None:
    body = csv_of("registration", [registration(est_dt="2026-11-20")])
    early = receive(body)
    late = receive(body, now=NOW.replace(minute=30))
    planning.plan_upload(late)
    merge_all(late)
    planning.plan_upload(early)
    merge_all(early)
    merge_all(late)

    (holding,) = held().values()
    (statement,) = holding.statements
    assert statement.first.upload == early
    assert {said.upload for _, said in holding.assertions} == {late}
    assert [each.row for each in find_in_range(late, 0)] == [2]
    assert find_in_range(early, 0) == []


def test_should_end_at_first_words_when_they_are_said_again_after_others() -> None:
    first, other = (
        csv_of("registration", [registration(comp_nm=name)]) for name in ("甲公司", "乙公司")
    )
    for minute, body in enumerate((first, other, first)):
        send(body, now=NOW.replace(minute=minute))

    (record,) = folded().values()
    assert record.current is not None
    assert record.current.words.fields["comp_nm"] == "甲公司"
    assert len(record.history) == 3


def test_should_be_same_records_when_file_is_gb18030() -> None:
    rows = [penalty(), penalty(cf_wsh="清市监罚〔2026〕2号"), person_penalty(1, cf_wsh="3号")]
    send(csv_of("penalty", rows), "penalty")
    before = {key: record.current.words for key, record in folded().items() if record.current}
    send(csv_of("penalty", rows, encoding="gb18030"), "penalty")
    assert {
        key: record.current.words for key, record in folded().items() if record.current
    } == before


def test_should_be_one_record_when_rows_say_it_differently() -> None:
    send(
        csv_of("penalty", [penalty(), penalty(cf_wsh="清市监处罚（2026）1号", cf_nr="罚款贰仟元")]),
        "penalty",
    )
    assert len(held()) == 1


# -- persons --------------------------------------------------------------------------------------


def test_should_seal_whole_row_when_subject_is_a_person() -> None:
    upload = send(csv_of("penalty", [person_penalty(1)]), "penalty")

    ((key, record),) = folded().items()
    assert key.subject.startswith("P")
    assert record.current is not None
    assert record.current.words.fields == {}
    assert opened(record).fields["cf_xdr_mc"] == "李四"
    assert opened(record).fields["cf_xdr_zjhm"] == id_number(1)
    _assert_nowhere(upload, "李四", id_number(1))


def test_should_seal_representative_when_subject_is_an_organisation() -> None:
    row = penalty(cf_fr_zjlx="身份证", cf_fr_zjhm=id_number(2))
    upload = send(csv_of("penalty", [row]), "penalty")

    ((key, record),) = folded().items()
    assert key.subject == ORGANISATION
    assert record.current is not None
    assert "cf_frdb" not in record.current.words.fields
    assert opened(record).fields["cf_frdb"] == "王小明"
    _assert_nowhere(upload, "王小明", id_number(2))


def test_should_know_person_again_when_paper_is_the_same() -> None:
    as_subject = person_penalty(2)
    as_representative = penalty(cf_fr_zjlx="身份证", cf_fr_zjhm=id_number(2))
    send(csv_of("penalty", [as_subject, as_representative]), "penalty")

    boxed = {
        box.person
        for holding in held().values()
        for statement in holding.statements
        for box in statement.words.boxes
    }
    assert len(boxed) == 1


def test_should_know_representative_inside_one_organisation_when_only_named() -> None:
    rows = [
        penalty(),
        penalty(cf_wsh="2号", cf_frdb="王 小明"),
        penalty(cf_wsh="3号", cf_xdr_shxym=uscc(8)),
    ]
    send(csv_of("penalty", rows), "penalty")
    boxed = [
        (statement.subject, box.person)
        for holding in held().values()
        for statement in holding.statements
        for box in statement.words.boxes
    ]
    assert len(boxed) == 3
    assert len(set(boxed)) == 2


def test_should_lose_person_only_when_key_is_destroyed() -> None:
    send(csv_of("penalty", [person_penalty(1), penalty()]), "penalty")
    person = next(key.subject for key in folded() if key.subject.startswith("P"))
    destroy_person(person, when="20261122T020000.000Z")

    for key, record in folded().items():
        shown = opened(record)
        if key.subject == person:
            assert (shown.fields, shown.typed, shown.erased) == ({}, {}, (person,))
        else:
            assert shown.fields["cf_frdb"] == "王小明"
    assert find_by_subject([person])[person].key is None


def test_should_keep_nobody_when_row_is_refused() -> None:
    row = person_penalty(1, cf_jdrq="2026-02-30", cf_wsh="")
    upload = send(csv_of("penalty", [row]), "penalty")
    people = [item for item in stored_items(settings().identities_table) if "papers" in item]
    assert held() == {}
    assert people == []
    _assert_nowhere(upload, "李四", id_number(1))


def _assert_nowhere(upload: str, *personal: str) -> None:
    """Neither tables nor what is derived from a file tell anything personal."""
    tables = (settings().archive_table, settings().identities_table, settings().uploads_table)
    texts = [str(item) for table in tables for item in stored_items(table)]
    texts += [
        str((blobs.read(key) or b"").decode()) for key in blobs.list_keys("") if "inbox" not in key
    ]
    for text in personal:
        escaped = str(text.encode())[2:-1]
        assert not any(text in each or escaped in each for each in texts)
    assert blobs.read(f"results/{upload}/000000.json") is not None


# -- again and again ------------------------------------------------------------------------------


def test_should_change_nothing_when_range_is_merged_again() -> None:
    upload = send(csv_of("penalty", [penalty(), person_penalty(1)]), "penalty")
    before = held(), results.read_result(upload, 0)
    merge_all(upload)
    assert (held(), results.read_result(upload, 0)) == before


def test_should_be_same_result_when_first_run_left_none() -> None:
    upload = send(csv_of("penalty", [penalty(), person_penalty(1)]), "penalty")
    before = held(), results.read_result(upload, 0)
    blobs.delete(f"results/{upload}/000000.json")
    merging.merge_from_message(f'{{"upload":"{upload}","range":0}}')
    assert (held(), results.read_result(upload, 0)) == before


def test_should_keep_receipt_when_file_is_blanked_afterwards() -> None:
    """Erasing a person rewrites the file, and S3 tells of it as of a new one."""
    body = csv_of("penalty", [person_penalty(1), penalty()])
    upload = send(body, "penalty")
    before = results.read_result(upload, 0)
    blobs.write(f"inbox/{upload}", b" " * len(body), "text/csv")
    planning.plan_upload(upload)
    merge_all(upload)
    assert results.read_result(upload, 0) == before


@pytest.mark.parametrize("index", [-1, 1])
def test_should_refuse_message_when_range_is_not_planned(index: int) -> None:
    upload = receive(csv_of("registration", [registration()]))
    with pytest.raises(DomainError):
        merging.merge_range(upload, 0)
    planning.plan_upload(upload)
    with pytest.raises(DomainError) as caught:
        merging.merge_range(upload, index)
    assert caught.value.code.id == "E-UPLOAD-07"


def test_should_write_each_statement_once_when_rows_are_many() -> None:
    rows = [registration(uni_social_crd_cd=uscc(number)) for number in range(130)]
    upload = send(csv_of("registration", [*rows, *rows]))
    assert len(held()) == 130
    items = stored_items(settings().archive_table)
    assert len(items) == 260
    assert all(archive.record_of(item) for item in items)
    result = results.read_result(upload, 0)
    assert result is not None
    assert len(result.rows) == 260
