"""The interface described by itself: OpenAPI 3.1 from the contracts of its routes.

`python -m infra.documents` writes the committed copy, docs/openapi.json.
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from inspect import cleandoc
from typing import Any, Final

import msgspec

from chalicelib.runtime.errors import Kind
from chalicelib.web import problems, scopes
from chalicelib.web.contracts import list_faults
from chalicelib.web.endpoints import Endpoint
from chalicelib.web.inputs import FORM, Nothing
from chalicelib.web.outputs import JSON, PLAIN

API_VERSION: Final = "1.0.0"

Document = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"
_HEADER: Final = "#/components/headers/{name}"
_HEADERS: Final = {
    "ETag": {
        "description": "What names this answer, for If-None-Match.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "The limit that the request spends of: most requests (q) in a window (w, s).",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "How many requests remain (r) until the window ends (t, s).",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "minimum": 0},
    },
}
_PARAMETER: Final = "#/components/parameters/{name}"
_PARAMETERS: Final = {
    "Accept-Language": {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of problems: Chinese or, where it is liked better, English.",
        "required": False,
        "schema": {"type": "string"},
        "example": "en, zh;q=0.5",
    },
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETags of the answers that the caller holds.",
        "required": False,
        "schema": {"type": "string"},
    },
}
"""What every operation reads, and what those read whose answers carry an ETag."""
_SCHEMES: Final[Document] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "People, by a token of one of the trusted OpenID Connect issuers.",
    },
    "machine": {
        "type": "oauth2",
        "description": "Registered clients, which sign in with private_key_jwt (RFC 7523).",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/v1/token",
                "scopes": {scope.value: about for scope, about in scopes.ABOUT.items()},
            }
        },
    },
}
_ABOUT: Final = (
    "公共信用信息系统开放接口。Open interface of the public credit information system. "
    "Errors are RFC 9457 problem documents in Chinese or, by Accept-Language, English. "
    "What is read has an ETag; with it as If-None-Match the answer is 304 while nothing changes. "
    "Moments are RFC 3339 in Asia/Shanghai; amounts are decimal text in the unit of their field."
)


def describe(endpoints: Iterable[Endpoint]) -> Document:
    """The OpenAPI 3.1 document of `endpoints`, the same for the same contracts.

    Raises `ValueError` naming every contract that breaks a rule of `contracts`.
    """
    routes = sorted(endpoints, key=lambda each: (each.path, each.method))
    faults = list_faults(routes)
    if faults:
        raise ValueError("; ".join(faults))
    schemas = _Schemas(routes)
    paths: dict[str, Document] = {}
    for endpoint in routes:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "公共信用信息系统 Public Credit Information System",
            "version": API_VERSION,
            "description": _ABOUT,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in sorted({each.tag for each in routes})],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "securitySchemes": _SCHEMES,
        },
    }
    # Defaults come as Python values; what is answered, written and validated is plain JSON.
    plain: Document = msgspec.json.decode(msgspec.json.encode(document))
    return plain


def write(document: Document) -> str:
    """`document` as the committed file has it."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


class _Schemas:
    """JSON schemas of all message types of a set of routes."""

    def __init__(self, routes: Iterable[Endpoint]) -> None:
        shapes: list[Any] = [problems.Problem]
        flat: list[Any] = []
        for endpoint in routes:
            answered = (each for status in endpoint.answers for each in endpoint.shapes(status))
            shapes += [each for each in answered if each not in PLAIN]
            shapes += [endpoint.request] if endpoint.request else []
            flat += [endpoint.query] if endpoint.query is not Nothing else []
            flat += [endpoint.headers] if endpoint.headers else []
        everything = [*shapes, *flat]
        found, self.components = msgspec.json.schema_components(everything, ref_template=_REF)
        self._by_shape = {repr(shape): each for shape, each in zip(everything, found, strict=True)}
        # Parameters stand in their operations, one by one; their struct is nothing of its own.
        self._flat = {repr(each): self.components.pop(self._name(each), {}) for each in set(flat)}

    def _name(self, shape: Any) -> str:
        return str(self._by_shape[repr(shape)]["$ref"]).rpartition("/")[2]

    def of(self, shape: Any) -> Document:
        """The schema of a body."""
        return self._by_shape[repr(shape)]

    def parameters(self, shape: Any, place: str) -> list[Document]:
        """The fields of a query or header type as parameters."""
        schema = self._flat[repr(shape)]
        required = schema.get("required", [])
        return [
            _parameter(name, place, _drop_null(each), required=name in required)
            for name, each in schema["properties"].items()
        ]


def _parameter(name: str, place: str, schema: Document, *, required: bool) -> Document:
    about = schema.pop("description", None)
    told = {"description": about} if about else {}
    return {"name": name, "in": place, **told, "required": required, "schema": schema}


def _drop_null(schema: Document) -> Document:
    """A parameter is absent, never null."""
    kept = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
    choices = [each for each in kept.pop("anyOf", []) if each != {"type": "null"}]
    if len(choices) == 1:
        return {**choices[0], **kept}
    return {**kept, "anyOf": choices} if choices else kept


def _operation(endpoint: Endpoint, schemas: _Schemas) -> Document:
    parameters: list[Document] = [
        _parameter(name, "path", {"type": "string", "minLength": 1}, required=True)
        for name in endpoint.path_parameters
    ]
    if endpoint.query is not Nothing:
        parameters += schemas.parameters(endpoint.query, "query")
    if endpoint.headers is not None:
        parameters += schemas.parameters(endpoint.headers, "header")
    common = ["Accept-Language", *(["If-None-Match"] if endpoint.tagged else [])]
    parameters += [{"$ref": _PARAMETER.format(name=name)} for name in common]
    operation: Document = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": cleandoc(endpoint.handler.__doc__ or ""),
        "tags": [endpoint.tag],
        "parameters": parameters,
        "responses": _responses(endpoint, schemas),
        "security": _list_ways_in(endpoint),
    }
    if endpoint.roles:
        operation["x-roles"] = sorted(endpoint.roles)
    if endpoint.request is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {FORM if endpoint.form else JSON: {"schema": schemas.of(endpoint.request)}},
        }
    return operation


def _list_ways_in(endpoint: Endpoint) -> list[Document]:
    if endpoint.public:
        return []
    machines = [{"machine": [str(endpoint.scope)]}] if endpoint.scope else []
    return [{"bearer": []}, *machines]


def _responses(endpoint: Endpoint, schemas: _Schemas) -> Document:
    told: dict[int, Document] = {}
    for status in endpoint.answers:
        told[status] = {"description": HTTPStatus(status).phrase}
        content = dict(_describe(shape, schemas) for shape in endpoint.shapes(status))
        if content:
            told[status]["content"] = content
    if endpoint.tagged:
        told[304] = {"description": "What the caller holds is still right."}
        for status in (200, 304):
            told[status]["headers"] = _headers("ETag")
    problem = {problems.MEDIA_TYPE: {"schema": schemas.of(problems.Problem)}}
    for status in _list_refusals(endpoint):
        own = told.get(status, {}).get("content", {})
        title = " ".join(problems.TITLES[status])
        told[status] = {"description": title, "content": {**own, **problem}}
    if endpoint.limited:
        _tell_limit(endpoint, told)
    return {str(status): told[status] for status in sorted(told)}


def _describe(shape: Any, schemas: _Schemas) -> tuple[str, Document]:
    """The media type and schema of a body."""
    if shape in PLAIN:
        return PLAIN[shape], {"schema": {"type": "string"}}
    return JSON, {"schema": schemas.of(shape)}


def _tell_limit(endpoint: Endpoint, told: dict[int, Document]) -> None:
    """The headers of the limit: of answers that anybody may keep, the policy only."""
    for status in (*endpoint.answers, 429):
        names = ["RateLimit-Policy"]
        names += (
            ["RateLimit"] if status == HTTPStatus.TOO_MANY_REQUESTS or not endpoint.cached else []
        )
        names += ["Retry-After"] if status == HTTPStatus.TOO_MANY_REQUESTS else []
        told[status].setdefault("headers", {}).update(_headers(*names))


def _headers(*names: str) -> Document:
    return {name: {"$ref": _HEADER.format(name=name)} for name in names}


def _list_refusals(endpoint: Endpoint) -> set[int]:
    """Statuses of the problems that a route may answer, by what its contract asks."""
    statuses: Mapping[Kind, int] = problems.STATUSES
    found = {statuses[kind] for kind in endpoint.refuses}
    found |= {statuses[Kind.INVALID], statuses[Kind.UNAVAILABLE], 500}
    if endpoint.request is not None:
        found |= {statuses[Kind.MALFORMED], statuses[Kind.TOO_LARGE], 415}
    if endpoint.path_parameters:
        found.add(statuses[Kind.UNKNOWN])
    if endpoint.limited:
        found.add(statuses[Kind.TOO_MANY])
    if not endpoint.public:
        found |= {statuses[Kind.UNAUTHENTICATED], statuses[Kind.FORBIDDEN]}
    return found
