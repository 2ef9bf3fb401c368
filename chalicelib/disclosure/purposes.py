"""Purposes of queries (查询用途): a code list, and which channel each may be stated on."""

from collections.abc import Mapping

from msgspec import Struct

from chalicelib.disclosure.codes import PURPOSE_MISSING, PURPOSE_UNFIT, PURPOSE_UNKNOWN
from chalicelib.law.rules import Channel
from chalicelib.runtime.errors import DomainError


class Purpose(Struct, frozen=True, kw_only=True):
    """Why somebody asks; `source` is the article that names it, `OWN` where none does."""

    code: str
    zh: str
    en: str
    channels: tuple[Channel, ...]
    source: str


_DUTY: tuple[Channel, ...] = ("ex_officio", "shared", "special_report")

_ALL = (
    Purpose(code="own", zh="本人查询", en="Own records", channels=("own",), source="JS-23"),
    Purpose(
        code="window_service",
        zh="窗口服务",
        en="Service at the window",
        channels=("operator", "own", "authorised"),
        source="JS-23",
    ),
    Purpose(
        code="quality_control",
        zh="质量控制",
        en="Quality control of the archive",
        channels=("operator",),
        source="JS-19",
    ),
    Purpose(
        code="dispute_handling",
        zh="异议核实处理",
        en="Looking into a dispute",
        channels=("operator",),
        source="JS-33",
    ),
    Purpose(
        code="market_access",
        zh="市场准入",
        en="Market access",
        channels=_DUTY,
        source="JS-27",
    ),
    Purpose(
        code="administrative_approval",
        zh="行政审批",
        en="Administrative approval",
        channels=_DUTY,
        source="JS-27",
    ),
    Purpose(
        code="public_resource_trading",
        zh="公共资源交易",
        en="Trading of public resources",
        channels=_DUTY,
        source="JS-27",
    ),
    Purpose(
        code="investment",
        zh="招商引资",
        en="Attracting investment",
        channels=_DUTY,
        source="JS-27",
    ),
    Purpose(
        code="qualification",
        zh="资质审核",
        en="Review of qualifications",
        channels=_DUTY,
        source="JS-27",
    ),
    Purpose(
        code="supervision",
        zh="日常监管",
        en="Day-to-day supervision",
        channels=("ex_officio", "shared", "public"),
        source="JS-22",
    ),
    Purpose(
        code="financing",
        zh="融资信贷",
        en="Financing and credit",
        channels=("authorised", "public"),
        source="JS-28",
    ),
    Purpose(
        code="transaction",
        zh="市场交易",
        en="Transactions in the market",
        channels=("authorised", "public"),
        source="JS-28",
    ),
    Purpose(
        code="judicial", zh="司法", en="Judicial", channels=("judicial", "shared"), source="SZ-24"
    ),
)

PURPOSES: Mapping[str, Purpose] = {purpose.code: purpose for purpose in _ALL}
"""Every purpose by its code."""


def purposes_on(channel: Channel) -> tuple[Purpose, ...]:
    """Those that may be stated on `channel`."""
    return tuple(known for known in _ALL if channel in known.channels)


def find_purpose(code: str, channel: Channel) -> Purpose:
    """The purpose `code`, where it may be stated on `channel`; one's own archive needs no code.

    Raises:
        DomainError: `E-PURPOSE-01` none stated, `-02` unknown, `-03` not for this channel.
    """
    if not code and channel == "own":
        return PURPOSES["own"]
    fitting = ", ".join(known.code for known in purposes_on(channel))
    if not code:
        raise DomainError(PURPOSE_MISSING, fitting=fitting)
    purpose = PURPOSES.get(code)
    if purpose is None:
        raise DomainError(PURPOSE_UNKNOWN, purpose=code, fitting=fitting)
    if channel not in purpose.channels:
        raise DomainError(PURPOSE_UNFIT, purpose=code, fitting=fitting)
    return purpose
