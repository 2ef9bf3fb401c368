"""Search: names lead to organisations while they are held and shown, and nothing else does."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from chalicelib.archive.statements import MarkKind, RecordKey
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.search import finding, store
from chalicelib.disclosure.search.finding import Found, Page, search_names
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.settings import settings
from chalicelib.subjects.names import grams, search_text
from tests.aws import emulated_aws
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import KEY, ORGANISATION, any_mark

REGISTERED = RecordKey(ORGANISATION, "registration", "1REGISTRATION")
OTHER = "91329900MA1UUP3E11"


def follow(subject: str = ORGANISATION) -> None:
    update_views(RecordKey(subject, "registration", "1REGISTRATION"), TODAY, JIANGSU)


def hold(*names: str, subject: str = ORGANISATION) -> None:
    """Have a subject registered under `names`, one after the other."""
    for number, name in enumerate(names):
        register(name, subject=subject, day=number + 1)
    follow(subject)


def search(fragment: str, place: finding.Place | None = None, limit: int = 20) -> Page:
    return search_names(fragment, TODAY, JIANGSU, place, limit)


def found(fragment: str) -> list[tuple[str, str | None]]:
    return [(one.name, one.former) for one in search(fragment).found]


def pages(fragment: str, limit: int = 20) -> Iterator[Page]:
    page = search(fragment, limit=limit)
    while page.rest is not None:
        yield page
        page = search(fragment, page.rest, limit)
    yield page


def uscc(number: int) -> str:
    return f"9132990000000{number:05d}"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    "fragment",
    ["桃溪", "桃溪食品", "溪食品（清江）有限公司", "(清江)", "食品 桃溪", "清江桃溪", ORGANISATION],
)
def test_a_fragment_finds_the_name_that_holds_it(fragment: str) -> None:
    hold("清江桃溪食品（清江）有限公司")

    assert found(fragment) == [("清江桃溪食品（清江）有限公司", None)]


@pytest.mark.usefixtures("aws")
def test_letters_that_stand_apart_find_nothing() -> None:
    hold("清江桃溪食品有限公司")

    assert found("桃品") == []
    assert found("江食品") == []
    assert found("桃溪 物流") == []
    assert found(OTHER) == []


@pytest.mark.usefixtures("aws")
def test_a_former_name_is_found_as_such() -> None:
    hold("清江桃溪食品（清江）有限公司", "清江新港物流有限公司")

    assert found("桃溪") == [("清江新港物流有限公司", "清江桃溪食品（清江）有限公司")]
    assert found("新港") == [("清江新港物流有限公司", None)]
    assert found("清江") == [("清江新港物流有限公司", None)]


@pytest.mark.usefixtures("aws")
def test_the_very_name_comes_before_beginnings_and_beginnings_before_what_holds_it() -> None:
    names = ["甲桃溪店", "桃溪二店", "桃溪", "乙桃溪店"]
    for number, name in enumerate(names):
        hold(name, subject=uscc(number))
    hold("桃溪", "无名丙店", subject=uscc(5))
    hold("丁桃溪店", "无名丁店", subject=uscc(6))
    hold("桃溪旧店", "戊桃溪店", subject=uscc(7))

    first, second = pages("桃溪")
    assert not first.narrow
    assert [(one.name, one.former) for one in (*first.found, *second.found)] == [
        ("桃溪", None),
        ("无名丙店", "桃溪"),
        ("桃溪二店", None),
        ("戊桃溪店", "桃溪旧店"),
        ("乙桃溪店", None),
        ("甲桃溪店", None),
        ("无名丁店", "丁桃溪店"),
    ]


@pytest.mark.parametrize("fragment", ["有限公司", "清", " ", "（有限 公司）"])
def test_a_fragment_that_tells_nothing_is_refused(fragment: str) -> None:
    with pytest.raises(DomainError):
        search(fragment)


@pytest.mark.usefixtures("aws")
def test_pages_hold_every_result_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (("_FEW", 3), ("_PEEK", 3), ("_MANY", 4)):
        monkeypatch.setattr(finding, name, few)
    for number in range(10):
        hold(f"桃溪{number}店", subject=uscc(number))
        hold(f"清江桃溪{number}店", f"清江{number}桃溪店", subject=uscc(10 + number))

    def codes(limit: int) -> list[str]:
        read = list(pages("桃溪", limit))
        assert all(len(page.found) <= limit for page in read)
        return [one.subject for page in read for one in page.found]

    assert codes(4) == codes(7) == codes(20) == [uscc(number) for number in range(20)]


@pytest.mark.usefixtures("aws")
def test_a_call_reads_a_bounded_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_PEEK", 1)
    monkeypatch.setattr(finding, "_MANY", 2)
    for number in range(20):
        hold(f"甲乙食品乙丙{number}店", subject=uscc(number))

    read = list(pages("甲乙丙"))

    assert [page.found for page in read] == [()] * len(read)
    assert [page.narrow for page in read] == [True] * (len(read) - 1) + [False]
    assert len(read) >= 20 / (2 * finding._CALLS)


@pytest.mark.usefixtures("aws")
def test_nobody_lists_all_organisations_by_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST", 8)
    for number in range(12):
        hold(f"清江桃溪{number}店", subject=uscc(number))

    read = list(pages("桃溪", limit=3))

    assert [len(page.found) for page in read] == [3, 3, 3]
    assert read[-1].narrow


@pytest.mark.usefixtures("aws")
def test_indexing_again_changes_nothing() -> None:
    hold("清江桃溪食品有限公司")
    before = _stored()
    follow()

    assert _stored() == before


def _stored() -> list[str]:
    items = dynamodb().scan(TableName=settings().names_table)["Items"]
    return sorted(map(str, items))


@pytest.mark.usefixtures("aws")
def test_what_a_late_indexer_left_behind_is_not_shown() -> None:
    hold("清江桃溪食品有限公司", "清江新港物流有限公司")
    text = search_text("清江桃溪食品有限公司")
    late = store.HeldName(text, "清江桃溪食品有限公司", "1REGISTRATION")
    store.put_postings(ORGANISATION, (late,))

    assert [one.former for page in pages("桃溪") for one in page.found] == [late.name]


@pytest.mark.usefixtures("aws")
def test_an_organisation_without_registration_is_found_by_its_code() -> None:
    say(cf_xdr_mc="清江桃溪食品有限公司")
    update_views(KEY, TODAY, JIANGSU)

    assert found(ORGANISATION) == [("清江桃溪食品有限公司", None)]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("kind", [MarkKind.HIDDEN, MarkKind.ANNULLED, MarkKind.DELETED])
def test_a_hidden_registration_is_found_no_more_at_once(kind: MarkKind) -> None:
    """The stream has not told of the mark yet."""
    hold("清江桃溪食品有限公司")
    assert mark(any_mark(kind), REGISTERED)

    assert found("桃溪") == found("清江桃溪") == found(ORGANISATION) == []


_LETTERS = st.text(st.sampled_from("清江桃溪有限公司食品AB（）"), min_size=1, max_size=9)
_NAMES = st.lists(_LETTERS.filter(lambda name: len(search_text(name)) > 1), min_size=1, max_size=3)


@examples(deadline=None, max_examples=40)
@given(data=st.data(), held=st.lists(_NAMES, min_size=1, max_size=3), hidden=st.integers(0, 3))
@pytest.mark.usefixtures("_tables")
def test_every_held_name_is_found_by_any_fragment_while_it_is_shown(
    data: st.DataObject, held: list[list[str]], hidden: int
) -> None:
    _empty()
    for number, names in enumerate(held):
        hold(*names, subject=uscc(number))
    if hidden < len(held):
        mark(any_mark(MarkKind.HIDDEN), RecordKey(uscc(hidden), "registration", "1REGISTRATION"))
    number = data.draw(st.integers(0, len(held) - 1))
    text = search_text(data.draw(st.sampled_from(held[number])))
    start = data.draw(st.integers(0, len(text) - 2))
    fragment = text[start : data.draw(st.integers(start + 2, len(text)))]
    if not grams(fragment):
        with pytest.raises(DomainError):
            search(fragment)
        return

    results = [one for page in pages(fragment, limit=2) for one in page.found]
    expected = {
        uscc(other)
        for other, names in enumerate(held)
        if other != hidden and any(fragment in search_text(name) for name in names)
    }
    assert {one.subject for one in results} == expected
    assert len(results) == len(expected)
    assert all(_is_told(one, fragment) for one in results)


def _is_told(one: Found, fragment: str) -> bool:
    return fragment in search_text(one.former or one.name)


@pytest.fixture(scope="class")  # one account for all examples of a test, and gone after it
def _tables() -> Iterator[None]:
    with emulated_aws():
        yield


def _empty() -> None:
    """Forget all that is held; making tables again takes longer."""
    keys = {
        settings().archive_table: ("subject", "key"),
        settings().publication_table: ("subject", "key"),
        settings().names_table: ("gram", "place"),
    }
    for table, names in keys.items():
        for item in dynamodb().scan(TableName=table)["Items"]:
            dynamodb().delete_item(TableName=table, Key={name: item[name] for name in names})
