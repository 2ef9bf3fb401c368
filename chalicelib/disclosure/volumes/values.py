"""What is counted of whom, and what follows from a count."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from chalicelib.law.rules import Measure, Ruled, Threshold, Watched
from chalicelib.runtime.cipher import short_hash
from chalicelib.runtime.clock import LAWFUL_ZONE

What = Literal["noticed", "stopped", "lifted"]

_WHOLE: Final = "-"


class Asker(Struct, frozen=True, kw_only=True):
    """Who asks: an organisation (the subject key of a person who asks alone), and its account.

    `staff` is empty for machines, which ask for many: they are watched as their organisation.
    """

    organisation: str
    staff: str


class Excess(Struct, frozen=True, kw_only=True):
    """A volume that has reached a threshold: of a whole organisation, or of one account (`staff`).

    `id` says in which hour or day, by which measure, whose, and which threshold for which time.
    """

    id: str
    organisation: str
    staff: str
    measure: Measure
    count: int
    threshold: int
    source: str
    rulebook: str
    at: datetime


class Lifting(Struct, frozen=True, kw_only=True):
    """That the supervisor let queries go on: when, who (`sub`), and why."""

    at: datetime
    by: str
    reason: str


class Stop(Struct, frozen=True):
    """Queries that were stopped for an excess, and that they were let go on, if they were."""

    excess: Excess
    lifted: Lifting | None

    def stands_for(self, asker: Asker) -> bool:
        """Whether it keeps `asker` from asking."""
        return self.lifted is None and self.excess.staff in ("", asker.staff)


class Alert(Struct, frozen=True):
    """What the supervisor is told of an excess; `lifting` belongs to `lifted`."""

    what: What
    excess: Excess
    lifting: Lifting | None = None

    @property
    def at(self) -> datetime:
        """When that happened of which it tells."""
        return self.lifting.at if self.lifting else self.excess.at


class Counted(Struct, frozen=True, kw_only=True):
    """A volume at the moment when `added` more made `count` of it."""

    asker: Asker
    watched: Watched
    measure: Measure
    count: int
    added: int
    at: datetime

    def notice(self, ruled: Ruled[Threshold]) -> Excess | None:
        """The excess, where this has just reached the threshold of notice or a multiple of it."""
        number = self.count // ruled.value.notice
        if number == (self.count - self.added) // ruled.value.notice:
            return None
        return self._excess(f"n{number}", ruled, ruled.value.notice)

    def stop(self, ruled: Ruled[Threshold], made: Iterable[str]) -> Excess | None:
        """The excess to stop for, where `made` (ids of stops) do not reach so far.

        Every full threshold stops once. One that was counted but not stopped for leads to it the
        next time.
        """
        number = self.count // ruled.value.stop
        numbers = (
            each.removeprefix(self._prefix) for each in made if each.startswith(self._prefix)
        )
        if number <= max(map(int, numbers), default=0):
            return None
        return self._excess(str(number), ruled, ruled.value.stop)

    @property
    def _prefix(self) -> str:
        local = self.at.astimezone(LAWFUL_ZONE)
        period = f"{local:%Y%m%dT%H}" if self.measure == "hour" else f"{local:%Y%m%d}"
        # ids stand in addresses and messages: an account is not named there
        whole = self.watched == "organisation"
        whose = _WHOLE if whole else short_hash(self.asker.staff.encode())
        return f"{period}.{self.measure}.{whose}."

    def _excess(self, number: str, ruled: Ruled[Threshold], threshold: int) -> Excess:
        return Excess(
            id=self._prefix + number,
            organisation=self.asker.organisation,
            staff="" if self.watched == "organisation" else self.asker.staff,
            measure=self.measure,
            count=self.count,
            threshold=threshold,
            source=ruled.source,
            rulebook=ruled.rulebook,
            at=self.at,
        )
