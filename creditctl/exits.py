"""How a command ends: exit codes, and the failures that lead to them."""

from enum import IntEnum

from chalicelib.runtime.words import Words


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    OK = 0
    REFUSED_ROWS = 1  # or a file that cannot be read
    USAGE = 2
    REFUSED = 3  # by the server: not signed in, not entitled, unknown upload ...
    UNREACHABLE = 4
    UNFINISHED = 5  # the receipt was not final in time
    INTERRUPTED = 130


class Failure(Exception):
    """A command cannot go on; `words` with `values` say why, `exit` is how it ends."""

    def __init__(self, end: Exit, words: Words, **values: str | int) -> None:
        super().__init__(words.en)
        self.exit = end
        self.words = words
        self.values = values


class Unreachable(Failure):
    """The server, the store or the issuer of tokens did not answer; trying again may help."""


class Refused(Failure):
    """The server refused: `status` of HTTP, `problem` as it told it (RFC 9457)."""

    def __init__(
        self, words: Words, status: int, problem: dict[str, object], **values: str | int
    ) -> None:
        super().__init__(Exit.REFUSED, words, **values)
        self.status = status
        self.problem = problem
