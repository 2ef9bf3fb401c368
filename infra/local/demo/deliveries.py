"""Every file of the demo: who sends it, what is in it, and what must come of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from infra.local.demo import followed, licences, lists, mistakes, penalties, registrations
from infra.local.demo.city import RENAMED, City, make_city
from infra.local.demo.faults import plant
from infra.local.demo.files import FIRST_ROW, DemoFile, Layout, Row
from infra.local.demo.identifiers import PLACEHOLDER
from infra.local.demo.organisations import Form, Organisation
from infra.local.demo.parties import Subject
from infra.local.demo.providers import (
    APPROVAL,
    CIVIL_AFFAIRS,
    COURT,
    ENVIRONMENT,
    HOUSING,
    MARKET,
    TAXATION,
    TRANSPORT,
    Provider,
)

_SEED = 20261122
_SAID_TWICE = 30
_MISNAMED = 3
_OTHER_NAME = "清江市名实不符实业有限公司"
_SOCIAL = {Form.SOCIETY, Form.INSTITUTION}

Codes = Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What is sent, in this order: `files`, the three `corrections`, and what cannot be read."""

    files: tuple[DemoFile, ...]
    corrections: tuple[DemoFile, DemoFile, DemoFile]
    unreadable: tuple[DemoFile, ...]


def make_deliveries() -> Deliveries:
    """The same bytes every time."""
    rng = Random(_SEED)
    city = make_city()
    market, registered = _make_market(rng, city)
    return Deliveries(
        files=(
            market,
            _make_civil_affairs(rng, city),
            _make_approval(rng, city, registered),
            _make_transport(rng, city),
            _make_market_penalties(rng, city),
            _make_pollution(rng, city),
            _make_court(rng, city),
            _make_tax_list(rng, city),
            _make_tax_honours(rng, city),
            _make_works(rng, city),
        ),
        corrections=_make_corrections(),
        unreadable=_make_unreadable(rng, city),
    )


def _finish(
    name: str,
    provider: Provider,
    item: str,
    layout: Layout,
    rows: Sequence[Row],
    planted: Codes,
    findings: Codes | None = None,
) -> DemoFile:
    return DemoFile(
        name=f"演示-{name}.csv",
        provider=provider,
        item=item,
        content=layout.write(rows),
        rows=len(rows),
        planted=planted,
        findings=findings or {},
    )


def _make_market(rng: Random, city: City) -> tuple[DemoFile, Collection[str]]:
    """Registrations; and the codes whose rows are as they should be."""
    own = [one for one in city.organisations if one.form not in _SOCIAL and one.uscc != PLACEHOLDER]
    rows = registrations.write_rows(rng, own, MARKET)
    planted = plant(rng, rows, mistakes.REGISTRATION)
    good = [row for place, row in enumerate(rows) if place + FIRST_ROW not in planted]
    file = _finish(
        "登记-市场监督管理局",
        MARKET,
        registrations.ITEM,
        registrations.LAYOUT,
        [*rows, *followed.registration_rows(rng)],
        planted,
    )
    return file, {row["uni_social_crd_cd"] for row in good}


def _make_civil_affairs(rng: Random, city: City) -> DemoFile:
    own = [one for one in city.organisations if one.form in _SOCIAL]
    rows = registrations.write_rows(rng, own, CIVIL_AFFAIRS)
    planted = plant(rng, rows, mistakes.SOCIETIES)
    return _finish(
        "登记-民政局",
        CIVIL_AFFAIRS,
        registrations.ITEM,
        replace(registrations.LAYOUT, encoding="utf-8"),
        rows,
        planted,
    )


def _make_approval(rng: Random, city: City, registered: Collection[str]) -> DemoFile:
    """Licences; some rows twice, and a few under another name than the registered one."""
    rows = licences.write_rows(rng, city.organisations, APPROVAL, 620)
    planted = plant(rng, rows, mistakes.LICENCES)
    fitting = [
        place
        for place, row in enumerate(rows)
        if place + FIRST_ROW not in planted and row["xk_xdr_shxym"] in registered
    ]
    chosen = rng.sample(fitting, _MISNAMED + _SAID_TWICE)
    misnamed, twice = chosen[:_MISNAMED], chosen[_MISNAMED:]
    for place in misnamed:
        rows[place]["xk_xdr_mc"] = _OTHER_NAME
    rows += followed.licence_rows(rng)
    repeated = range(len(rows) + FIRST_ROW, len(rows) + FIRST_ROW + _SAID_TWICE)
    rows += [rows[place] for place in twice]
    return _finish(
        "许可-行政审批局",
        APPROVAL,
        licences.ITEM,
        licences.LAYOUT,
        rows,
        planted,
        dict.fromkeys([*repeated, *(place + FIRST_ROW for place in twice)], ("F-DUP-01",))
        | {place + FIRST_ROW: ("F-NAME-01",) for place in misnamed},
    )


def _make_transport(rng: Random, city: City) -> DemoFile:
    subjects: list[Subject] = [*city.organisations[:300], *rng.sample(city.people, 60)]
    rows = licences.write_rows(rng, subjects, TRANSPORT, 180)
    planted = plant(rng, rows, mistakes.TRANSPORT)
    return _finish("许可-交通运输局", TRANSPORT, licences.ITEM, licences.LAYOUT, rows, planted)


def _make_market_penalties(rng: Random, city: City) -> DemoFile:
    rows = penalties.write_rows(rng, city, MARKET, 480)
    planted = plant(rng, rows, mistakes.PENALTIES)
    return _finish(
        "处罚-市场监督管理局",
        MARKET,
        penalties.ITEM,
        penalties.LAYOUT,
        [*rows, *followed.penalty_rows(rng)],
        planted,
    )


def _make_pollution(rng: Random, city: City) -> DemoFile:
    rows = penalties.write_rows(rng, city, ENVIRONMENT, 220)
    planted = plant(rng, rows, mistakes.POLLUTION)
    return _finish("处罚-生态环境局", ENVIRONMENT, penalties.ITEM, penalties.LAYOUT, rows, planted)


def _make_court(rng: Random, city: City) -> DemoFile:
    subjects: list[Subject] = [*_companies(rng, city, 30), *rng.sample(city.people, 10)]
    rows = lists.write_listings(rng, subjects, COURT)
    planted = plant(rng, rows, mistakes.COURT)
    return _finish(
        "严重失信-人民法院", COURT, lists.DISHONESTY, lists.DISHONESTY_LAYOUT, rows, planted
    )


def _make_tax_list(rng: Random, city: City) -> DemoFile:
    rows = lists.write_listings(rng, _companies(rng, city, 20), TAXATION)
    planted = plant(rng, rows, mistakes.TAXATION)
    return _finish(
        "严重失信-税务局", TAXATION, lists.DISHONESTY, lists.DISHONESTY_LAYOUT, rows, planted
    )


def _make_tax_honours(rng: Random, city: City) -> DemoFile:
    rows = lists.write_honours(rng, _companies(rng, city, 200), TAXATION)
    planted = plant(rng, rows, mistakes.HONOURS)
    return _finish(
        "荣誉-税务局",
        TAXATION,
        lists.HONOUR,
        lists.HONOUR_LAYOUT,
        [*rows, *followed.honour_rows(rng)],
        planted,
    )


def _make_works(rng: Random, city: City) -> DemoFile:
    rows = lists.write_honours(rng, _companies(rng, city, 100), HOUSING)
    planted = plant(rng, rows, mistakes.WORKS)
    return _finish(
        "荣誉-住房和城乡建设局", HOUSING, lists.HONOUR, lists.HONOUR_LAYOUT, rows, planted
    )


def _companies(rng: Random, city: City, wanted: int) -> list[Organisation]:
    return rng.sample([one for one in city.organisations if one.form is Form.COMPANY], wanted)


def _make_corrections() -> tuple[DemoFile, DemoFile, DemoFile]:
    """A name, another name, and the first name again, in the very same bytes."""
    before = registrations.write_row(Random(_SEED), RENAMED, MARKET)
    after = before | {"comp_nm": CORRECTED_NAME}
    first, second, third = (
        _finish(name, MARKET, registrations.ITEM, registrations.LAYOUT, [row], {}, findings)
        for name, row, findings in (
            ("更正-1-原名", before, {}),
            ("更正-2-改名", after, {FIRST_ROW: ("F-CHANGED-01",)}),
            ("更正-3-改回", before, {FIRST_ROW: ("F-SAME-01",)}),
        )
    )
    return first, second, third


CORRECTED_NAME = "清江市砚渡文旅发展有限公司"


def _make_unreadable(rng: Random, city: City) -> tuple[DemoFile, ...]:
    """Files that must be put aside whole."""
    rows = registrations.write_rows(rng, city.organisations[:5], MARKET)
    columns = registrations.LAYOUT.columns
    short = {field: label for field, label in columns.items() if field != "est_dt"}
    contents = {
        "目录外的列": (Layout(columns={**columns, "color": "厂房颜色"}).write(rows), "E-HEAD-03"),
        "禁止归集的列": (Layout(columns={**columns, "faith": "宗教信仰"}).write(rows), "E-HEAD-02"),
        "缺必填列": (Layout(columns=short).write(rows), "E-HEAD-05"),
        "损坏": (bytes([0xFF, *rng.choices(range(0x80, 0x100), k=2000)]), "E-FILE-02"),
        "其实是表格": (b"PK\x03\x04" + rng.randbytes(2000), "E-FILE-07"),
    }
    return tuple(
        DemoFile(
            name=f"演示-隔离-{name}.csv",
            provider=MARKET,
            item=registrations.ITEM,
            content=content,
            planted={},
            findings={},
            quarantine=code,
        )
        for name, (content, code) in contents.items()
    )
