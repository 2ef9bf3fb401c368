"""Text as people type it, freed of what cannot be seen."""

import re
import unicodedata

_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")


def compact(text: str) -> str:
    """`text` in half width (NFKC) and without white space, zero-width or direction marks."""
    if text.isascii():
        return "".join(text.split())
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
