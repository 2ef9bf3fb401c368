"""Registered clients: machines of one organisation, each with a role, scopes and public keys."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from chalicelib.runtime.errors import DomainError
from chalicelib.runtime.log_codes import LogCode
from chalicelib.runtime.observability import log
from chalicelib.subjects.identifiers import check_uscc
from chalicelib.web.inputs import Input
from chalicelib.web.machines import codes, store
from chalicelib.web.scopes import Scope
from chalicelib.web.signing_keys import SigningKey, read_keys

MachineRole = Literal["provider", "code_authority", "agency", "third_party", "judicial"]
"""`callers.MACHINES`, as a type."""
KeyPart = Annotated[str, Meta(max_length=1024, pattern=r"^[A-Za-z0-9_-]+(?!\n)$")]
KeyId = Annotated[str, Meta(max_length=128, pattern=r"^[A-Za-z0-9._-]+(?!\n)$")]


class PublicKey(Input, frozen=True, omit_defaults=True):
    """A public key (RFC 7517): `n` and `e` of an RSA key, or `crv` P-256 with `x` and `y`.

    There is no place for a private part, so one that is sent is refused.
    """

    kty: Literal["RSA", "EC"]
    kid: KeyId
    use: Literal["sig"] | None = None
    alg: Literal["RS256", "ES256"] | None = None
    n: KeyPart | None = None
    e: KeyPart | None = None
    crv: Literal["P-256"] | None = None
    x: KeyPart | None = None
    y: KeyPart | None = None


class Client(Struct, frozen=True, kw_only=True):
    """A client as registered; a suspended one is given no token more."""

    id: str
    organisation: str
    name: str
    role: MachineRole
    scopes: tuple[Scope, ...]
    keys: tuple[PublicKey, ...]
    suspended: bool
    registered_at: datetime

    @property
    def signing_keys(self) -> dict[str, SigningKey]:
        """The keys that may sign its assertions, by id."""
        return dict(read_keys(msgspec.json.encode({"keys": self.keys})))


def register(client: Client) -> None:
    """Register `client`, or replace what is registered under its id.

    Raises E-CLIENT-01 for a key that cannot be used, E-CLIENT-02 for a wrong organisation.
    """
    if check_uscc(client.organisation) != client.organisation:
        raise DomainError(codes.ORGANISATION_WRONG, pointer="/organisation")
    usable = client.signing_keys
    names = [key.kid for key in client.keys]
    for number, kid in enumerate(names):
        if kid not in usable or kid in names[:number]:
            raise DomainError(codes.KEY_UNUSABLE, pointer=f"/keys/{number}", kid=kid)
    store.put_client(client.id, msgspec.json.encode(client).decode())
    log(LogCode.CLIENT_REGISTERED, client=client.id, suspended=client.suspended)


def find(client: str) -> Client | None:
    """The client of this id, suspended or not."""
    body = store.find_client(client)
    return None if body is None else msgspec.json.decode(body, type=Client)


def list_all() -> list[Client]:
    """Every registered client, by id."""
    return [msgspec.json.decode(body, type=Client) for body in store.list_clients()]
