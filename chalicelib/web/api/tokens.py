"""Tokens for machines, the keys that prove them, and the clients that may have them."""

import os
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.runtime.settings import settings
from chalicelib.web.callers import Role
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.machines import clients, keys
from chalicelib.web.machines.clients import Client, KeyId, MachineRole, PublicKey
from chalicelib.web.machines.issuing import (
    GRANT_TYPE,
    KEYS_PATH,
    TOKEN_PATH,
    Asking,
    TokenRefused,
    issue,
)
from chalicelib.web.scopes import Scope, write_scopes

api = Api(__name__, tag="tokens")

Reason = Annotated[str, Meta(min_length=1, max_length=500)]


class TokenAsked(Input, frozen=True):
    """Client credentials (RFC 6749 §4.4) with a signed assertion (RFC 7523 §2.2).

    `grant_type` is `client_credentials`, `client_assertion_type`
    `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`. Without `scope` all registered ones.
    """

    grant_type: Annotated[str, Meta(max_length=64)] = ""
    client_id: Annotated[str, Meta(max_length=255)] = ""
    client_assertion_type: Annotated[str, Meta(max_length=128)] = ""
    client_assertion: Annotated[str, Meta(max_length=8192)] = ""
    scope: Annotated[str, Meta(max_length=255)] = ""


class TokenGiven(Struct, frozen=True, kw_only=True):
    """An access token, good for `expires_in` seconds (RFC 6749 §5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class TokenRefusal(Struct, frozen=True, kw_only=True):
    """Why there is no token (RFC 6749 §5.2)."""

    error: Literal["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"]
    error_description: str


class PublishedKey(Struct, frozen=True, kw_only=True):
    """One public key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class KeySet(Struct, frozen=True, kw_only=True):
    """The keys that may have signed a token which still holds."""

    keys: tuple[PublishedKey, ...]


class ServerMetadata(Struct, frozen=True, kw_only=True):
    """What a client needs to know before it asks (RFC 8414)."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    grant_types_supported: tuple[str, ...]
    response_types_supported: tuple[str, ...]
    scopes_supported: tuple[Scope, ...]
    token_endpoint_auth_methods_supported: tuple[str, ...]
    token_endpoint_auth_signing_alg_values_supported: tuple[str, ...]


class ClientGiven(Input, frozen=True):
    """A client as it is to be registered. `keys` are its public keys, at most five.

    `organisation` is whom it acts for, `suspended` that it gets no token more.
    """

    organisation: Annotated[str, Meta(max_length=18)]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    role: MachineRole
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=20)]
    keys: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=5)]
    suspended: bool = False


class ClientsShown(Struct, frozen=True, kw_only=True):
    """Every registered client."""

    clients: tuple[Client, ...]


class KeyAsked(Input, frozen=True):
    """A new signing key before its time, and why; `distrust` ends all earlier ones at once."""

    reason: Reason
    distrust: bool = False


class TokenKeyShown(Struct, frozen=True, kw_only=True):
    """A signing key; `distrusted` is why it is trusted no more."""

    kid: KeyId
    made: datetime
    distrusted: str


class TokenKeysShown(Struct, frozen=True, kw_only=True):
    """Every signing key, oldest first."""

    keys: tuple[TokenKeyShown, ...]


@api.endpoint(
    "POST",
    TOKEN_PATH,
    summary="申请访问令牌 · Ask for a machine's token",
    request=TokenAsked,
    form=True,
    answers={200: TokenGiven, 400: TokenRefusal, 401: TokenRefusal},
    public=True,
    limited="token",
)
def give_token(body: TokenAsked, asked: Asked) -> Answer:
    """Client credentials: an assertion signed with a registered key, used once, becomes a token."""
    asking = Asking(
        grant_type=body.grant_type,
        client_id=body.client_id,
        client_assertion_type=body.client_assertion_type,
        client_assertion=body.client_assertion,
        scope=body.scope,
    )
    try:
        issued = issue(asking, url=settings().public_url, now=asked.at, randomness=os.urandom)
    except TokenRefused as refused:
        unknown = refused.error == "invalid_client"
        told = TokenRefusal(error=refused.error, error_description=refused.about)
        return Answer(told, HTTPStatus.UNAUTHORIZED if unknown else HTTPStatus.BAD_REQUEST)
    return Answer(
        TokenGiven(
            access_token=issued.token,
            token_type="Bearer",  # noqa: S106 - a kind
            expires_in=issued.seconds,
            scope=write_scopes(issued.scopes),
        )
    )


@api.endpoint(
    "GET",
    KEYS_PATH,
    summary="令牌公钥 · The keys that sign machines' tokens",
    answers={200: KeySet},
    public=True,
    cached=True,
)
def publish_keys(asked: Asked) -> KeySet:
    """Public keys: each from a quarter of an hour before it signs until its last token has ended."""
    published = keys.list_published(keys.read_all(), asked.at)
    return KeySet(
        keys=tuple(
            PublishedKey(**key.jwk, kid=key.kid, use="sig", alg=keys.ALGORITHM) for key in published
        )
    )


@api.endpoint(
    "GET",
    "/.well-known/oauth-authorization-server",
    summary="令牌服务说明 · How machines sign in",
    answers={200: ServerMetadata},
    public=True,
    cached=True,
)
def describe_token_service() -> ServerMetadata:
    """Where and how a registered client gets a token."""
    url = settings().public_url
    return ServerMetadata(
        issuer=url,
        token_endpoint=f"{url}{TOKEN_PATH}",
        jwks_uri=f"{url}{KEYS_PATH}",
        grant_types_supported=(GRANT_TYPE,),
        response_types_supported=(),
        scopes_supported=tuple(Scope),
        token_endpoint_auth_methods_supported=("private_key_jwt",),
        token_endpoint_auth_signing_alg_values_supported=("ES256", "RS256"),
    )


@api.endpoint(
    "GET",
    "/v1/clients",
    summary="对接客户端 · List the registered clients",
    answers={200: ClientsShown},
    roles={Role.OPERATOR, Role.SUPERVISOR},
)
def list_clients() -> ClientsShown:
    """Every machine that may sign in, with what it may do."""
    return ClientsShown(clients=tuple(clients.list_all()))


@api.endpoint(
    "PUT",
    "/v1/clients/{client}",
    summary="登记对接客户端 · Register a client",
    request=ClientGiven,
    answers={200: Client},
    roles={Role.OPERATOR},
)
def register_client(client: str, body: ClientGiven, asked: Asked) -> Client:
    """Register a client, or replace what is registered: its keys, its scopes, its suspension."""
    given = Client(
        id=client,
        organisation=body.organisation,
        name=body.name,
        role=body.role,
        scopes=tuple(sorted(set(body.scopes))),
        keys=body.keys,
        suspended=body.suspended,
        registered_at=asked.at,
    )
    clients.register(given)
    return given


@api.endpoint(
    "POST",
    "/v1/signing-keys",
    summary="更换令牌签名密钥 · Change the key that signs machines' tokens",
    request=KeyAsked,
    answers={201: TokenKeysShown},
    roles={Role.OPERATOR},
)
def change_signing_key(body: KeyAsked, asked: Asked) -> Answer:
    """A new key before the month is over; where the old one is known to others, at once."""
    found = keys.replace(asked.at, body.reason, distrust=body.distrust)
    shown = (TokenKeyShown(kid=key.kid, made=key.made, distrusted=key.distrusted) for key in found)
    return Answer(TokenKeysShown(keys=tuple(shown)), 201)
