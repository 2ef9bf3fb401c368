"""The limits: requests of one caller in a minute, by kind of route and role.

They protect the service and what it holds, so they are the operator's and no rule of any rulebook;
what the law wants noticed and stopped stands there (`disclosure.volumes`).
"""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from chalicelib.web.callers import Role

Limited = Literal["search", "verify", "query", "lookup", "report", "upload", "push", "token"]
"""What is limited: searches by name, verifications of reports, queries of an archive, look-ups by
paper, reports, registrations of files, records pushed, tokens for machines."""

WINDOW: Final = 60
"""Seconds; windows are fixed, the same for all callers."""


class Limit(Struct, frozen=True, kw_only=True):
    """Most requests of a caller in a window, by role.

    `open`: whether requests go through while they can't be counted.
    """

    most: Mapping[Role, int]
    open: bool


LIMITS: Final[Mapping[Limited, Limit]] = {
    # Open to everybody, as the law wants it: API Gateway's own limit still stands before it.
    "search": Limit(most={Role.PUBLIC: 60}, open=True),
    # What may be guessed at is not answered uncounted.
    "verify": Limit(most={Role.PUBLIC: 30}, open=False),
    "lookup": Limit(most={Role.OPERATOR: 60, Role.AGENCY: 120, Role.JUDICIAL: 120}, open=False),
    # Nothing personal leaves uncounted.
    "query": Limit(
        most={
            Role.SUBJECT: 60,
            Role.OPERATOR: 300,
            Role.AGENCY: 600,
            Role.JUDICIAL: 600,
            Role.THIRD_PARTY: 300,
        },
        open=False,
    ),
    "report": Limit(
        most={
            Role.SUBJECT: 20,
            Role.OPERATOR: 120,
            Role.AGENCY: 120,
            Role.JUDICIAL: 120,
            Role.THIRD_PARTY: 120,
        },
        open=False,
    ),
    # An assertion cannot be guessed at; what is limited is the work of looking at it.
    "token": Limit(most={Role.PUBLIC: 120}, open=True),
    # Reporting is a duty with a deadline; a file is counted by its registration anyway.
    "upload": Limit(most={Role.PROVIDER: 120, Role.CODE_AUTHORITY: 120}, open=True),
    "push": Limit(most={Role.PROVIDER: 600, Role.CODE_AUTHORITY: 600}, open=True),
}
"""Every limit by its name."""


class Allowance(Struct, frozen=True, kw_only=True):
    """What a caller has left of a limit: `left` is None where it is used up."""

    name: Limited
    most: int
    left: int | None
    seconds: int

    @property
    def exceeded(self) -> bool:
        """Whether this request is one too many."""
        return self.left is None

    def headers(self, *, kept: bool = False) -> dict[str, str]:
        """For the answer (draft-ietf-httpapi-ratelimit-headers-10).

        Of an answer that anybody may keep (`kept`) only the policy, which is the same for all.
        """
        policy = {"RateLimit-Policy": f'"{self.name}";q={self.most};w={WINDOW}'}
        if kept:
            return policy
        told = {**policy, "RateLimit": f'"{self.name}";r={self.left or 0};t={self.seconds}'}
        return {**told, "Retry-After": str(self.seconds)} if self.exceeded else told
