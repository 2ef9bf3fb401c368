"""Typed routes: what a route takes, answers and to whom, declared once.

The declaration is the contract: it checks the role, parses the request, encodes the answer and
describes itself for OpenAPI. A handler is a plain function of values.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, TypedDict, TypeVar, Unpack

from chalice.app import Blueprint
from msgspec import Struct

from chalicelib.runtime.errors import Kind
from chalicelib.web.callers import MACHINES, Role
from chalicelib.web.inputs import Input, Nothing
from chalicelib.web.limiting.limits import LIMITS, Limited
from chalicelib.web.scopes import Scope

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)

_PATH_PARAMETER: Final = re.compile(r"{(\w+)}")
_LONGEST_BODY: Final = 64 * 1024


class Answer(Struct, frozen=True):
    """An answer with a status or headers of its own; a bare value is answered 200."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = {}


class Asked(Struct, frozen=True):
    """What the door knows of a request beside its content.

    `page` tells that a page for people is wanted rather than JSON, where the route has both.
    """

    at: datetime
    request_id: str
    page: bool = False


class Options(TypedDict, total=False):
    """What a route need not say; see `Endpoint`."""

    request: type[Input]
    form: bool
    query: type[Input]
    headers: type[Input]
    refuses: frozenset[Kind]
    longest: int
    cached: bool
    dated: str | None
    limited: Limited | None
    scope: Scope | None


class Endpoint(Struct, frozen=True, kw_only=True):
    """One route's contract.

    `answers` are the types of bodies by status, None for an empty one, several where the request's
    Accept decides. `roles` empty means that
    everybody may ask, and needs no token. `refuses` are kinds of refusal beyond those that follow
    from the contract. `form`: the body is a form, not JSON, and what it does not define is let be.
    `longest` is the longest body in bytes. `cached` answers
    may be kept by anyone for up to a minute. `dated` is the field of the answer that tells when it
    was made, if one does: answers that differ in nothing else are the same. `limited` names the limit that a request spends of.
    `scope` is what a machine's token must hold besides the role; without one no machine may ask.
    `wants` are the names of the handler's parameters.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    answers: Mapping[int, Any]
    roles: frozenset[Role]
    tag: str
    request: type[Input] | None = None
    form: bool = False
    query: type[Input] = Nothing
    headers: type[Input] | None = None
    refuses: frozenset[Kind] = frozenset()
    longest: int = _LONGEST_BODY
    cached: bool = False
    dated: str | None = None
    limited: Limited | None = None
    scope: Scope | None = None
    wants: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The operation's name: that of its handler."""
        return self.handler.__name__

    @property
    def public(self) -> bool:
        """Whether the route asks for no token."""
        return not self.roles

    @property
    def tagged(self) -> bool:
        """Whether its answers carry an ETag, and whoever holds one is told so instead (304)."""
        return self.method == "GET" and HTTPStatus.OK in self.answers

    def shapes(self, status: int) -> tuple[Any, ...]:
        """The types of the bodies that are answered with `status`; none for an empty one."""
        answer = self.answers[status]
        if answer is None:
            return ()
        return answer if isinstance(answer, tuple) else (answer,)

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in braces of the path, in order."""
        return tuple(_PATH_PARAMETER.findall(self.path))


class Api(Blueprint):
    """A blueprint of typed routes, one a capability. `CreditApp.mount` puts it in place.

    `scope` is that of its routes which a machine may call. `endpoints` are its own routes,
    `inventory` all those of the app that it is mounted on.
    """

    def __init__(self, import_name: str, *, tag: str, scope: Scope | None = None) -> None:
        super().__init__(import_name)
        self.tag = tag
        self.scope = scope
        self.endpoints: list[Endpoint] = []
        self.inventory: Sequence[Endpoint] = ()

    def endpoint(
        self,
        method: str,
        path: str,
        *,
        summary: str,
        answers: Mapping[int, Any],
        roles: frozenset[Role] | set[Role] = frozenset(),
        public: bool = False,
        **options: Unpack[Options],
    ) -> Callable[[H], H]:
        """Declare the decorated function as a route; the function itself stays as it is.

        It is called with those of these that it names: `caller`, `body`, `query`, `headers`,
        `asked`, and every path parameter. It returns a value of `answers[200]`, or an `Answer`.
        Raises `TypeError` for a contract that names
        neither or both of `roles` and `public`, or does not fit the function.
        """
        if public == bool(roles):
            raise TypeError(path, "a route is either public or names its roles")
        if MACHINES & roles:
            options.setdefault("scope", self.scope)

        def declare(handler: H) -> H:
            endpoint = Endpoint(
                method=method,
                path=path,
                handler=handler,
                summary=summary,
                answers=answers,
                roles=frozenset(roles),
                tag=self.tag,
                wants=frozenset(inspect.signature(handler).parameters),
                **options,
            )
            _check_fit(endpoint)
            self.endpoints.append(endpoint)
            return handler

        return declare


def _check_fit(endpoint: Endpoint) -> None:
    offered = {"caller", "asked", *endpoint.path_parameters}
    offered |= {"body"} if endpoint.request else set()
    offered |= {"query"} if endpoint.query is not Nothing else set()
    offered |= {"headers"} if endpoint.headers else set()
    unknown = endpoint.wants - offered
    missing = set(endpoint.path_parameters) - endpoint.wants
    if unknown or missing:
        raise TypeError(endpoint.name, "does not fit its contract", sorted(unknown | missing))
    if endpoint.cached and not endpoint.public:
        raise TypeError(endpoint.name, "only what is public may be cached")
    if endpoint.limited and not LIMITS[endpoint.limited].most.keys() >= _callers(endpoint):
        raise TypeError(endpoint.name, "its limit does not name all its roles", endpoint.limited)


def _callers(endpoint: Endpoint) -> frozenset[Role]:
    return endpoint.roles or frozenset({Role.PUBLIC})
