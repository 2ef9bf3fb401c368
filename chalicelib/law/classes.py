"""Classes of dishonesty 失信分类: minor, general, serious, or visibly unclassified (NAT, JS-14)."""

from datetime import date
from functools import lru_cache
from typing import Final, Literal

from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Ruled, Severity

_KEPT: Final = 4096

Reason = Literal[
    "item", "kind", "fine", "summary_procedure", "unknown_kind", "no_kind", "reported", "decided"
]


class Conduct(Struct, frozen=True, kw_only=True):
    """What an adverse record says of the conduct and its consequence.

    `measures`: its kinds of penalty as the national code list writes them (处罚类别); `fine` in
    yuan, which matters only where `weighs_fines`; `sector`: the field of government whose authority
    decided. `summary_procedure`: whether it
    was imposed by 简易程序, None where the record does not say. `reported`: the class that its
    provider labels it with 标注, None where it does not.
    """

    item: str
    measures: tuple[str, ...] = ()
    fine: int | None = None
    sector: str | None = None
    summary_procedure: bool | None = None
    reported: Severity | None = None


class Classification(Struct, frozen=True, kw_only=True):
    """The class of an adverse record, and what decided it.

    `reason`: the item as a whole, a kind of measure, the amount of a fine, the summary procedure,
    that there is no kind or none that the rulebook knows, its provider's label, or somebody's
    decision. `kind`: the
    deciding kind of measure, empty where none did. `unclassified`: kinds that no rule classifies,
    even where a heavier one decided.
    """

    severity: Severity
    reason: Reason
    kind: str
    unclassified: tuple[str, ...]
    source: str
    effective: date
    rulebook: str


class _Finding(Struct, frozen=True):
    kind: str
    ruled: Ruled[Severity]
    reason: Reason


def classify(rulebook: Rulebook, conduct: Conduct, on: date) -> Classification:
    """The class of an adverse record under the rules in force `on` the day its period starts."""
    return _classify_since(rulebook, conduct, rulebook.since(on))


@lru_cache(_KEPT)  # records differ in their words, seldom in what bears on their class
def _classify_since(rulebook: Rulebook, conduct: Conduct, on: date) -> Classification:
    whole = _item_rule(rulebook, conduct.item, on)
    if whole is not None:
        return _conclude(_heed(rulebook, conduct, _Finding("", whole, "item"), (), on), ())
    findings = [_judge(rulebook, conduct, kind, on) for kind in conduct.measures] or [
        _Finding("", rulebook.unknown_kind.on(on), "no_kind")
    ]
    if conduct.summary_procedure:
        lightened = rulebook.summary_procedure.on(on)
        findings = [
            _Finding(finding.kind, lightened, "summary_procedure")
            if finding.ruled.value == "unclassified"
            else finding
            for finding in findings
        ]
    unclassified = tuple(
        finding.kind
        for finding in findings
        if finding.kind and finding.ruled.value == "unclassified"
    )
    decisive = _decisive(rulebook, findings, on)
    return _conclude(_heed(rulebook, conduct, decisive, unclassified, on), unclassified)


def _heed(
    rulebook: Rulebook, conduct: Conduct, found: _Finding, open_kinds: tuple[str, ...], on: date
) -> _Finding:
    """The provider's label, where the rules leave the class open or let it raise theirs (JS-14).

    It never makes a record milder than the rules' own class.
    """
    if conduct.reported is None:
        return found
    rule = rulebook.reported_severity.on(on)
    order = rulebook.several_kinds.on(on).value.order
    heavier = order.index(conduct.reported) > order.index(found.ruled.value)
    settles = found.ruled.value == "unclassified"
    if settles or (heavier and (rule.value == "raises" or open_kinds)):
        return _Finding("", rule.leading_to(conduct.reported), "reported")
    return found


def sector_of(rulebook: Rulebook, authority: str, on: date) -> str | None:
    """The sector that the authority with this name classifies for; None where no rule names it."""
    return _sector_since(rulebook, authority, rulebook.since(on)) if rulebook.sector else None


def weighs_fines(rulebook: Rulebook, sector: str | None) -> bool:
    """Whether the amount of a fine may decide a class in this sector."""
    return (sector or "") in rulebook.fine_severity


@lru_cache(_KEPT)
def _sector_since(rulebook: Rulebook, authority: str, on: date) -> str | None:
    for sector, rule in rulebook.sector.items():
        ruled = rule.find(on)
        if ruled and any(fragment in authority for fragment in ruled.value.authorities):
            return sector
    return None


def _item_rule(rulebook: Rulebook, item: str, on: date) -> Ruled[Severity] | None:
    rule = rulebook.item_severity.get(item)
    return rule.find(on) if rule else None


def _judge(rulebook: Rulebook, conduct: Conduct, kind: str, on: date) -> _Finding:
    """One kind of measure: by the amount, then as the sector has it, then as everybody has it."""
    sector = conduct.sector or ""
    bands = rulebook.fine_severity.get(sector, {}).get(kind)
    banded = bands.find(on) if bands else None
    if banded is not None and conduct.fine is not None:
        reached = [band for band in banded.value if band.yuan <= conduct.fine]
        if reached:
            heaviest = max(reached, key=lambda band: band.yuan)
            return _Finding(kind, banded.leading_to(heaviest.severity), "fine")
    for rules in (rulebook.sector_severity.get(sector, {}), rulebook.kind_severity):
        ruled = rules[kind].find(on) if kind in rules else None
        if ruled is not None:
            return _Finding(kind, ruled, "kind")
    return _Finding(kind, rulebook.unknown_kind.on(on), "unknown_kind")


def _decisive(rulebook: Rulebook, findings: list[_Finding], on: date) -> _Finding:
    """The finding that classifies a decision with several kinds; the first of equals."""
    several = rulebook.several_kinds.on(on).value
    choose = max if several.take == "heaviest" else min
    return choose(findings, key=lambda finding: several.order.index(finding.ruled.value))


def _conclude(decisive: _Finding, unclassified: tuple[str, ...]) -> Classification:
    return Classification(
        severity=decisive.ruled.value,
        reason=decisive.reason,
        kind=decisive.kind,
        unclassified=unclassified,
        source=decisive.ruled.source,
        effective=decisive.ruled.effective,
        rulebook=decisive.ruled.rulebook,
    )
