"""What pages say, in Chinese and English: `texts.toml`, and nowhere else."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from chalicelib.web.preferences import Language

FILE: Final = Path(__file__).parent / "texts.toml"


@cache
def load_texts() -> Mapping[str, tuple[str, str]]:
    """Chinese and English by `section.name`."""
    sections = tomllib.loads(FILE.read_text("utf-8"))
    return {
        f"{section}.{name}": (zh, en)
        for section, texts in sections.items()
        for name, (zh, en) in texts.items()
    }


def text_of(language: Language, name: str, /, **values: object) -> str:
    """The text called `name` with its `{placeholders}` filled. Raises `KeyError` for another."""
    zh, en = load_texts()[name]
    return (zh if language == "zh" else en).format_map(values)
