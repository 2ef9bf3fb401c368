"""What can go wrong on someone's machine, told in one line."""


class Problem(Exception):
    """The message is one line: what is wrong and what to do."""
