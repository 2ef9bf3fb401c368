"""The issuers whose tokens are accepted, by configuration: one generic OpenID Connect adapter.

Every issuer says in its own words who somebody is. Its entry in the parameter `Issuers` tells where
in the token each thing stands (RFC 6901 pointers), what the issuer's words mean in ours, and which
roles it may vouch for: what is not told so, is not believed.
"""

import re
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from chalicelib.web.callers import Role
from chalicelib.web.signing_keys import SigningKeys, is_safe_address

LONGEST_MINUTES: Final = 720

_PEOPLE: Final = frozenset({Role.SUBJECT, Role.THIRD_PARTY})
_PATH: Final = r"^(/([^~/]|~[01])+)+(?!\n)$"

Algorithm = Literal["RS256", "ES256"]
Pointer = Annotated[str, Meta(pattern=_PATH, max_length=200)]


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an issuer says something: `at` a place of the token, or `always` the same.

    `values` turns the issuer's words into ours; others are refused. Where there is a list, exactly
    one of its words must have a meaning.
    """

    at: Pointer | UnsetType = UNSET
    always: str | UnsetType = UNSET
    values: Mapping[str, str] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if (self.at is UNSET) == (self.always is UNSET):
            raise ValueError("a claim has either `at` or `always`")

    def read(self, claims: Mapping[str, Any]) -> Any:
        """What `claims` say here in our words; None where they say nothing."""
        found = self.always if self.at is UNSET else _look_up(claims, str(self.at))
        if self.values is UNSET or found is None:
            return found
        words = found if isinstance(found, list) else [found]
        known = [word for word in words if isinstance(word, str) and word in self.values]
        meanings = {self.values[word] for word in known}
        return meanings.pop() if len(meanings) == 1 else UNSET


class Places(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an issuer says who somebody is; a text is short for a place's `at`.

    `organisation` is whom staff and machines act for, `represents` the organisation that a subject
    speaks for: a person's employer must not become an archive of the person's own. Without `scope`
    the issuer's tokens are bound by their role alone.
    """

    role: Place | Pointer = "/role"
    organisation: Place | Pointer = "/organisation"
    represents: Place | Pointer = "/organisation"
    name: Place | Pointer = "/name"
    paper_kind: Place | Pointer = "/paper_kind"
    paper_number: Place | Pointer = "/paper_number"
    scope: Place | Pointer | None = None

    def read(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """Everything that `claims` say of somebody, by our names; what they don't say is left out.

        A word without a meaning is `UNSET`, which is no value of anything.
        """
        places = {name: getattr(self, name) for name in self.__struct_fields__}
        told = {
            name: (Place(at=place) if isinstance(place, str) else place).read(claims)
            for name, place in places.items()
            if place is not None
        }
        represented = told.pop("represents", None)
        if told.get("role") == Role.SUBJECT:
            told["organisation"] = represented
        return {name: value for name, value in told.items() if value is not None}


class Issuer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One trusted issuer.

    `keys` is the address of its key set; `roles` are those that it may vouch for: an issuer of
    people's tokens vouches for nobody's staff. `types` are the token types that it signs for us
    (RFC 8725 §3.11). A token that holds for more than `longest_minutes` is refused. `client` is the
    name under which the portal is registered there as a public client with PKCE (RFC 7636); without
    it nobody signs in to the portal through the issuer.
    """

    issuer: Annotated[str, Meta(min_length=1, max_length=255)]
    audience: Annotated[str, Meta(min_length=1, max_length=255)]
    keys: Annotated[str, Meta(min_length=1, max_length=500)]
    roles: Annotated[frozenset[Role], Meta(min_length=1)]
    algorithms: Annotated[frozenset[Algorithm], Meta(min_length=1)] = frozenset({"RS256", "ES256"})
    types: frozenset[Literal["jwt", "at+jwt"]] = frozenset({"jwt", "at+jwt"})
    longest_minutes: Annotated[int, Meta(ge=1, le=LONGEST_MINUTES)] = 60
    client: Annotated[str, Meta(max_length=255)] = ""
    claims: Places = Places()

    def __post_init__(self) -> None:
        if Role.PUBLIC in self.roles:
            raise ValueError("no issuer vouches for the public")
        if Role.SUBJECT in self.roles and not self.roles <= _PEOPLE:
            raise ValueError("an issuer of people's tokens vouches for no other role")


class Trusted(Struct, frozen=True):
    """A trusted issuer with its keys as this process knows them."""

    issuer: Issuer
    keys: SigningKeys


_ISSUERS: Final[Any] = Annotated[tuple[Issuer, ...], Meta(min_length=1)]

Trust = Mapping[str, Trusted]
"""The trusted issuers by the `iss` of their tokens."""


def read_issuers(text: str) -> tuple[Issuer, ...]:
    """The issuers that the parameter `Issuers` names: a JSON list, at least one.

    Raises `ValueError` with what is wrong.
    """
    found: tuple[Issuer, ...] = msgspec.json.decode(text, type=_ISSUERS)
    if len({each.issuer for each in found}) < len(found):
        raise ValueError("an issuer is named twice")
    unsafe = [each.keys for each in found if not is_safe_address(each.keys)]
    if unsafe:
        raise ValueError(f"keys must come over https: {unsafe[0]}")
    return found


def trust(issuers: Collection[Issuer]) -> Trust:
    """`issuers`, each with keys that are fetched when first asked for."""
    return {each.issuer: Trusted(each, SigningKeys(each.keys)) for each in issuers}


def _look_up(claims: Any, pointer: str) -> Any:
    """What `pointer` points to in `claims`, None where there is nothing."""
    found = claims
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(name)
        elif isinstance(found, list) and re.fullmatch("[0-9]{1,3}", name):
            found = found[int(name)] if int(name) < len(found) else None
        else:
            return None
    return found
