"""Rulebooks that differ from the deployed one in a single rule."""

import shutil
from datetime import date
from pathlib import Path

import msgspec

from chalicelib.law.rulebook import RULEBOOKS, Rulebook, load_rulebook

DISPUTED = """
[rules.treatment.disputed]
public = [
    {{ effective = {day}, source = "OWN", value = "withheld" }},
    {{ effective = 0001-01-01, source = "OWN", value = "marked" }},
]
"""
"""From a day on, disputed records are not public."""


def any_layer(rules: str = "[rules]\n", *, name: str = "qing", edition: int = 1) -> str:
    """The text of a layer with `rules` over Jiangsu's."""
    head = f'name = "{name}"\ntitle = "清"\ntitle_en = "Qing"\nedition = {edition}\n'
    return f'{head}beneath = "jiangsu"\n{rules}'


def deploy(folder: Path, rules: str = "[rules]\n") -> None:
    """Lay the deployed files into `folder`, and rulebook `qing` with `rules` over Jiangsu's."""
    for file in RULEBOOKS.glob("*.toml"):
        shutil.copy(file, folder)
    (folder / "qing.toml").write_text(any_layer(rules), encoding="utf-8")


def load_changed(folder: Path, rules: str) -> Rulebook:
    """Jiangsu's rules with `rules` above them."""
    deploy(folder, rules)
    return load_rulebook("qing", folder)


def hiding_disputed(folder: Path, day: date) -> Rulebook:
    """Jiangsu's rules, but from `day` on disputed records are not public."""
    return load_changed(folder, DISPUTED.format(day=day))


def raised(rulebook: Rulebook) -> Rulebook:
    """The same rules in a later edition."""
    version = f"{rulebook.version}+"
    return msgspec.structs.replace(rulebook, edition=rulebook.edition + 1, version=version)
