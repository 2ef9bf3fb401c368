"""What is told of a row or a file: a code, its place, and the values that fill its texts."""

from collections.abc import Mapping
from functools import cache
from types import ModuleType

import msgspec

from chalicelib.catalogue import codes as catalogue_codes
from chalicelib.collection import codes as collection_codes
from chalicelib.runtime.errors import Code, Text, explain
from chalicelib.subjects import codes as subject_codes

Values = dict[str, str | int]


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong in one cell, or in the row where `field` is empty.

    `column` is the letter over it, empty where the file has no such column. `values` fill the
    code's texts; `value` among them is what was typed, where that cannot be personal.
    """

    code: str
    column: str = ""
    field: str = ""
    label: str = ""
    values: Values = {}

    @property
    def refuses(self) -> bool:
        """Whether the row is refused for it; otherwise it only tells."""
        return self.code.startswith("E-")

    @property
    def text(self) -> Text:
        """The code's texts with the values filled in."""
        return explain(find_code(self.code), self.values)


class Remark(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a plan tells of a file that is read; `row` is one that was left out, 0 for the file."""

    code: str
    row: int = 0
    values: Values = {}


def find_code(code_id: str) -> Code:
    """The code with this id; KeyError where there is none."""
    return _codes()[code_id]


@cache
def _codes() -> Mapping[str, Code]:
    modules: tuple[ModuleType, ...] = (collection_codes, subject_codes, catalogue_codes)
    return {
        code.id: code
        for module in modules
        for code in vars(module).values()
        if isinstance(code, Code)
    }
