"""Archives over HTTP: the ledger comes first, and nobody opens what is not theirs."""

import hashlib
from datetime import timedelta
from itertools import count

import msgspec
import pytest

from chalicelib.archive.profile import project_profile
from chalicelib.archive.statements import MarkKind, RecordKey
from chalicelib.archive.store import read_record
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.disclosure import ledger
from chalicelib.disclosure.publication.projection import project
from chalicelib.web.api import archives, organisations
from chalicelib.web.api import portions as web_portions
from chalicelib.web.app import CreditApp
from tests.disclosure.archives import JIANGSU, TODAY, mark, register, say
from tests.factories import KEY, ORGANISATION, OTHER_PROVIDER, PROVIDER, any_mark
from tests.web.events import NOW, Answered, ask, post, signed_in
from tests.web.tiny import NOBODY

RECORD = f"/v1/archives/{ORGANISATION}/records/penalty/{KEY.record}/marks"
OPERATOR = signed_in("operator", organisation="11329900MB00000001")
PURPOSE = {"X-Query-Purpose": "window_service", "X-Query-Basis": "窗口申请 1 号"}


class HandedOver(msgspec.Struct):
    """An issued report's JSON exactly as it was handed over."""

    report: msgspec.Raw


def read(
    app: CreditApp, caller: dict[str, str], subject: str = ORGANISATION, held: str = ""
) -> Answered:
    """Ask for an archive, holding an earlier answer with this tag."""
    purpose = PURPOSE if caller["role"] != "subject" else {}
    return ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": subject},
        headers=purpose | ({"If-None-Match": held} if held else {}),
        caller=caller,
    )


def say_several(count: int, facts: str = "违法事实") -> list[str]:
    """Penalties of one organisation; their paths, in the order of an archive."""
    keys = [msgspec.structs.replace(KEY, record=f"1RECORD{place}") for place in range(count)]
    for key in keys:
        say(key, cf_sy=facts)
    return [key.path for key in keys]


def portions(app: CreditApp, path: str, caller: dict[str, str] | None = None) -> list[list[str]]:
    """The records (`<item>/<record>`) of each answer, from the first to the last."""
    found: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = ask(
            app,
            "GET",
            path,
            path={path[path.index("{") + 1 : -1]: ORGANISATION},
            query={"cursor": [cursor]} if cursor else {},
            headers=PURPOSE if caller else {},
            caller=caller,
        )
        assert answer.status == 200, answer.json
        found.append([f"{each['item']}/{each['record']}" for each in answer.json["records"]])
        cursor = answer.json["next_cursor"]
    return found


def set_on_record(app: CreditApp, caller: dict[str, str], kind: str, **more: str) -> Answered:
    body = {"kind": kind, "phase": "open", "id": "case-1", "basis": "行政复议决定", **more}
    return post(
        app,
        "/v1/archives/{subject}/records/{item}/{record}/marks",
        body,
        path={"subject": ORGANISATION, "item": "penalty", "record": KEY.record},
        caller=caller,
    )


def test_an_operator_reads_every_record_with_the_rule_that_shows_it(app: CreditApp) -> None:
    register("清江桃溪食品有限公司")
    say()

    answer = read(app, OPERATOR)

    assert answer.status == 200
    by_item = {record["item"]: record for record in answer.json["records"]}
    assert by_item.keys() == {"registration", "penalty"}
    assert by_item["penalty"]["period"]["last_day"] == "2029-05-10"
    assert by_item["penalty"]["severity"] == "serious"
    assert by_item["penalty"]["ground"]["source"] == "JS-5"
    assert by_item["penalty"]["said_at"] == "2026-06-01T08:00:00+08:00"


def test_the_query_is_in_the_ledger_with_what_was_handed_over(app: CreditApp) -> None:
    """JS-25, NJ-57: who, whom, when, channel, purpose, basis, what was returned."""
    say()
    read(app, OPERATOR)

    [asked] = ledger.entries_of(ORGANISATION, None, 10).entries

    assert asked.entry.purpose == "window_service"
    assert asked.entry.basis == "窗口申请 1 号"
    assert asked.entry.channel == "operator"
    assert asked.handed is not None
    assert asked.handed.returned == (KEY.path,)


def test_a_query_that_finds_nothing_changed_is_in_the_ledger_all_the_same(
    aws: dict[str, str],
) -> None:
    """JS-25: who hears that nothing has changed has learnt what stands there."""
    moments = (NOW + timedelta(seconds=passed) for passed in count())
    app = CreditApp("credit", now=lambda: next(moments))
    app.mount([archives.api], guard=NOBODY)
    say()
    tag = read(app, OPERATOR).headers["ETag"]

    for _ in range(2):
        answer = read(app, OPERATOR, held=tag)
        assert (answer.status, answer.text) == (304, "")
        assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == (tag, "no-store")

    entries = ledger.entries_of(ORGANISATION, None, 10).entries
    assert [each.handed and each.handed.returned for each in entries] == 3 * [(KEY.path,)]
    mark(any_mark())
    assert read(app, OPERATOR, held=tag).status == 200


def test_no_answer_is_made_where_the_entry_cannot_be_written(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    say()
    looked: list[str] = []
    monkeypatch.setattr(archives, "read_archive", lambda *_: looked.append("archive"))
    monkeypatch.setattr("chalicelib.disclosure.store.insert", _fail)

    answer = read(app, OPERATOR)

    assert answer.status == 500
    assert looked == []


def test_a_long_archive_is_read_in_portions_each_a_query_of_its_own(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DESIGN §5: an answer may hold 6 MB, and the entry says what exactly was handed over."""
    monkeypatch.setattr(archives, "MOST", 2)
    paths = say_several(5)

    found = portions(app, "/v1/archives/{subject}", OPERATOR)

    assert found == [paths[:2], paths[2:4], paths[4:]]
    entries = ledger.entries_of(ORGANISATION, None, 10).entries
    handed = [sorted(each.handed.returned) for each in entries if each.handed]
    assert sorted(handed) == found


def test_an_answer_never_holds_more_than_can_be_sent(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = say_several(3, "违法事实" * 500)
    monkeypatch.setattr(web_portions, "_BYTES", 15_000)

    assert portions(app, "/v1/archives/{subject}", OPERATOR) == [paths[:2], paths[2:]]

    monkeypatch.setattr(web_portions, "_BYTES", 1)
    assert portions(app, "/v1/archives/{subject}", OPERATOR) == [[path] for path in paths]


def test_a_cursor_leads_through_its_own_archive_only(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST", 1)
    say_several(2)
    cursor = read(app, OPERATOR).json["next_cursor"]

    answer = ask(
        app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": ORGANISATION},
        query={"cursor": [cursor], "item": ["penalty"]},
        headers=PURPOSE,
        caller=OPERATOR,
    )

    assert (answer.status, answer.json["code"]) == (422, "E-PAGE-01")
    assert len(ledger.entries_of(ORGANISATION, None, 10).entries) == 1


def test_the_public_page_of_an_organisation_goes_on_too_and_keeps_its_name(
    app: CreditApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisations, "MOST", 2)
    paths = say_several(3)
    register("清江桃溪食品有限公司")
    register_key = RecordKey(ORGANISATION, "registration", "1REGISTRATION")
    for path in paths:
        project(RecordKey(ORGANISATION, *path.split("/")), TODAY, JIANGSU)
    project(register_key, TODAY, JIANGSU)
    project_profile(
        ORGANISATION, [read_record(register_key)], load_catalogue(TODAY).item("registration")
    )

    first = ask(app, "GET", "/v1/organisations/{code}", path={"code": ORGANISATION}).json

    assert portions(app, "/v1/organisations/{code}") == [paths[:2], [paths[2], register_key.path]]
    assert first["name"] == "清江桃溪食品有限公司"


def _fail(*_: object) -> bool:
    raise ConnectionError


def test_a_query_without_purpose_is_refused_and_answers_nothing(app: CreditApp) -> None:
    say()

    answer = ask(
        app, "GET", "/v1/archives/{subject}", path={"subject": ORGANISATION}, caller=OPERATOR
    )

    assert (answer.status, answer.json["code"]) == (422, "E-PURPOSE-01")


@pytest.mark.parametrize("role", ["provider", "supervisor", "code_authority"])
def test_other_roles_may_not_read_an_archive(app: CreditApp, role: str) -> None:
    assert read(app, signed_in(role, organisation="11329900MB00000001")).status == 403


def test_a_representative_reads_the_own_organisation_and_no_other(app: CreditApp) -> None:
    """JS-23; object level: somebody else's archive looks as if it did not exist."""
    say()

    own = read(app, signed_in("subject", organisation=ORGANISATION))
    foreign = read(app, signed_in("subject", organisation="91329900MA1UUP370C"))

    assert (own.status, own.json["channel"]) == (200, "own")
    assert (foreign.status, foreign.json["code"]) == (404, "E-ARCHIVE-01")
    assert len(ledger.entries_of(ORGANISATION, None, 10).entries) == 1


def test_the_ledger_names_no_natural_person(app: CreditApp) -> None:
    """The ledger is plain text and outlives an erasure; a representative's name stays out."""
    say()
    read(app, signed_in("subject", organisation=ORGANISATION, name="陆远舟"))

    [asked] = ledger.entries_of(ORGANISATION, None, 10).entries

    assert "陆远舟" not in str(asked)


def test_the_subject_sees_who_looked(app: CreditApp) -> None:
    """NJ-57."""
    say()
    read(app, OPERATOR)

    answer = ask(
        app,
        "GET",
        "/v1/archives/{subject}/queries",
        path={"subject": ORGANISATION},
        caller=signed_in("subject", organisation=ORGANISATION),
    )

    [entry] = answer.json["queries"]
    assert (entry["role"], entry["purpose"]) == ("operator", "window_service")
    assert entry["records"] == [KEY.path]
    assert entry["handed_over"]


def test_an_annulled_record_is_gone_from_public_view_when_the_mark_is_answered(
    app: CreditApp,
) -> None:
    register("清江桃溪食品有限公司")
    say()
    project(KEY, TODAY, JIANGSU)

    def public() -> list[str]:
        answer = ask(app, "GET", "/v1/organisations/{code}", path={"code": ORGANISATION})
        return [record["item"] for record in answer.json["records"]] if answer.json else []

    assert public() == ["penalty"]
    first = set_on_record(app, OPERATOR, "annulled")
    again = set_on_record(app, OPERATOR, "annulled")
    assert (first.status, again.status) == (201, 200)
    answer = ask(app, "GET", "/v1/organisations/{code}", path={"code": ORGANISATION})
    assert answer.status == 404


def test_a_provider_takes_back_its_own_words_only(app: CreditApp) -> None:
    say()

    foreign = set_on_record(app, signed_in("provider", organisation=OTHER_PROVIDER), "withdrawn")
    other_kind = set_on_record(app, signed_in("provider", organisation=PROVIDER), "annulled")
    own = set_on_record(app, signed_in("provider", organisation=PROVIDER), "withdrawn")

    assert (foreign.status, other_kind.status, own.status) == (403, 403, 201)
    [held] = read_record(KEY).marks
    assert (held.kind, held.provider) == (MarkKind.WITHDRAWN, PROVIDER)


def test_a_mark_on_what_is_not_held_is_refused(app: CreditApp) -> None:
    assert set_on_record(app, OPERATOR, "annulled").status == 404


def test_an_organisation_nobody_knows_is_not_found(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1/organisations/{code}", path={"code": ORGANISATION})

    assert (answer.status, answer.json["code"]) == (404, "E-PUBLIC-01")


def test_a_person_is_not_found_by_the_public_even_by_key(app: CreditApp) -> None:
    answer = ask(app, "GET", "/v1/organisations/{code}", path={"code": "P" + "A" * 26})

    assert answer.status == 404


def test_a_report_counts_what_it_holds_and_is_verified(app: CreditApp) -> None:
    """JS-23: number, time and counts that agree with the body."""
    register("清江桃溪食品有限公司")
    say()
    mark(any_mark(MarkKind.DISPUTED))

    issued = post(
        app,
        "/v1/archives/{subject}/reports",
        {"kind": "standard"},
        path={"subject": ORGANISATION},
        headers=PURPOSE,
        caller=OPERATOR,
    )

    report = issued.json["report"]
    held = [
        record
        for chapter in report["chapters"]
        for group in chapter["groups"]
        for record in group["records"]
    ]
    assert issued.status == 201
    assert report["summary"]["total"] == len(held) == 2
    assert report["subject"]["name"] == "清江桃溪食品有限公司"
    verified = ask(
        app,
        "GET",
        "/v1/reports/{number}/verification",
        path={"number": issued.json["number"]},
    )
    assert verified.json["digest"] == issued.json["digest"]
    handed_over = msgspec.json.decode(issued.text, type=HandedOver).report
    assert hashlib.sha256(handed_over).hexdigest() == issued.json["digest"]
    [asked] = ledger.entries_of(ORGANISATION, None, 10).entries
    assert asked.handed is not None
    assert asked.handed.report == issued.json["number"]


def test_a_report_holds_nothing_that_was_repaired(app: CreditApp) -> None:
    """JS-36: what is handed to third parties agrees with what is disclosed."""
    say()
    mark(any_mark(MarkKind.REPAIRED))

    issued = post(
        app,
        "/v1/archives/{subject}/reports",
        {"kind": "standard"},
        path={"subject": ORGANISATION},
        headers=PURPOSE,
        caller=OPERATOR,
    )

    assert issued.json["report"]["summary"]["total"] == 0
    assert "清市监罚" not in issued.text
