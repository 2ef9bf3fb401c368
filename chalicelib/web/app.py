"""`CreditApp`: Chalice bent to the rules of this house.

Logs and metrics for every function, problems (RFC 9457) for every error, security headers on
every answer, path parameters as they were meant.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import unquote

from chalice.app import Chalice, ChaliceAuthorizer, ConvertToMiddleware, Request, Response

from chalicelib.runtime import clock
from chalicelib.runtime.errors import Code, DomainError
from chalicelib.runtime.observability import logger, metrics
from chalicelib.web import codes, problems
from chalicelib.web.endpoints import Api, Endpoint
from chalicelib.web.outputs import HTML, SCRIPTS
from chalicelib.web.portal.routes import Page
from chalicelib.web.serving import serve

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_CHALICE_ERRORS: Final[Mapping[int, Code]] = {
    404: codes.ROUTE_UNKNOWN,
    405: codes.METHOD_REFUSED,
    415: codes.MEDIA_TYPE,
}

_OWN: Final = frozenset({problems.MEDIA_TYPE, HTML, SCRIPTS})
"""How routes and pages answer errors; anything else is Chalice's own."""


class CreditApp(Chalice):
    """The application: typed routes are mounted on it, event handlers declared in `app.py`."""

    def __init__(self, app_name: str, *, now: Callable[[], datetime] = clock.now) -> None:
        super().__init__(app_name, configure_logs=False)
        # Powertools' logger answers everything that Chalice asks of a logging.Logger.
        self.log = logger  # type: ignore[assignment]
        self.inventory: list[Endpoint] = []
        self.pages: list[Page] = []
        self._now = now
        self.register_middleware(
            ConvertToMiddleware(
                logger.inject_lambda_context(
                    clear_state=True, correlation_id_path="requestContext.requestId"
                )
            )
        )
        self.register_middleware(publish_metrics)

    def mount(self, blueprints: Iterable[Api], guard: ChaliceAuthorizer) -> None:
        """Put the routes of `blueprints` in place; `guard` is asked about all but public ones."""
        for blueprint in blueprints:
            self.register_blueprint(blueprint)
            blueprint.inventory = self.inventory
            for endpoint in blueprint.endpoints:
                self._route(endpoint, guard)

    def _route(self, endpoint: Endpoint, guard: ChaliceAuthorizer) -> None:
        def view(**path: str) -> Response:
            request = cast("Request", self.current_request)  # views only run inside a request
            return serve(endpoint, request, path, self._now())

        view.__name__ = endpoint.name
        # No content types: Chalice would refuse a GET that names one. `serve` looks at bodies.
        self.route(
            endpoint.path,
            methods=[endpoint.method],
            authorizer=None if endpoint.public else guard,
            content_types=[],
            name=endpoint.name,
        )(view)
        self.inventory.append(endpoint)

    def show(self, pages: Iterable[Page]) -> None:
        """Put `pages` in place. Who visits stands in a cookie, which API Gateway does not read."""
        for page in pages:
            self._show(page)

    def _show(self, page: Page) -> None:
        def view(**path: str) -> Response:
            from chalicelib.web.portal.serving import serve_page

            request = cast("Request", self.current_request)
            return serve_page(page, request, path, self._now())

        view.__name__ = page.name
        self.route(page.path, methods=[page.method], content_types=[], name=page.name)(view)
        self.pages.append(page)

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer one API Gateway proxy `event`."""
        answer = super().__call__(_unquote(event), context)
        case = problems.read_case(event, context)
        if _is_unexplained(answer) and not self._is_promised(answer, event):
            answer = self._explain(answer, event, case)
        return _secure(answer, case.request_id)

    def _is_promised(self, answer: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
        """Whether a route's contract names an `answer` that is neither a success nor a problem."""
        asked = event.get("requestContext", {}).get("resourcePath"), event.get("httpMethod")
        return any(
            answer["statusCode"] in endpoint.answers
            for endpoint in self.inventory
            if (endpoint.path, endpoint.method) == asked
        )

    def _explain(
        self, answer: dict[str, Any], event: dict[str, Any], case: problems.Case
    ) -> dict[str, Any]:
        """Chalice's own error `answer` as a problem; it says 405 of unknown paths too."""
        path = event.get("requestContext", {}).get("resourcePath")
        status = answer["statusCode"] if self.routes.get(path) else HTTPStatus.NOT_FOUND
        error = DomainError(_CHALICE_ERRORS.get(status, codes.INTERNAL))
        told = problems.respond(error, case)
        allow = answer["headers"].get("Allow")
        if allow:
            told.headers["Allow"] = allow
        return told.to_dict(self.api.binary_types)


def publish_metrics(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Middleware: send the metrics that the handler added, if any."""
    try:
        return get_response(event)
    finally:
        if metrics.metric_set:
            metrics.flush_metrics()


def _unquote(event: dict[str, Any]) -> dict[str, Any]:
    """`event` with plain path parameters: API Gateway passes them on percent-encoded.

    https://github.com/aws/chalice/issues/511
    """
    given: Mapping[str, str] = event.get("pathParameters") or {}
    return {**event, "pathParameters": {name: unquote(text) for name, text in given.items()}}


def _is_unexplained(answer: Mapping[str, Any]) -> bool:
    media_type = answer["headers"].get("Content-Type", "")
    return bool(answer["statusCode"] >= HTTPStatus.BAD_REQUEST and media_type not in _OWN)


def _secure(answer: dict[str, Any], request_id: str) -> dict[str, Any]:
    """`answer` with the headers that every answer has, where it doesn't set them itself."""
    own = {name.lower() for name in (*answer["headers"], *answer["multiValueHeaders"])}
    added = {name: text for name, text in SECURITY_HEADERS.items() if name.lower() not in own}
    headers = {**answer["headers"], **added, "X-Request-Id": request_id}
    return {**answer, "headers": headers}
