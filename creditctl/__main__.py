"""`creditctl`, also `python -m creditctl`."""

import sys
from collections.abc import Sequence

from creditctl import words
from creditctl.arguments import read_arguments
from creditctl.commands import COMMANDS
from creditctl.console import Console
from creditctl.exits import Exit, Failure, Refused


def main(given: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; returns the exit code."""
    asked = read_arguments(sys.argv[1:] if given is None else given)
    console = Console(asked.lang, as_json=asked.json)
    try:
        return COMMANDS[asked.command](asked, console)
    except Failure as failure:
        if isinstance(failure, Refused):
            console.tell({"problem": failure.problem})
        console.note(failure.words, **failure.values)
        return failure.exit
    except KeyboardInterrupt:
        console.note(words.INTERRUPTED)
        return Exit.INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
