"""Markdown of the generated pages."""

from collections.abc import Iterable

Cell = object

_MADE = "<!-- Made by `python -m infra.documents`: change the code or data, not this page. -->"


def page(title: str, about: str, *parts: str) -> str:
    """A whole page: title, what it is about, and its parts."""
    return "\n\n".join([_MADE, f"# {title}", about, *parts]) + "\n"


def table(heads: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> str:
    """A table."""
    head = [_cell(each) for each in heads]
    lines = [head, ["---"] * len(head)]
    lines += ([_cell(each) for each in row] for row in rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def literal(value: Cell) -> str:
    """`value` in the type of code; nothing for nothing."""
    return f"`{value}`" if value else ""


def literals(values: Iterable[Cell]) -> str:
    """Several literals."""
    return ", ".join(literal(value) for value in values)


def _cell(value: Cell) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")
