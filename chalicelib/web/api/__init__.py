"""The routes, one blueprint a capability."""

from typing import Final

from chalicelib.web.api import catalogue, service
from chalicelib.web.endpoints import Api

BLUEPRINTS: Final[tuple[Api, ...]] = (service.api, catalogue.api)
