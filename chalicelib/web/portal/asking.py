"""Pages ask the API's own routes, in process: the same contract, the same checks, the same ledger."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from chalicelib.web.callers import ANONYMOUS
from chalicelib.web.endpoints import Answer, Endpoint, Handler
from chalicelib.web.limiting.spending import spend
from chalicelib.web.portal.visits import Visit
from chalicelib.web.serving import check_rights, refuse_excess

T = TypeVar("T")


def ask(visit: Visit, handler: Callable[..., T | Answer], **given: Any) -> T:
    """What the route of `handler` answers this visitor.

    Raises E-AUTH-02 where the route is not for the visitor, E-HTTP-08 where the visitor has asked too
    often, and whatever the route raises.
    """
    endpoint = _endpoints()[handler]
    caller = ANONYMOUS if endpoint.public else visit.caller
    check_rights(endpoint, caller)
    if endpoint.limited:
        refuse_excess(spend(endpoint.limited, caller, visit.request, visit.asked.at))
    offered = {**given, "caller": caller, "asked": visit.asked}
    answer = handler(**{name: offered[name] for name in endpoint.wants})
    told: T = answer.body if isinstance(answer, Answer) else answer
    return told


@cache
def _endpoints() -> Mapping[Handler, Endpoint]:
    from chalicelib.web.routes import BLUEPRINTS

    return {each.handler: each for api in BLUEPRINTS for each in api.endpoints}
