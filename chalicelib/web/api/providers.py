"""Providers 信息提供单位: who may report what."""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.collection import uploads
from chalicelib.collection.uploads import ProviderEntry
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import Kind
from chalicelib.web.callers import Role
from chalicelib.web.endpoints import Api, Asked
from chalicelib.web.expectations import ONE_LINE
from chalicelib.web.inputs import Input

api = Api(__name__, tag="uploads")


class ProviderGiven(Input, frozen=True):
    """A provider's name and the catalogue items that it is entitled to report."""

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=ONE_LINE)]
    items: Annotated[tuple[Annotated[str, Meta(max_length=32)], ...], Meta(max_length=200)]


class ProvidersShown(Struct, frozen=True, kw_only=True):
    """Every registered provider."""

    providers: tuple[ProviderEntry, ...]


@api.endpoint(
    "PUT",
    "/v1/providers/{provider}",
    summary="登记信息提供单位 · Register a provider",
    request=ProviderGiven,
    answers={200: ProviderEntry},
    roles={Role.OPERATOR},
    refuses=frozenset({Kind.UNKNOWN}),
)
def register_provider(provider: str, body: ProviderGiven, asked: Asked) -> ProviderEntry:
    """Register a provider under its unified social credit code, or replace its name and items."""
    entry = ProviderEntry(provider=provider, name=body.name, items=tuple(sorted(set(body.items))))
    uploads.register_provider(entry, lawful_day(asked.at))
    return entry


@api.endpoint(
    "GET",
    "/v1/providers",
    summary="信息提供单位 · List the providers",
    answers={200: ProvidersShown},
    roles={Role.OPERATOR, Role.SUPERVISOR},
)
def list_providers() -> ProvidersShown:
    """Every registered provider and what it may report."""
    return ProvidersShown(providers=tuple(uploads.list_providers()))
