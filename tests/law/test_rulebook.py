"""What the rulebooks say, article by article, and how they are refused."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.law.rulebook import RULEBOOKS, Rulebook, RulebookError, load_rulebook
from chalicelib.law.rules import Category, Channel, Kept, Openness, Severity, State

TODAY = date(2026, 11, 22)
JS = load_rulebook("jiangsu")
NATIONAL = load_rulebook("national")


def test_head() -> None:
    assert (JS.name, JS.title) == ("jiangsu", "江苏省公共信用信息管理办法")
    assert JS.version == "jiangsu-1/national-1"
    assert JS.edition == NATIONAL.edition + 1
    assert load_rulebook("jiangsu") is JS


@pytest.mark.parametrize(
    ("channel", "opens"),
    [
        ("public", {"public": ("shown", "JS-20"), "authorised": ("withheld", "JS-20"), "shared": ("withheld", "JS-20")}),
        ("own", {"public": ("shown", "JS-23"), "authorised": ("shown", "JS-23"), "shared": ("shown", "JS-23")}),
        ("authorised", {"public": ("shown", "JS-24"), "authorised": ("shown", "JS-24"), "shared": ("withheld", "OWN")}),
        ("ex_officio", {"public": ("shown", "JS-22"), "authorised": ("withheld", "OWN"), "shared": ("shown", "JS-21")}),
        ("judicial", {"public": ("shown", "OWN"), "authorised": ("withheld", "OWN"), "shared": ("shown", "OWN")}),
        ("special_report", {"public": ("shown", "JS-27"), "authorised": ("shown", "OWN"), "shared": ("withheld", "OWN")}),
        ("operator", {"public": ("shown", "JS-5"), "authorised": ("shown", "JS-5"), "shared": ("shown", "JS-5")}),
    ],
)  # fmt: skip
def test_which_openness_each_channel_shows(
    channel: Channel, opens: dict[Openness, tuple[str, str]]
) -> None:
    for openness, expected in opens.items():
        ruled = JS.openness[openness][channel].on(TODAY)
        assert (ruled.value, ruled.source) == expected


TREATMENTS = {
    # state: public, own, authorised, ex_officio, judicial, special_report, operator
    "person": "withheld OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN, shown OWN",
    "unpublished": "withheld NAT, shown OWN, shown OWN, shown OWN, shown OWN, shown NAT, shown OWN",
    "unclassified": ", ".join(["marked OWN"] * 7),
    "ended": "withheld JS-26, marked OWN, withheld JS-36, marked OWN, marked OWN, marked OWN, marked OWN",
    "repaired": "withheld JS-35, marked OWN, withheld JS-36, withheld NAT, marked OWN, marked NAT, marked OWN",
    "disputed": ", ".join(["marked JS-33"] * 7),
    "verifying": ", ".join(["marked OWN"] * 7),
    "withdrawn": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
    "annulled": "withheld NAT, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
    "deleted": "withheld OWN, marked OWN, withheld OWN, withheld OWN, withheld OWN, withheld OWN, marked OWN",
}  # fmt: skip


@pytest.mark.parametrize("state", get_args(State))
def test_treatment_of_each_state_on_each_channel(state: State) -> None:
    cells = [JS.treatment[state][channel].on(TODAY) for channel in get_args(Channel)]
    assert ", ".join(f"{ruled.value} {ruled.source}" for ruled in cells) == TREATMENTS[state]


def test_a_dispute_suspends_nothing_js_33() -> None:
    assert {rule.on(TODAY).value for rule in JS.treatment["disputed"].values()} == {"marked"}


def test_persons_are_off_the_public_channel_unless_a_law_opens_them() -> None:
    ruled = JS.treatment["person"]["public"].on(TODAY)
    assert (ruled.value, ruled.source, ruled.rulebook) == ("withheld", "OWN", "national")


@pytest.mark.parametrize(
    ("category", "label", "source"),
    [
        ("basic", "基础信息", "JS-12"),
        ("positive", "增信信息", "JS-13"),
        ("adverse", "失信信息", "JS-14"),
        ("other", "其他信息", "JS-15"),
    ],
)
def test_category_labels_js_11(category: Category, label: str, source: str) -> None:
    ruled = JS.category[category].on(TODAY)
    assert (ruled.value.zh, ruled.source) == (label, source)


def test_single_values_name_their_article() -> None:
    ledger, originals = (JS.retention_years[what].on(TODAY) for what in get_args(Kept))
    assert (ledger.value, ledger.source) == (3, "JS-25")
    assert (originals.value, originals.source) == ("unlimited", "OWN")
    longest, start = JS.overall_maximum_months.on(TODAY), JS.start.on(TODAY)
    assert (longest.value, longest.source) == (36, "JS-26")
    assert (start.value, start.source) == (("effective", "formed"), "JS-26")
    timeliness, precedence = JS.timeliness_working_days.on(TODAY), JS.precedence.on(TODAY)
    assert (timeliness.value, timeliness.source) == ("item_frequency", "JS-7")
    assert (precedence.value, precedence.source) == (("issuing_authority", "latest"), "OWN")


def test_what_no_text_decides_is_our_own_setting() -> None:
    assert (JS.month_end.on(TODAY).value, JS.month_end.on(TODAY).source) == ("clamp", "OWN")
    assert (JS.end_day.on(TODAY).value, JS.end_day.on(TODAY).source) == ("inclusive", "OWN")
    several = JS.several_kinds.on(TODAY)
    assert (several.value.take, several.source) == ("heaviest", "OWN")
    assert JS.unknown_kind.on(TODAY).value == "unclassified"


def test_rules_are_dated() -> None:
    rule = JS.overall_maximum_months
    assert rule.on(date(2026, 1, 31)).value == "unlimited"
    assert rule.on(date(2026, 2, 1)).value == 36


def test_silence_falls_back_to_what_stands_beneath_and_says_so() -> None:
    ruled = JS.disclosure["general"].on(date(2026, 4, 1))
    assert (ruled.rulebook, ruled.source, ruled.external) == ("national", "NAT", True)
    assert not JS.retention_years["ledger"].on(TODAY).external


def test_a_rulebook_prevails_over_later_values_beneath_it() -> None:
    """National rules of April 2026 do not displace an article of February 2026."""
    ruled = JS.treatment["ended"]["public"].on(date(2026, 4, 1))
    assert (ruled.source, ruled.rulebook) == ("JS-26", "jiangsu")


@pytest.mark.parametrize("day", [date.min, date(1949, 10, 1), TODAY, date.max])
@pytest.mark.parametrize("rulebook", [JS, NATIONAL], ids=lambda rulebook: rulebook.name)
def test_every_rule_answers_on_every_day(rulebook: Rulebook, day: date) -> None:
    for severity in get_args(Severity):
        assert rulebook.disclosure[severity].on(day).source
    for kind in rulebook.kind_severity.values():
        assert kind.on(day).source
    for by_channel in (*rulebook.openness.values(), *rulebook.treatment.values()):
        for channel in get_args(Channel):
            assert by_channel[channel].on(day).source


# ---- adding a province; refusing what is malformed


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A directory with the national rulebook, to put others beside it."""
    shutil.copy(RULEBOOKS / "national.toml", tmp_path)
    return tmp_path


HEAD = 'name = "qing"\ntitle = "清"\ntitle_en = "Qing"\nedition = 4\nbeneath = "national"\n'


def load_qing(shelf: Path, body: str, head: str = HEAD) -> Rulebook:
    (shelf / "qing.toml").write_text(head + body, "utf-8")
    return load_rulebook("qing", shelf)


def test_a_province_is_one_file(shelf: Path) -> None:
    rulebook = load_qing(
        shelf,
        """
        [rules]
        end_day = [{ effective = 2026-06-01, source = "QJ-9", value = "exclusive" }]
        [rules.kind_severity]
        "训诫" = [{ effective = 0001-01-01, source = "QJ-3", value = "minor" }]
        [rules.treatment.verifying]
        public = [
          { effective = 2027-01-01, source = "QJ-4", value = "withheld", note = "why" },
          { effective = 2026-06-01, source = "QJ-4", value = "shown" },
        ]
        """,
    )
    assert rulebook.edition == 4 + NATIONAL.edition
    assert rulebook.version == "qing-4/national-1"
    assert rulebook.end_day.on(TODAY).value == "exclusive"
    assert rulebook.end_day.on(date(2026, 5, 31)).value == "inclusive"
    assert rulebook.kind_severity["训诫"].on(TODAY).source == "QJ-3"
    verifying = rulebook.treatment["verifying"]
    values = [verifying["public"].on(date(year, 1, 1)).value for year in (2026, 2027)]
    assert values == ["marked", "withheld"]
    assert verifying["own"].on(TODAY).rulebook == "national"


def test_a_rulebook_may_stand_on_any_other(shelf: Path) -> None:
    """A jurisdiction whose text covers only a part lends the rest from a named one."""
    shutil.copy(RULEBOOKS / "jiangsu.toml", shelf)
    rulebook = load_qing(shelf, "[rules]\n", HEAD.replace("national", "jiangsu"))
    assert rulebook.retention_years["ledger"].on(TODAY).rulebook == "jiangsu"
    assert rulebook.disclosure["serious"].on(TODAY).rulebook == "national"
    assert rulebook.version == "qing-4/jiangsu-1/national-1"


ENTRY = 'effective = 2026-01-01, source = "OWN"'
TOO_SHORT = "value = { published = true, minimum_months = 4, maximum_months = 3 }"
TWICE = "value = { take = 'heaviest', order = ['minor', 'minor', 'general', 'serious'] }"


def end_day(entry: str) -> str:
    return f"[rules]\nend_day = [{{ {entry} }}]"


@pytest.mark.parametrize(
    ("body", "place", "reason"),
    [
        ("[rules]\nend_day = [3 4]", "", "(at line 7, column 14)"),
        ("[rules]\nend_day = 'inclusive'", "end_day", "expected a list of values"),
        ("[rules]\nend_day = []", "end_day", "expected a list of values"),
        ("[rules]\nend_day = ['inclusive']", "end_day", "expected a list of values"),
        ("[rules]\nlast_day = []", "last_day", "unknown; known here: openness, treatment"),
        (end_day(f"{ENTRY}, value = 'open'"), "end_day[0].value", "'open'"),
        (end_day(ENTRY), "end_day[0]", "missing required field `value`"),
        (end_day(f"{ENTRY}, value = 'inclusive', x = 1"), "end_day[0]", "`x`"),
        (end_day("source = 'OWN', value = 'inclusive'"), "end_day[0]", "`effective`"),
        (end_day("effective = 2026-01-01, value = 'inclusive'"), "end_day[0]", "`source`"),
        (end_day(ENTRY.replace("OWN", "26")), "end_day[0].source", "matching regex"),
        (end_day(ENTRY.replace("-01,", "-01T00:00:00,")), "end_day[0].effective", "`date`"),
        (
            end_day(f"{ENTRY}, value = 'inclusive' }}, {{ {ENTRY}, value = 'exclusive'"),
            "end_day",
            "newest first",
        ),
        ("[rules.treatment.hidden]", "treatment.hidden", "unknown; known here: person,"),
        ("[rules.treatment]\nended = 3", "treatment.ended", "expected a table"),
        (
            f"[rules.treatment.ended]\npublic = [{{ {ENTRY}, value = 'gone' }}]",
            "treatment.ended.public[0].value",
            "'gone'",
        ),
        (
            f"[rules.disclosure]\nminor = [{{ {ENTRY}, {TOO_SHORT} }}]",
            "disclosure.minor[0].value",
            "minimum_months is longer",
        ),
        (
            f"[rules.retention_years]\nledger = [{{ {ENTRY}, value = 0 }}]",
            "retention_years.ledger[0].value",
            ">= 1",
        ),
        (
            f"[rules]\nseveral_kinds = [{{ {ENTRY}, {TWICE} }}]",
            "several_kinds[0].value",
            "names a class twice",
        ),
        (f"[rules]\nstart = [{{ {ENTRY}, value = [] }}]", "start[0].value", "length >= 1"),
    ],
)
def test_a_malformed_rulebook_is_refused_with_place_and_reason(
    shelf: Path, body: str, place: str, reason: str
) -> None:
    with pytest.raises(RulebookError) as refused:
        load_qing(shelf, body)
    assert refused.value.file == f"{shelf.name}/qing.toml"
    assert refused.value.place == place
    assert reason in refused.value.reason
    assert str(refused.value).startswith(f"{shelf.name}/qing.toml: {place}")


@pytest.mark.parametrize(
    ("head", "place"),
    [
        (HEAD.replace("qing", "ming"), "name"),
        (HEAD.replace("edition = 4", "edition = 0"), "edition"),
        (HEAD.replace('title = "清"', "title = 7"), "title"),
        (HEAD + "colour = 1\n", ""),
    ],
)
def test_a_malformed_head_is_refused(shelf: Path, head: str, place: str) -> None:
    with pytest.raises(RulebookError) as refused:
        load_qing(shelf, "[rules]\n", head)
    assert refused.value.place == place


def test_text_that_is_not_utf_8_is_refused(shelf: Path) -> None:
    (shelf / "qing.toml").write_bytes("title = '清'".encode("gb18030"))
    with pytest.raises(RulebookError, match="utf-8"):
        load_rulebook("qing", shelf)


def test_an_unknown_rulebook_is_refused_by_name(shelf: Path) -> None:
    with pytest.raises(RulebookError, match=r"nowhere\.toml: there is no such rulebook"):
        load_rulebook("nowhere", shelf)
    with pytest.raises(RulebookError, match=r"nowhere\.toml: there is no such rulebook"):
        load_qing(shelf, "[rules]\n", HEAD.replace("national", "nowhere"))


def test_rulebooks_in_a_circle_are_refused(shelf: Path) -> None:
    with pytest.raises(RulebookError, match="circle"):
        load_qing(shelf, "[rules]\n", HEAD.replace("national", "qing"))


def test_the_lowest_rulebook_must_be_complete(shelf: Path) -> None:
    with pytest.raises(RulebookError) as refused:
        load_qing(shelf, "[rules]\n", HEAD.replace('beneath = "national"\n', ""))
    assert refused.value.place == "openness.public.public"
    assert refused.value.reason == "has no value from 0001-01-01 on"


def test_a_minimum_beyond_the_overall_maximum_is_refused(shelf: Path) -> None:
    with pytest.raises(RulebookError) as refused:
        load_qing(shelf, f"[rules]\noverall_maximum_months = [{{ {ENTRY}, value = 11 }}]")
    assert refused.value.place == "disclosure.serious"


def test_no_place_is_named_in_code() -> None:
    """Rules ask the rulebook; which places there are is known from the files alone."""
    code = Path(__file__).parents[2] / "chalicelib"
    names = {"nanjing", "shenzhen", "shandong", "南京", "深圳", "山东"}
    for file in RULEBOOKS.glob("*.toml"):
        if "\nbeneath = " in file.read_text("utf-8"):
            names |= {file.stem, load_rulebook(file.stem).title[:2]}
    assert {"jiangsu", "江苏"} <= names
    pattern = re.compile("|".join(names), re.IGNORECASE)
    named = [
        f"{file.relative_to(code)}: {line.strip()}"
        for file in code.rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if pattern.search(line)
    ]
    assert not named


def test_edges_of_the_national_rules_are_one_day_apart() -> None:
    """Order 36 holds from 2026-04-01; the day before, Order 58 still does."""
    rule = NATIONAL.disclosure["general"]
    edge = date(2026, 4, 1)
    assert rule.on(edge).value.maximum_months == 12
    assert rule.on(edge - timedelta(days=1)).value.maximum_months == 36
