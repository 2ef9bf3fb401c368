"""Previews of a staged rulebook or item: exact counts, no values, nothing written, none malformed."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.archive.statements import MarkKind
from chalicelib.catalogue.loader import ITEMS, load_catalogue
from chalicelib.jobs import candidates
from chalicelib.jobs import preview as job
from chalicelib.jobs.candidates import Candidate, File, stage
from chalicelib.jobs.preview import Change, Order, Previewed, preview_part
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.errors import DomainError
from tests.collection import persons
from tests.disclosure.archives import TODAY, mark, say
from tests.factories import KEY, ORGANISATION, any_mark
from tests.faults.sweep import failing
from tests.jobs.rulebooks import DISPUTED, any_layer, deploy

OTHER = "91329900MA1UUP3X01"
TOMORROW = TODAY + timedelta(days=1)


def qing(rules: str, *, edition: int = 2) -> Candidate:
    """The next edition of the rulebook that is deployed here."""
    return Candidate(rulebook=File(name="qing.toml", text=any_layer(rules, edition=edition)))


HIDING = qing(DISPUTED.format(day=TOMORROW))
SERIOUS = qing(
    "[rules.item_severity]\n"
    'penalty = [{ effective = 2000-01-01, source = "OWN", value = "serious" }]\n'
)


@pytest.fixture(autouse=True)
def deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a deployment for `qing`."""
    deploy(tmp_path)
    monkeypatch.setattr(candidates, "RULEBOOKS", tmp_path)
    candidates._stage_rulebook.cache_clear()
    return tmp_path


def fill() -> None:
    """Two subjects; of the first one two records are disputed, of the second one."""
    for subject, records in ((ORGANISATION, "ABC"), (OTHER, "AB")):
        for number, record in enumerate(records):
            key = msgspec.structs.replace(KEY, subject=subject, record=f"1{record}")
            say(key, cf_wsh=f"{record}号")
            if number:
                mark(any_mark(MarkKind.DISPUTED), key)


def preview_all(
    candidate: Candidate = HIDING, day: date | None = None, segments: int = 1
) -> list[Previewed]:
    """Every part of a preview."""
    return [
        part for number in range(segments) for part in _segment(candidate, day, number, segments)
    ]


def _segment(
    candidate: Candidate, day: date | None, segment: int, segments: int
) -> Iterator[Previewed]:
    start = None
    while True:
        order = Order(candidate=candidate, day=day, segment=segment, segments=segments, start=start)
        done = preview_part(order, TODAY, "qing")
        yield done
        if done.start is None:
            return
        start = done.start


def counts(parts: list[Previewed]) -> dict[tuple[str, str], tuple[int, int]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for each in (change for part in parts for change in part.changes):
        records, subjects = found.get((each.channel, each.kind), (0, 0))
        found[each.channel, each.kind] = (records + each.records, subjects + each.subjects)
    return found


@pytest.mark.usefixtures("aws")
class TestComparing:
    def test_counts_records_and_subjects_by_channel_and_kind(self) -> None:
        fill()

        [part] = preview_all()

        assert (part.day, part.records, part.subjects) == (TOMORROW, 5, 2)
        assert part.changes == (Change(channel="public", kind="withheld", records=3, subjects=2),)
        assert {sample.record for sample in part.samples} == {"penalty/1B", "penalty/1C"}
        [sample, *_] = part.samples
        assert (sample.before.outcome, sample.before.source) == ("marked", "JS-33")
        assert (sample.after.outcome, sample.after.rulebook) == ("withheld", "qing")

    @pytest.mark.parametrize("segments", [1, 3])
    @pytest.mark.parametrize("read", [1, 2, 3])
    def test_counts_the_same_however_the_archive_is_cut(
        self, read: int, segments: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job, "_READ", read)
        fill()

        parts = preview_all(segments=segments)

        assert counts(parts) == {("public", "withheld"): (3, 2)}
        assert sum(part.records for part in parts) == 5

    def test_nothing_changes_before_the_day_on_which_the_value_takes_effect(self) -> None:
        fill()

        assert counts(preview_all(day=TODAY)) == {}

    def test_nothing_changes_by_what_is_deployed(self) -> None:
        fill()
        [part] = preview_all(qing("[rules]\n", edition=1))

        assert (part.day, part.changes) == (TODAY, ())

    def test_writes_nothing(self) -> None:
        fill()

        with failing() as calls:
            preview_all()

        assert set(calls.operations) <= {"Scan", "Query", "BatchGetItem", "Decrypt"}

    def test_tells_end_day_and_class(self) -> None:
        fill()
        say(msgspec.structs.replace(KEY, record="1D"), cf_cflb=("通报批评",), cf_nr_wfff="1")

        found = counts(preview_all(SERIOUS, TODAY))

        assert ("operator", "class") in found
        assert ("operator", "end_day") in found or ("public", "end_day") in found

    def test_tells_fields_that_an_item_closes(self) -> None:
        fill()
        candidate = _closing("cf_wsh")

        [part] = preview_all(candidate)

        assert part.day == TODAY + timedelta(days=9)
        assert part.candidate[1] != part.deployed[1]
        assert counts([part])["public", "fields"] == (5, 2)
        sample = next(each for each in part.samples if each.kind == "fields")
        assert "cf_wsh" in sample.before.fields
        assert "cf_wsh" not in sample.after.fields

    def test_decides_on_what_is_sealed_and_tells_no_value_of_it(self) -> None:
        persons.receive_files("subject and representative")
        parts = preview_all(SERIOUS, TODAY)

        told = msgspec.json.encode(parts).decode()
        assert sum(part.records for part in parts) == 4
        assert not [form for form in (*persons.FORMS, persons.NAME, "李四") if form in told]
        assert {sample.subject[0] for part in parts for sample in part.samples} >= {"P"}


def _item_text(**changed: Any) -> str:
    written: dict[str, Any] = json.loads((ITEMS / "penalty.json").read_text("utf-8"))
    adopted = (TODAY + timedelta(days=9)).isoformat()
    return json.dumps({**written, "version": "2026.9", "adopted": adopted, **changed})


def _closing(field: str) -> Candidate:
    """A version of the penalty item in which one field is internal."""
    written = json.loads(_item_text())
    for each in written["schema"]["fields"]:
        if each["name"] == field:
            each["openness"] = "internal"
    return Candidate(item=File(name="penalty@2026.9.json", text=json.dumps(written)))


_VALUE = (
    '[rules.item_severity]\npenalty = [{ effective = 2000-01-01, source = "%s", value = "%s" }]\n'
)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("qing.toml", any_layer("edition = = 2"), "line 6"),
        ("qing.toml", any_layer("[rules.nonsense]\n", edition=2), "nonsense.*unknown"),
        ("qing.toml", any_layer(_VALUE % ("?", "serious"), edition=2), "penalty.*source.*regex"),
        ("qing.toml", any_layer(_VALUE % ("OWN", "grave"), edition=2), "penalty.*grave"),
        ("qing.toml", any_layer("[rules]\n# changed\n"), "edition.*must be greater than 1"),
        ("song.toml", any_layer(name="song"), "does not stand on this one"),
        ("song.toml", any_layer(), "is not what the file is called"),
    ],
    ids=["syntax", "unknown", "source", "value", "edition", "foreign", "misnamed"],
)
def test_a_malformed_rulebook_is_refused_with_file_place_and_reason(
    name: str, text: str, told: str
) -> None:
    with pytest.raises(RulebookError, match=told) as refused:
        stage(Candidate(rulebook=File(name=name, text=text)), "qing")
    assert str(refused.value).startswith(f"staged/{name}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "E-CAT-01"),
        (_item_text(openness="secret"), "E-CAT-01"),
        (_item_text(adopted="2000-01-01"), "E-CAT-14"),
    ],
    ids=["syntax", "value", "order"],
)
def test_a_malformed_item_is_refused(text: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        stage(Candidate(item=File(name="penalty@2026.9.json", text=text)), "qing")
    assert refused.value.code.id == code
    assert "file" in refused.value.values


def test_nothing_is_read_for_a_candidate_that_is_refused() -> None:
    order = Order(candidate=Candidate(rulebook=File(name="qing.toml", text="=")))
    with failing() as calls, pytest.raises(RulebookError):
        preview_part(order, TODAY, "qing")
    assert calls.operations == []


def test_the_day_is_that_of_the_newest_new_value_and_never_past() -> None:
    staged = stage(HIDING, "qing")

    assert staged.first_whole_day(TODAY) == TOMORROW
    assert staged.first_whole_day(date(2030, 1, 1)) == date(2030, 1, 1)
    assert stage(Candidate(), "qing").first_whole_day(TODAY) == TODAY


def test_staging_leaves_what_is_deployed_alone(deployed: Path) -> None:
    def stand() -> tuple[object, ...]:
        files = {path.name: path.read_bytes() for path in deployed.iterdir()}
        return load_rulebook("qing", deployed), load_catalogue(TODAY).version, files

    before = stand()
    stage(msgspec.structs.replace(HIDING, item=_closing("cf_wsh").item), "qing")

    assert stand() == before
