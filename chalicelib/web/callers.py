"""Who is asking: roles (REQUIREMENTS §1) and the caller of one request."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
from msgspec import Struct

from chalicelib.runtime.errors import DomainError
from chalicelib.web import codes
from chalicelib.web.scopes import Scope, read_scopes


class Role(StrEnum):
    """What a caller may act as; the value is the token's `role` claim."""

    PROVIDER = "provider"
    """信息提供单位"""
    CODE_AUTHORITY = "code_authority"
    """赋码部门"""
    OPERATOR = "operator"
    """公共信用信息工作机构"""
    SUPERVISOR = "supervisor"
    """社会信用综合管理部门"""
    AGENCY = "agency"
    """各部门(依职权)"""
    SUBJECT = "subject"
    """信用主体"""
    THIRD_PARTY = "third_party"
    """第三方机构或个人"""
    JUDICIAL = "judicial"
    """国家司法机关"""
    PUBLIC = "public"
    """社会公众:whoever has not signed in; no token may claim it"""


MACHINES: Final = frozenset(
    {Role.PROVIDER, Role.CODE_AUTHORITY, Role.AGENCY, Role.THIRD_PARTY, Role.JUDICIAL}
)
"""The roles that a machine may have: nobody is operated, supervised or represented by one."""


class Caller(Struct, frozen=True, kw_only=True):
    """The caller of one request.

    `organisation` is the code of the organisation acted for; `person` is the subject key of a
    real-name verified person who has an archive. Papers never come this far. `scopes` bind a
    machine beside its role; None for whoever is bound by the role alone.
    """

    role: Role
    sub: str = ""
    organisation: str | None = None
    name: str | None = None
    person: str | None = None
    scopes: frozenset[Scope] | None = None


ANONYMOUS: Final = Caller(role=Role.PUBLIC)


class Handed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the authorizer hands to the routes through API Gateway, which makes text of it."""

    role: Role
    sub: str
    expires: int
    organisation: str | None = None
    name: str | None = None
    person: str | None = None
    scope: str | None = None


def caller_from(request_context: Mapping[str, Any], at: datetime) -> Caller:
    """The caller that the authorizer let through, from an event's `requestContext`.

    The token's own end is looked at again: API Gateway may cache the authorizer's answer longer.
    Raises E-AUTH-01 where nobody has signed in, or no longer is.
    """
    try:
        handed = msgspec.convert(request_context.get("authorizer"), Handed, strict=False)
    except msgspec.ValidationError:
        raise DomainError(codes.SIGN_IN) from None
    if handed.role is Role.PUBLIC or handed.expires <= at.timestamp():
        raise DomainError(codes.SIGN_IN)
    return Caller(
        role=handed.role,
        sub=handed.sub,
        organisation=handed.organisation,
        name=handed.name,
        person=handed.person,
        scopes=None if handed.scope is None else read_scopes(handed.scope),
    )
