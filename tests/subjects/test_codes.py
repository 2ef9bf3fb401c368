"""Codes of this room: unique, bilingual, well named."""

import re

from chalicelib.catalogue import codes as catalogue_codes
from chalicelib.runtime.errors import Code
from chalicelib.subjects import codes as subject_codes


def test_codes_are_unique_and_speak_both_languages() -> None:
    codes = [
        value
        for module in (catalogue_codes, subject_codes)
        for value in vars(module).values()
        if isinstance(value, Code)
    ]
    assert len({code.id for code in codes}) == len(codes)
    for code in codes:
        assert re.fullmatch(r"[EW]-[A-Z]+-\d\d", code.id)
        for text in (code.zh, code.mend_zh):
            assert re.search(r"[\u4e00-\u9fff]", text)
        assert code.en
        assert code.mend_en
        assert set(re.findall(r"\{(\w+)\}", code.zh)) == set(re.findall(r"\{(\w+)\}", code.en))
