"""What a code means: the page that a problem's `type` (RFC 9457) points to."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from msgspec import Struct

import chalicelib
from chalicelib.runtime.errors import Code, DomainError, Kind
from chalicelib.web.code_page import POLICY, write_page
from chalicelib.web.codes import CODE_UNKNOWN
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.outputs import Html

api = Api(__name__, tag="service")


class Explanation(Struct, frozen=True, kw_only=True):
    """A code's texts; `{…}` stands for a value of the case."""

    code: str
    zh: str
    en: str
    mend_zh: str
    mend_en: str


@api.endpoint(
    "GET",
    "/problems/{code}",
    summary="代码说明 · What a code means and what to do",
    answers={200: (Explanation, Html)},
    public=True,
    cached=True,
    refuses=frozenset({Kind.UNKNOWN}),
)
def explain_code(code: str, asked: Asked) -> Answer:
    """Any code that a problem, a receipt or a finding may name; a page where a browser asks."""
    known = list_codes().get(code.upper())
    if known is None:
        raise DomainError(CODE_UNKNOWN, asked=code)
    varies = {"Vary": "Accept"}
    if asked.page:
        return Answer(
            Html(write_page(known)), headers={**varies, "Content-Security-Policy": POLICY}
        )
    explanation = Explanation(
        code=known.id,
        zh=known.zh,
        en=known.en,
        mend_zh=known.mend_zh,
        mend_en=known.mend_en,
    )
    return Answer(explanation, headers=varies)


@cache
def list_codes() -> Mapping[str, Code]:
    """Every code by its id: those that the rooms' `codes` declare."""
    found = pkgutil.walk_packages(chalicelib.__path__, "chalicelib.")
    names = [each.name for each in found if each.name.endswith(".codes")]
    declared = [vars(importlib.import_module(name)).values() for name in names]
    return {code.id: code for values in declared for code in values if isinstance(code, Code)}
