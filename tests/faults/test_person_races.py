"""First users of a person, of the keyring, and erasures beside work: same end as in sequence."""

from datetime import timedelta
from functools import partial

import pytest

from chalicelib.collection import merging, planning, uploads
from chalicelib.subjects import identities
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import Keyring, Person, find_or_add_people, find_people
from tests.collection import persons
from tests.collection.archives import folded, opened
from tests.collection.files import (
    NOW,
    csv_of,
    entitle,
    id_number,
    penalty,
    person_penalty,
    receipt_of,
    receive,
)
from tests.collection.persons import FORMS, NAME, OTHER_PAPER, PAPER, erase
from tests.faults.interleaving import race
from tests.faults.throttling import scarce
from tests.faults.worlds import rewinding

SINCE = "20261122T000000.000Z"
PAPERS = [Paper(PaperKind.ID_NUMBER, id_number(number)) for number in (1, 2)]


def test_there_is_one_keyring_when_two_use_it_first() -> None:
    found: list[Keyring] = []

    def use() -> None:
        found.append(identities.keyring.__wrapped__())

    def check() -> None:
        first, second = found
        assert first == second
        found.clear()

    with rewinding(lambda: None) as world:
        race(world, [use, use], check, runs=10)


def test_there_is_one_person_when_two_use_a_paper_first() -> None:
    found: list[dict[Paper, Person]] = []

    def use(papers: list[Paper]) -> None:
        found.append(find_or_add_people(papers, since=SINCE))

    def check() -> None:
        assert all(people == find_people(people) for people in found)
        found.clear()

    with rewinding(identities.keyring) as world:
        actors = [partial(use, PAPERS), partial(use, PAPERS[::-1]), partial(use, PAPERS[:1])]
        race(world, actors, check, runs=10)


# -- merging --------------------------------------------------------------------------------------

SAME = [penalty(cf_fr_zjlx="身份证", cf_fr_zjhm=id_number(2)), person_penalty(1)]
OTHER = [penalty(cf_nr="罚款二千元整"), person_penalty(1, cf_nr="警告")]


@pytest.mark.parametrize("rows", [SAME, OTHER], ids=["same words", "different words"])
def test_workers_on_one_record_end_as_in_sequence(rows: list[dict[str, str]]) -> None:
    received: list[str] = []

    def fill() -> None:
        entitle()
        for minute, said in enumerate((SAME, rows)):
            upload = receive(
                csv_of("penalty", said), "penalty", now=NOW + timedelta(minutes=minute)
            )
            planning.plan_upload(upload)
            received.append(upload)

    def ends() -> list[str]:
        """Records as they stand, persons by their papers."""
        named = {person.subject: paper for paper, person in find_people(PAPERS).items()}
        return sorted(
            str(
                (
                    named.get(key.subject, key.subject),
                    sorted(opened(record).fields.items()),
                    record.said,
                    record.size,
                    [version.order for version in record.history],
                )
            )
            for key, record in folded().items()
        )

    expected: list[str] = []

    def check() -> None:
        expected[:] = expected or ends()
        assert ends() == expected
        assert [receipt_of(upload).accepted for upload in received] == [2, 2]

    with rewinding(fill) as world:
        first, second = (partial(merging.merge_range, upload, 0) for upload in received)
        race(world, [first, second, first], check, runs=8)


def test_rows_are_merged_where_aws_is_short_of_capacity() -> None:
    entered: list[str] = []

    def fill() -> None:
        entitle()
        rows = [*SAME, *OTHER, *(penalty(cf_wsh=f"{number}号") for number in range(30))]
        entered[:] = [receive(csv_of("penalty", rows), "penalty")]

    with rewinding(fill) as world, world(), scarce() as refused:
        planning.plan_upload(entered[0])
        merging.merge_range(entered[0], 0)

        assert receipt_of(entered[0]).accepted == 34
        assert {"BatchExecuteStatement", "BatchGetItem", "SendMessageBatch"} <= refused.keys()
        assert len(folded()) == 32


# -- erasing --------------------------------------------------------------------------------------


def test_nothing_of_a_person_can_be_read_when_rows_are_merged_beside_an_erasure() -> None:
    """What was being merged when the key was destroyed is erased by the next run."""
    waiting: list[str] = []

    def fill() -> None:
        persons.receive_files("lower case")
        row = person_penalty(1, cf_xdr_mc=NAME, cf_xdr_zjhm=PAPER.number, cf_wsh="15号")
        later = NOW + timedelta(days=1)
        waiting[:] = [receive(csv_of("penalty", [row]), "penalty", now=later)]
        planning.plan_upload(waiting[0])

    def merge() -> None:
        persons.merge_again(waiting[0])

    def check() -> None:
        erase()
        assert persons.traces(FORMS) == []
        assert find_people([PAPER]) == {}
        assert NAME not in str(persons.shown())

    with rewinding(fill) as world:
        race(world, [erase, merge], check, runs=8)


def test_both_are_gone_when_two_persons_in_one_file_are_erased_at_once() -> None:
    received: dict[str, str] = {}

    def fill() -> None:
        received.update(persons.receive_files("subject and representative"))

    def check() -> None:
        (upload,) = received.values()
        assert persons.traces((*FORMS, OTHER_PAPER.number, NAME, "李四")) == []
        assert find_people([PAPER, OTHER_PAPER]) == {}
        persons.drop_results()
        persons.deliver_again(received)
        assert receipt_of(upload).accepted == 2
        assert uploads.read_registration(upload) is not None

    with rewinding(fill) as world:
        race(world, [erase, partial(erase, "李四", OTHER_PAPER)], check, runs=8)
