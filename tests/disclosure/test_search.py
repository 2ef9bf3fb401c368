"""Search: names lead to organisations while they are held, and nothing else does."""

import pytest

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure.search import index, store
from chalicelib.disclosure.search.index import index_names, search_names
from chalicelib.runtime.errors import DomainError
from tests.disclosure.archives import register
from tests.factories import DAY, ORGANISATION

pytestmark = pytest.mark.usefixtures("aws")


def indexed(subject: str = ORGANISATION) -> None:
    index_names(subject, load_catalogue(DAY).item("registration"))


def found(fragment: str) -> list[tuple[str, str | None]]:
    return [(one.name, one.former) for one in search_names(fragment).found]


@pytest.mark.parametrize("fragment", ["桃溪", "桃溪食品", "溪食品（清江）有限公司", "(清江)"])
def test_a_fragment_finds_the_name_that_holds_it(fragment: str) -> None:
    register("清江桃溪食品（清江）有限公司")
    indexed()

    assert found(fragment) == [("清江桃溪食品（清江）有限公司", None)]


def test_letters_that_stand_apart_find_nothing() -> None:
    register("清江桃溪食品有限公司")
    indexed()

    assert found("桃品") == []
    assert found("江食品") == []


def test_a_former_name_is_found_as_such() -> None:
    register("清江桃溪食品有限公司", day=1)
    indexed()
    register("清江新港物流有限公司", day=2)
    indexed()

    assert found("桃溪") == [("清江新港物流有限公司", "清江桃溪食品有限公司")]
    assert found("新港") == [("清江新港物流有限公司", None)]


def test_a_fragment_that_tells_nothing_is_refused() -> None:
    for fragment in ("有限公司", "清"):
        with pytest.raises(DomainError):
            search_names(fragment)


def test_pages_hold_every_result_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_READ", 3)
    subjects = [f"9132990000000{number:05d}" for number in range(20)]
    for subject in subjects:
        register(f"清江桃溪{subject[-2:]}食品有限公司", subject=subject)
        indexed(subject)

    seen: list[str] = []
    page = search_names("桃溪", limit=4)
    while True:
        assert len(page.found) <= 4
        seen += [one.subject for one in page.found]
        if page.rest is None:
            break
        page = search_names("桃溪", page.rest, limit=4)

    assert sorted(seen) == subjects


def test_a_call_reads_a_bounded_number_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_READ", 1)
    for number in range(40):
        subject = f"9132990000000{number:05d}"
        register(f"甲乙食品乙丙{number}有限公司", subject=subject)
        indexed(subject)

    calls = 0
    page = search_names("甲乙丙")
    while page.rest is not None:
        assert page.found == ()
        page = search_names("甲乙丙", page.rest)
        calls += 1

    assert calls >= 40 / index._MOST_PAGES - 1


def test_indexing_again_changes_nothing() -> None:
    register("清江桃溪食品有限公司")
    indexed()
    before = sorted(str(row.attribute_values) for row in store.Name.scan())
    indexed()

    assert sorted(str(row.attribute_values) for row in store.Name.scan()) == before
