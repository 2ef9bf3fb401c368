"""Erasing from large files: in bounded memory, a few of them at a time."""

import pytest

from chalicelib.collection import blanking, erasure
from chalicelib.collection.blanking import read_records
from chalicelib.runtime import blobs

pytestmark = pytest.mark.usefixtures("aws")


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_a_file_that_could_not_be_read_is_cut_into_its_lines_however_it_comes(size: int) -> None:
    body = b"a\r\nb\rc\n\n\r\n d,e"
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    assert list(read_records(chunks, None)) == body.splitlines(keepends=True)
    assert list(read_records([], None)) == []


def test_an_endless_line_comes_in_pieces_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blanking, "_LONGEST_LINE", 10)
    pieces = list(read_records([b"abcdefgh", b"ijk,lm", b"nop"], None))
    assert b"".join(pieces) == b"abcdefghijk,lmnop"
    assert pieces == [b"abcdefghijk,", b"lmnop"]


def test_a_large_file_is_done_by_a_call_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("a", 3), ("b", 9), ("c", 2), ("d", 2)):
        blobs.write(f"inbox/{name}", b"x" * size)
    monkeypatch.setattr(erasure, "_BYTES", 5)
    found, after = [], "inbox/"
    while True:
        keys, over = erasure._list_files(after)
        found.append([key.removeprefix("inbox/") for key in keys])
        if over:
            break
        after = keys[-1]
    assert found == [["a"], ["b"], ["c", "d"]]


def test_a_file_of_many_parts_is_replaced_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part but the last has 5 MiB at least."""
    monkeypatch.setattr(blobs, "_PART", 5 << 20)
    body = bytes(6 << 20)
    blobs.write("inbox/x", b"old")
    assert not blobs.replace_chunks("inbox/x", [b"new"], "text/csv", tag='"another"')
    found = blobs.open_tagged("inbox/x")
    assert found is not None
    assert blobs.replace_chunks("inbox/x", [body, b"end"], "text/csv", tag=found[1])
    assert blobs.read("inbox/x") == body + b"end"
