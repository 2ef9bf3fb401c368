"""Header labels as people write them, brought to one form for comparing."""

import re

from chalicelib.subjects.texts import compact

_MARKERS = re.compile(r"^\*+|(?:\*|:|\((?:必填|选填|必填项|选填项|条件必填|required|optional)\))+$")


def normalise_label(text: str) -> str:
    """`text` for comparing labels: NFKC, no spaces, no marker such as `*` or （必填）, lower case."""
    return _MARKERS.sub("", compact(text).casefold())
