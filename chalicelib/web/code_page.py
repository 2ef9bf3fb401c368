"""What a code means, as a page for people: no script, nothing from elsewhere."""

import base64
import hashlib
import re
from html import escape
from typing import Final

from chalicelib.runtime.errors import Code

_STYLE: Final = (
    "body{font:1rem/1.6 sans-serif;margin:2em auto;max-width:40em;padding:0 1em;color:#222;"
    "background:#fff}dt{font-weight:bold;margin-top:1em}dd{margin:0}p{color:#555}"
)
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'none'"
"""The Content-Security-Policy under which the page shows as it should."""

_PLACEHOLDER: Final = re.compile(r"{\w+}")
_KINDS: Final = {
    "E": ("拒收或拒绝：须更正后重新提交", "Refused: to be mended and sent again"),
    "W": ("已接收，仅作提示", "Accepted, and told"),
    "F": ("回执之外的发现：不影响接收", "A finding beside the receipt: nothing is refused for it"),
}


def write_page(code: Code) -> str:
    """The page of `code`; `…` stands where the case's own values would."""
    zh, en = _KINDS[code.id[0]]
    return "".join(
        (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{code.id} 代码说明</title><style>{_STYLE}</style>",
            f"<main><h1>{code.id}</h1><p>{zh}</p>",
            f"<dl><dt>含义</dt><dd>{_say(code.zh)}</dd><dt>处理</dt><dd>{_say(code.mend_zh)}</dd></dl>",
            f'<section lang="en"><p>{en}</p>',
            f"<dl><dt>Meaning</dt><dd>{_say(code.en)}</dd>",
            f"<dt>What to do</dt><dd>{_say(code.mend_en)}</dd></dl></section></main></html>",
        )
    )


def _say(text: str) -> str:
    return escape(_PLACEHOLDER.sub("…", text))
