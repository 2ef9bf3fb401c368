"""What this service is, in which version, and whether it is up."""

from typing import Any, Literal

from msgspec import Struct

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.settings import settings
from chalicelib.web import openapi
from chalicelib.web.endpoints import Api, Asked

api = Api(__name__, tag="service")


class RulebookVersion(Struct, frozen=True, kw_only=True):
    """The rulebook that decides here. `version` names every layer with its edition."""

    name: str
    title: str
    title_en: str
    version: str


class Service(Struct, frozen=True, kw_only=True):
    """What this service runs by, and where its interface is described."""

    title: str
    title_en: str
    api_version: str
    catalogue_version: str
    rulebook: RulebookVersion
    openapi: str


class Health(Struct, frozen=True):
    """The service answers."""

    status: Literal["ok"]


@api.endpoint(
    "GET",
    "/v1",
    summary="服务说明 Service description",
    answers={200: Service},
    public=True,
    cached=True,
)
def describe_service(asked: Asked) -> Service:
    """The versions of interface, catalogue and rulebook that decide every answer."""
    rulebook = load_rulebook(settings().rulebook)
    return Service(
        title="公共信用信息系统",
        title_en="Public credit information system",
        api_version=openapi.API_VERSION,
        catalogue_version=load_catalogue(lawful_day(asked.at)).version,
        rulebook=RulebookVersion(
            name=rulebook.name,
            title=rulebook.title,
            title_en=rulebook.title_en,
            version=rulebook.version,
        ),
        openapi="/v1/openapi.json",
    )


@api.endpoint(
    "GET",
    "/v1/openapi.json",
    summary="接口说明 OpenAPI document",
    answers={200: dict[str, Any]},
    public=True,
    cached=True,
)
def describe_interface() -> openapi.Document:
    """This document: OpenAPI 3.1, generated from the routes."""
    return openapi.describe(api.inventory)


@api.endpoint("GET", "/v1/health", summary="运行状态 Health", answers={200: Health}, public=True)
def report_health() -> Health:
    """Answers as long as the service can answer at all; asks nothing of anything behind it."""
    return Health(status="ok")
