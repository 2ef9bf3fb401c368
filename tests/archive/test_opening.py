"""What is sealed opens with the person's key only, and is gone with it."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.archive.opening import Opened, Personal, Said, open_words, seal_words
from chalicelib.archive.statements import RecordKey, Words, decode_words

KEY = RecordKey("91329900MA0000001A", "penalty", "1AAAAAAAAAAAAAAAA")
OTHER_RECORD = RecordKey("91329900MA0000001A", "penalty", "1BBBBBBBBBBBBBBBB")
WANG, LI = "PWANG", "PLI"
KEYS = {WANG: bytes(range(32)), LI: bytes(range(32, 64))}
OPEN = Said({"cf_wsh": "清市监罚〔2026〕1号", "cf_cflb": ("警告", "罚款")}, {"cf_nr_fk": "2000元"})


def _seal(*personal: Personal) -> Words:
    return seal_words(KEY, OPEN, personal, version="2026.1", normaliser=1)


def _about(person: str, **fields: str) -> Personal:
    return Personal(person, KEYS[person], Said(fields, {}))


def test_should_open_everything_when_all_keys_are_there() -> None:
    words = _seal(
        Personal(WANG, KEYS[WANG], Said({"cf_frdb": "王小明"}, {"cf_fr_zjlx": "01"})),
        _about(LI, cf_xdr_zjhm="E12345678"),
    )
    opened = open_words(decode_words(words.encode()), KEY, KEYS)
    assert opened == Opened(
        {**OPEN.fields, "cf_frdb": "王小明", "cf_xdr_zjhm": "E12345678"},
        {**OPEN.typed, "cf_fr_zjlx": "01"},
        (),
    )


def test_should_leave_out_and_name_person_when_key_is_destroyed() -> None:
    words = _seal(_about(WANG, cf_frdb="王小明"), _about(LI, cf_xdr_zjhm="E12345678"))
    opened = open_words(words, KEY, {LI: KEYS[LI]})
    assert opened.fields == {**OPEN.fields, "cf_xdr_zjhm": "E12345678"}
    assert opened.erased == (WANG,)


def test_should_show_nothing_personal_when_stored() -> None:
    stored = _seal(_about(WANG, cf_frdb="王小明")).encode()
    assert "王小明".encode() not in stored
    assert "清市监罚".encode() in stored


def test_should_not_open_when_moved_to_another_record() -> None:
    words = _seal(_about(WANG, cf_frdb="王小明"))
    with pytest.raises(InvalidTag):
        open_words(words, OTHER_RECORD, KEYS)


def test_should_not_open_when_key_is_somebody_elses() -> None:
    with pytest.raises(InvalidTag):
        open_words(_seal(_about(WANG, cf_frdb="王小明")), KEY, {WANG: KEYS[LI]})


@given(fields=st.dictionaries(st.text(min_size=1), st.text() | st.lists(st.text()).map(tuple)))
def test_should_be_same_bytes_when_same_is_said_again(fields: dict[str, str]) -> None:
    said = Said(fields, {})
    again = Said(dict(reversed(fields.items())), {})
    first, second = (_seal(Personal(WANG, KEYS[WANG], each)) for each in (said, again))
    assert first.encode() == second.encode()
    assert open_words(first, KEY, KEYS).fields == {**OPEN.fields, **fields}
