"""Names: comparing, finding, masking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.runtime.errors import DomainError
from chalicelib.subjects.names import (
    STOP_GRAMS,
    Likeness,
    grams,
    mask_name,
    normalise_name,
    same_name,
    search_terms,
    search_text,
)

letters = st.text("清江市大河食品贸易有限责任公司股份（）() 　ABab1·•", max_size=24)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("清江大河食品有限公司", "清江大河食品有限公司", Likeness.SAME),
        ("大河（清江）有限公司", "大河(清江)有限公司", Likeness.SAME_AFTER_NORMALISING),
        ("大河〔清江〕有限公司", "大河 (清江)有限公司 ", Likeness.SAME_AFTER_NORMALISING),
        ("ＡＢＣ清江公司", "abc清江公司", Likeness.SAME_AFTER_NORMALISING),
        ("爱德华•史密斯商行", "爱德华·史密斯商行", Likeness.SAME_AFTER_NORMALISING),
        ("清江大河食品有限公司", "清江大河食品有限责任公司", Likeness.DIFFERENT),
        ("大河（清江）有限公司", "大河清江有限公司", Likeness.SAME_AFTER_NORMALISING),
        ("清江大河", "清江市大河食品有限公司", Likeness.ABBREVIATED),
        ("大河食品公司", "清江市大河食品有限公司", Likeness.ABBREVIATED),
        ("清江市大河食品", "清江市大河食品有限公司", Likeness.ABBREVIATED),
        ("大河有限公司", "清江市大河食品有限公司", Likeness.ABBREVIATED),
        ("有限公司", "清江市大河食品有限公司", Likeness.DIFFERENT),
        ("", "清江市大河食品有限公司", Likeness.DIFFERENT),
        ("清江大河", "清江小河", Likeness.DIFFERENT),
    ],
)
def test_likeness(one: str, other: str, likeness: Likeness) -> None:
    assert same_name(one, other) == likeness
    assert same_name(other, one) == likeness


@given(letters)
def test_normalising_twice_changes_nothing(name: str) -> None:
    assert normalise_name(normalise_name(name)) == normalise_name(name)
    assert search_text(search_text(name)) == search_text(name)


def test_grams_leave_out_what_every_name_has() -> None:
    assert grams("清江大河食品有限公司") == ("清江", "江大", "大河", "河食", "食品", "品有")
    assert grams("（清江）清江") == ("清江", "江清")
    assert grams("有限责任公司") == ()
    assert grams("河") == ()


@given(letters, st.data())
def test_a_fragment_of_a_name_is_found_by_each_of_its_grams(name: str, data: st.DataObject) -> None:
    text = search_text(name)
    start = data.draw(st.integers(0, len(text)))
    fragment = text[start : data.draw(st.integers(start, len(text)))]
    assert set(grams(fragment)) <= set(grams(name))
    assert not set(grams(name)) & STOP_GRAMS


def test_a_fragment_of_several_words_wants_each_of_them() -> None:
    assert search_terms("清江　大河 清江") == ("清江", "大河")
    assert search_terms("大 河") == ("大河",)
    assert search_terms("Da he") == ("DA", "HE")
    assert search_terms("（大河） 有限公司") == ("大河", "有限公司")


@pytest.mark.parametrize(
    ("fragment", "code"),
    [("", "E-NAME-01"), ("河", "E-NAME-01"), ("（河 ）", "E-NAME-01"), ("有限公司", "E-NAME-02")],
)
def test_fragments_that_find_nothing_or_everything(fragment: str, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        search_terms(fragment)
    assert caught.value.code.id == code
    assert caught.value.text.mend_zh


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("", "*"),
        (" 张 三 ", "张*"),
        ("阿卜杜拉·买买提", "阿*******"),
        ("John Smith", "J********"),
    ],
)
def test_masked_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked
