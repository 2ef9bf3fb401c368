"""What a page is asked, and the sorts of answers that it may give."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from chalice.app import Request
from msgspec import Struct

from chalicelib.web.callers import Caller, Role
from chalicelib.web.endpoints import Asked
from chalicelib.web.inputs import read_query
from chalicelib.web.preferences import Language

S = TypeVar("S", bound=Struct)


class Visit(Struct, frozen=True, kw_only=True):
    """One request for a page.

    `address` is what was asked for, without what only says how to show it. `csrf` is what a form of
    this visitor must bring back, empty for whoever has not signed in.
    """

    request: Request
    caller: Caller
    asked: Asked
    language: Language
    large: bool
    address: str
    query: Mapping[str, Sequence[str]]
    form: Mapping[str, Sequence[str]]
    cookies: Mapping[str, str]
    csrf: str

    @property
    def signed_in(self) -> bool:
        """Whether somebody is known to ask."""
        return self.caller.role is not Role.PUBLIC

    def read(self, shape: type[S]) -> S:
        """The query, blank fields left out, as a `shape`. Raises `RequestInvalid`."""
        return read_query(_without_blanks(self.query), shape)

    def fill(self, shape: type[S], **more: Sequence[str]) -> S:
        """The form, blank fields left out, and `more` as a `shape`. Raises `RequestInvalid`."""
        return read_query(_without_blanks({**self.form, **more}), shape)

    def say(self, zh: str, en: str) -> str:
        """Whichever of the two the visitor reads."""
        return zh if self.language == "zh" else en

    def join(self, *sentences: str) -> str:
        """Sentences one after the other, each with one full stop, whether it came with it or not."""
        stop, space = self.say("。", "."), self.say("", " ")
        return space.join(f"{each.rstrip(stop)}{stop}" for each in sentences if each)


def _without_blanks(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    filled = {name: [each for each in texts if each] for name, texts in given.items()}
    return {name: texts for name, texts in filled.items() if texts}


class Shown(Struct, frozen=True):
    """A page made from `template` with `values`; `reaches` are other origins that it sends to."""

    template: str
    values: Mapping[str, Any]
    status: int = 200
    cookies: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()


class Away(Struct, frozen=True):
    """Go to another address (303)."""

    to: str
    cookies: tuple[str, ...] = ()


class Told(Struct, frozen=True):
    """A value for a page's own script, as JSON."""

    value: Any
    status: int = 200


class Sending(Struct, frozen=True):
    """For the script that sends files: where this one goes, in parts without `url`; then to `place`."""

    place: str
    url: str | None
    headers: Mapping[str, str]


class Sent(Struct, frozen=True):
    """A text that is sent as it is."""

    text: str
    headers: Mapping[str, str]


Reply = Shown | Away | Told | Sent
