"""How rulebooks are read: layer over layer, a province as one file, and what is refused."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from chalicelib.archive.facts import Facts
from chalicelib.archive.statements import Value
from chalicelib.archive.visibility import PUBLIC, decide
from chalicelib.catalogue.loader import load_catalogue
from chalicelib.law.listing import describe_which, list_rules, list_standings
from chalicelib.law.places import find_line
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook
from tests.factories import KEY

TODAY = date(2026, 11, 22)
JS = load_rulebook("jiangsu")
NATIONAL = load_rulebook("national")


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
    assert rulebook.version == f"qing-4/{NATIONAL.version}"
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
    assert rulebook.start["query"].on(TODAY).rulebook == "national"
    assert rulebook.version == f"qing-4/{JS.version}"


PLACE = """
[rules.kind_severity]
"罚款" = [{ effective = 2026-01-01, source = "QJ-3", value = "general" }]

[[rules.term]]
for = { severity = "general" }
values = [{ effective = 2026-01-01, source = "QJ-5", value = { maximum_months = 6 } }]

[rules.treatment.ended]
public = [{ effective = 2026-01-01, source = "QJ-6", value = "marked" }]
"""


def test_a_record_is_judged_by_the_new_file_alone(shelf: Path) -> None:
    """Adding a province is one file and no code: class, period and decision follow from it."""
    rulebook = load_qing(shelf, PLACE)
    fields: dict[str, Value] = {"cf_wsh": "1", "cf_cflb": ("罚款",), "cf_jdrq": "2026-05-10"}
    facts = Facts(key=KEY, said="20260511T000000.000Z", fields=fields)

    decision = decide(
        facts, load_catalogue(TODAY).item("penalty"), PUBLIC, "public", TODAY, rulebook
    )

    assert decision.classification is not None
    assert (decision.classification.severity, decision.classification.source) == (
        "general",
        "QJ-3",
    )
    assert decision.period is not None
    assert (decision.period.last_day, decision.period.source) == (date(2026, 11, 10), "QJ-5")
    assert (decision.outcome, decision.reason.source, decision.marks) == (
        "marked",
        "QJ-6",
        ("ended",),
    )


ENTRY = 'effective = 2026-01-01, source = "OWN"'
TOO_SHORT = "value = { minimum_months = 4, maximum_months = 3 }"
TWICE = "value = { take = 'heaviest', order = ['minor', 'minor', 'general', 'serious'] }"
RISING, FALLING = (
    "['minor', 'minor', 'general', 'serious']",
    "['serious', 'general', 'unclassified', 'minor']",
)
BANDS = "[{{ yuan = 5, severity = '{}' }}, {{ yuan = {}, severity = '{}' }}]"
FOOD = "value = { zh = '食品', en = 'Food', authorities = ['市场监督'] }"
SERIOUS = "[[rules.term]]\nfor = { severity = 'serious' }\nvalues = "
YEAR = f"[{{ {ENTRY}, value = {{ maximum_months = 12 }} }}]\n"


def end_day(entry: str) -> str:
    return f"[rules]\nend_day = [{{ {entry} }}]"


def term(records: str, value: str = "{ maximum_months = 12 }") -> str:
    return f"[[rules.term]]\nfor = {records}\nvalues = [{{ {ENTRY}, value = {value} }}]\n"


def rule(table: str, key: str, value: str) -> str:
    return f"[rules.{table}]\n{key} = [{{ {ENTRY}, value = {value} }}]\n"


@pytest.mark.parametrize(
    ("body", "line", "place", "reason"),
    [
        ("[rules]\nend_day = [3 4]", 7, "", "(at line 7, column 14)"),
        ("[rules]\nend_day = 'inclusive'", 7, "end_day", "expected a list of values"),
        ("[rules]\nend_day = []", 7, "end_day", "expected a list of values"),
        ("[rules]\nend_day = ['inclusive']", 7, "end_day", "expected a list of values"),
        ("[rules]\nlast_day = []", 7, "last_day", "unknown; known here: openness, treatment"),
        (end_day(f"{ENTRY}, value = 'open'"), 7, "end_day[0].value", "'open'"),
        (end_day(ENTRY), 7, "end_day[0]", "missing required field `value`"),
        (end_day(f"{ENTRY}, value = 'inclusive', x = 1"), 7, "end_day[0]", "`x`"),
        (end_day("source = 'OWN', value = 'inclusive'"), 7, "end_day[0]", "`effective`"),
        (end_day("effective = 2026-01-01, value = 'inclusive'"), 7, "end_day[0]", "`source`"),
        (end_day(ENTRY.replace("OWN", "26")), 7, "end_day[0].source", "matching regex"),
        (end_day(ENTRY.replace("2026-01-01", "'2026-01-01'")), 7, "end_day[0].effective", "got `str`"),
        (end_day(ENTRY.replace("2026-01-01", "2026-02-30")), 7, "", "Invalid date"),
        (end_day(f"{ENTRY}, value = 'inclusive', rulebook = 'x'"), 7, "end_day[0]", "rulebook is"),
        (end_day(ENTRY.replace("-01,", "-01T00:00:00,")), 7, "end_day[0].effective", "`date`"),
        (
            end_day(f"{ENTRY}, value = 'inclusive' }}, {{ {ENTRY}, value = 'exclusive'"),
            7,
            "end_day",
            "newest first",
        ),
        (
            f"[rules]\nend_day = [\n  {{ {ENTRY}, value = 'inclusive' }},\n  {{ effective = 2025-01-01, source = 'OWN' }},\n]",
            9,
            "end_day[1]",
            "`value`",
        ),
        ("[rules.treatment.sealed]", 6, "treatment.sealed", "unknown; known here: person,"),
        ("[rules.treatment]\nended = 3", 7, "treatment.ended", "expected a table"),
        (rule("treatment.ended", "public", "'gone'"), 7, "treatment.ended.public[0].value", "'gone'"),
        (rule("retention_years", "ledger", "0"), 7, "retention_years.ledger[0].value", ">= 1"),
        (rule("deadline", "annulment", "'soon'"), 7, "deadline.annulment[0].value", "'soon'"),
        (rule("deadline", "reply", "3"), 7, "deadline.reply", "unknown; known here: dispute_mark,"),
        (f"[rules]\nwatch_months = [{{ {ENTRY}, value = 0 }}]", 7, "watch_months[0].value", ">= 1"),
        (
            f"[rules]\nauthorisation_ways = [{{ {ENTRY}, value = ['post'] }}]",
            7,
            "authorisation_ways[0].value[0]",
            "'post'",
        ),
        (
            f"[rules]\nseveral_kinds = [{{ {ENTRY}, {TWICE} }}]",
            7,
            "several_kinds[0].value",
            "names a class twice",
        ),
        (
            f"[rules]\nseveral_kinds = [{{ {ENTRY}, {TWICE.replace(RISING, FALLING)} }}]",
            7,
            "several_kinds[0].value",
            "order is not minor, general, serious",
        ),
        (rule("category", "basic", "{ zh = '', en = 'x' }"), 7, "category.basic[0].value.zh", "length"),
        (
            rule("sector", "food", FOOD.removeprefix("value = ").replace("市场监督", "")),
            7,
            "sector.food[0].value.authorities[0]",
            "length >= 1",
        ),
        (rule("start", "query", "[]"), 7, "start.query[0].value", "length >= 1"),
        (
            rule("kind_severity", '"训诫"', "'mild'"),
            7,
            "kind_severity.训诫[0].value",
            "'mild'",
        ),
        # terms
        ("[rules]\nterm = 3", 7, "term", "expected a list of rules"),
        ("[[rules.term]]\nfor = {}", 6, "term[0]", "`values`"),
        ("[[rules.term]]\nvalues = []", 6, "term[0]", "`for`"),
        ("[[rules.term]]\nfor = {}\nvalues = []", 8, "term[0].values", "expected a list of values"),
        (term("{ colour = 'red' }"), 7, "term[0].for", "`colour`"),
        (term("{ severity = 'grave' }"), 7, "term[0].for.severity", "'grave'"),
        (
            f"{SERIOUS}[{{ {ENTRY}, {TOO_SHORT} }}]",
            8,
            "term[0].values[0].value",
            "minimum_months is longer",
        ),
        (
            term("{}", "{ runs = 'validity', maximum_months = 3 }"),
            8,
            "term[0].values[0].value",
            "maximum_months belongs to what runs for months",
        ),
        (term("{}", "{ minimum_months = 3 }"), 8, "term[0].values[0].value", "maximum_months"),
        (SERIOUS + YEAR + SERIOUS + YEAR, 9, "term[1]", "twice for the same records"),
        (
            term("{}", "{ runs = 'validity', prolonged = true }"),
            8,
            "term[0].values[0].value",
            "prolonged belongs to what runs for months",
        ),
        # names that nothing answers to
        (term("{}") + term("{ sector = 'food' }"), 9, "term[1]", "“food” is unknown; known here: none"),
        (term("{ group = 'negative' }"), 6, "term[0]", "“negative” is unknown; known here: basic,"),
        (term("{ measure = '训诫' }"), 6, "term[0]", "“训诫” is unknown; known here: 警告,"),
        (rule("group", "penalty", "'bad'"), 7, "group.penalty", "“bad” is unknown"),
        (
            rule("sector_severity.food", '"警告"', "'general'"),
            7,
            "sector_severity.food.警告",
            "“food” is unknown; known here: none",
        ),
        (
            rule("sector", "food", FOOD.removeprefix("value = "))
            + rule("fine_severity.drugs", '"罚款"', "[{ yuan = 0, severity = 'minor' }]"),
            9,
            "fine_severity.drugs.罚款",
            "“drugs” is unknown; known here: food",
        ),
        (
            rule("fine_severity.food", '"罚款"', "[{ yuan = -1, severity = 'minor' }]"),
            7,
            "fine_severity.food.罚款[0].value[0].yuan",
            ">= 0",
        ),
        *(
            (
                rule("sector", "food", FOOD.removeprefix("value = "))
                + rule("fine_severity.food", '"罚款"', bands),
                9,
                "fine_severity.food.罚款",
                reason,
            )
            for bands, reason in (
                (BANDS.format("minor", 5, "serious"), "5 yuan stands here twice"),
                (BANDS.format("general", 9, "minor"), "9 yuan is lighter than one of 5"),
                (BANDS.format("unclassified", 9, "minor"), "9 yuan is lighter than one of 5"),
            )
        ),
        (
            rule("sector", "food", FOOD.removeprefix("value = "))
            + rule("sector_severity.food", '"罚"', "'minor'"),
            9,
            "sector_severity.food.罚",
            "“罚” is unknown; known here: 警告,",
        ),
        (
            f"[rules]\nrepair_excluded_kinds = [{{ {ENTRY}, value = ['训诫'] }}]",
            7,
            "repair_excluded_kinds",
            "“训诫” is unknown",
        ),
        # a minimum beyond a maximum
        (
            rule("overall_maximum_months", "display", "11")
            + term("{}", "{ runs = 'always' }")
            + term("{ severity = 'serious' }", "{ minimum_months = 12, maximum_months = 36 }"),
            11,
            "term[1]",
            "minimum_months is longer than overall_maximum_months.display",
        ),
    ],
)  # fmt: skip
def test_a_malformed_rulebook_is_refused_with_line_place_and_reason(
    shelf: Path, body: str, line: int, place: str, reason: str
) -> None:
    with pytest.raises(RulebookError) as refused:
        load_qing(shelf, body)
    assert refused.value.file == f"{shelf.name}/qing.toml"
    assert refused.value.place == place
    assert reason in refused.value.reason
    assert refused.value.line == line
    assert str(refused.value).startswith(f"{shelf.name}/qing.toml:{line}: {place}")


@pytest.mark.parametrize(
    ("head", "line", "place"),
    [
        (HEAD.replace("qing", "ming"), 1, "name"),
        (HEAD.replace("edition = 4", "edition = 0"), 4, "edition"),
        (HEAD.replace('title = "清"', "title = 7"), 2, "title"),
        (HEAD + "colour = 1\n", None, ""),
    ],
)
def test_a_malformed_head_is_refused(shelf: Path, head: str, line: int | None, place: str) -> None:
    with pytest.raises(RulebookError) as refused:
        load_qing(shelf, "[rules]\n", head)
    assert (refused.value.line, refused.value.place) == (line, place)


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
    assert refused.value.line == 5


def test_a_minimum_beyond_the_overall_maximum_is_refused(shelf: Path) -> None:
    with pytest.raises(RulebookError) as refused:
        load_qing(shelf, rule("overall_maximum_months", "display", "11"))
    assert refused.value.file == f"{shelf.name}/national.toml"
    text = (shelf / "national.toml").read_text("utf-8").splitlines()
    assert refused.value.line is not None
    assert text[refused.value.line - 1] == "[[rules.term]]"
    assert 'severity = "serious"' in text[refused.value.line]


# ---- the line of a place


TOML = """
name = "qing"
[rules]
end_day = [
  # the newest
  { effective = 2026-06-01, source = "QJ-9", value = "exclusive" },
  { effective = 2026-01-01, source = "QJ-9", value = "inclusive" },
]
deadline.annulment = [{ effective = 2026-06-01, source = "QJ-9", value = 1 }]
[rules.kind_severity] # kinds
"训诫" = [{ effective = 0001-01-01, source = "QJ-3", value = "minor" }]
[[rules.term]]
for = {}
[[rules.term]]
for = {}
values = [
  { effective = 2026-01-01, source = "QJ-5", value = { runs = "always" } },
]
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("name",), 2),
        (("end_day",), 4),
        (("end_day[0]", "value"), 6),
        (("end_day[1]",), 7),
        (("end_day[2]",), 4),
        (("deadline", "annulment[0]", "value"), 9),
        (("deadline", "dispute_mark"), 3),
        (("kind_severity", "训诫[0]", "value"), 11),
        (("term[0]", "for"), 13),
        (("term[1]",), 14),
        (("term[1]", "values[0]", "value", "runs"), 17),
        (("nothing", "such"), 3),
        ((), None),
    ],
)
def test_the_line_of_a_place(keys: tuple[str, ...], line: int | None) -> None:
    assert find_line(TOML, keys) == line


def test_nothing_has_no_line() -> None:
    assert find_line("", ("end_day",)) is None


# ---- every rule, for people to read


def test_every_value_of_every_rule_is_listed() -> None:
    paths = [(listed.path, listed.which) for listed in list_rules(JS)]
    assert len(paths) == len(set(paths))
    named = {(path, tuple(describe_which(which).items())) for path, which in paths if which}
    assert ("term", (("severity", "serious"),)) in named
    assert ("term", ()) in named
    assert ("treatment.ended.public", None) in paths


@pytest.mark.parametrize(
    ("day", "standings"),
    [
        ("2026-01-31", ["upcoming", "superseded", "in_force"]),
        ("2026-02-01", ["in_force", "superseded", "superseded"]),
    ],
)
def test_what_holds_is_to_come_or_gives_way(day: str, standings: list[str]) -> None:
    """National rules of April 2026 never come into force under measures of February 2026."""
    rule = JS.start["display"]
    assert [entry.source for entry in rule.entries] == ["JS-26", "NAT", "OWN"]
    assert [stands for _, stands in list_standings(rule, date.fromisoformat(day))] == standings
