"""What a caller would rather have, by the weights of a request's header (RFC 9110 §12.5)."""

from typing import Literal

Language = Literal["zh", "en"]


def choose_language(accepted: str) -> Language:
    """`zh` or `en` by an Accept-Language header, `zh` by default."""
    weights: dict[str, float] = {}
    for tag, weight in _read_wishes(accepted):
        primary = tag.partition("-")[0]
        weights[primary] = max(weight, weights.get(primary, 0.0))
    rest = weights.get("*", 0.0)
    return "en" if weights.get("en", rest) > weights.get("zh", rest) else "zh"


def prefers_page(accepted: str) -> bool:
    """Whether an Accept header asks for a page rather than for JSON, as browsers' do."""
    weights = dict(_read_wishes(accepted))
    return weights.get("text/html", 0.0) > weights.get("application/json", 0.0)


def _read_wishes(header: str) -> list[tuple[str, float]]:
    wishes = (wish.partition(";") for wish in header.split(","))
    return [(name.strip().lower(), _weight(parameter)) for name, _, parameter in wishes]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    return float(value) if value.strip().replace(".", "", 1).isdecimal() else 0.0
