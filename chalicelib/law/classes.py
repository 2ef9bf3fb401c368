"""Classes of dishonesty 失信分类: minor, general, serious, or visibly unclassified (NAT, JS-14)."""

from datetime import date
from typing import Literal

from msgspec import Struct

from chalicelib.law.rulebook import Rulebook
from chalicelib.law.rules import Ruled, Severity

Reason = Literal["item", "kind", "summary_procedure", "unknown_kind", "no_kind"]


class Classification(Struct, frozen=True, kw_only=True):
    """The class of an adverse record, and what decided it.

    `reason`: the item as a whole, a kind of measure, the summary procedure, or that there is no
    kind or none that the rulebook knows. `kind`: the deciding kind of measure, empty where none
    did. `unclassified`: kinds that no rule classifies, even where a heavier one decided.
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


def classify(
    rulebook: Rulebook,
    item: str,
    measures: tuple[str, ...],
    *,
    summary_procedure: bool | None,
    on: date,
) -> Classification:
    """The class of an adverse record under the rules in force `on` the day its period starts.

    `measures`: its kinds of penalty as the national code list writes them (处罚类别);
    `summary_procedure`: whether it was imposed by 简易程序, None where the record does not say.
    """
    if item in rulebook.item_severity:
        return _conclude(_Finding("", rulebook.item_severity[item].on(on), "item"), ())
    findings = [_judge(rulebook, kind, on) for kind in measures] or [
        _Finding("", rulebook.unknown_kind.on(on), "no_kind")
    ]
    if summary_procedure:
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
    return _conclude(_decisive(rulebook, findings, on), unclassified)


def _judge(rulebook: Rulebook, kind: str, on: date) -> _Finding:
    rule = rulebook.kind_severity.get(kind)
    if rule is None:
        return _Finding(kind, rulebook.unknown_kind.on(on), "unknown_kind")
    return _Finding(kind, rule.on(on), "kind")


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
