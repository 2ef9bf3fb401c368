"""`python -m infra.issuers FILE`: check a file of trusted issuers, print it as a parameter's value."""

import json
import sys
from pathlib import Path

from chalicelib.web.issuers import read_issuers

LONGEST = 2000
"""Lambda gives all environment variables of a function 4 KB together."""


def compact(text: str) -> str:
    """The JSON in `text` on one line. Raises `ValueError` where it names no issuers rightly."""
    told = json.dumps(json.loads(text), separators=(",", ":"))
    read_issuers(told)
    if len(told) > LONGEST:
        raise ValueError(f"{len(told)} characters, {LONGEST} are the most")
    return told


def main() -> int:
    """The command; 1 and one line where the file is wrong."""
    [file] = sys.argv[1:] or ["issuers.json"]
    try:
        print(compact(Path(file).read_text("utf-8")))
    except (OSError, ValueError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
