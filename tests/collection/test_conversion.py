"""Converted records are what the csv module writes, whether or not it is asked."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.collection.conversion import write_records

CELLS = st.sampled_from(["", "清江", "a,b", '"', 'x"y', "\n", "\r", " ", "'", "；", "1.5"])


@given(st.lists(st.lists(CELLS, max_size=4), max_size=5))
def test_should_write_as_the_csv_module_does(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    assert write_records(rows) == out.getvalue().encode()


@given(st.lists(st.lists(st.sampled_from(["", "清江", "1.5"]), min_size=2), min_size=1))
def test_should_write_plain_cells_as_the_csv_module_does(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    assert write_records(rows) == out.getvalue().encode()
