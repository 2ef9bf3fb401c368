"""The parts of a file that are checked and merged one by one."""

import msgspec


class Range(msgspec.Struct, frozen=True):
    """Bytes `start` up to but without `end`: whole records from number `first_row` on.

    `rows` of them hold data; blank lines and a repeated header do not count.
    """

    start: int
    end: int
    first_row: int
    rows: int
