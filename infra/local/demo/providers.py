"""The fictitious authorities of 清江市 that report, and what each may report."""

from dataclasses import dataclass

from infra.local.demo.identifiers import complete_uscc


@dataclass(frozen=True, slots=True)
class Provider:
    """A data provider 信息提供单位; `short` is how its document numbers begin."""

    uscc: str
    name: str
    short: str
    items: tuple[str, ...]


def _provider(number: int, name: str, short: str, *items: str) -> Provider:
    return Provider(complete_uscc("11", f"0099{number:04d}"), name, short, items)


MARKET = _provider(1, "清江市市场监督管理局", "清市监", "registration", "penalty", "dishonesty")
APPROVAL = _provider(2, "清江市行政审批局", "清行审", "licence")
ENVIRONMENT = _provider(3, "清江市生态环境局", "清环", "licence", "penalty")
HOUSING = _provider(4, "清江市住房和城乡建设局", "清住建", "licence", "penalty", "honour")
TAXATION = _provider(5, "清江市税务局", "清税", "penalty", "dishonesty", "honour", "tax_paid")
COURT = _provider(6, "清江市人民法院", "清法", "dishonesty")
CIVIL_AFFAIRS = _provider(7, "清江市民政局", "清民", "registration", "honour")
TRANSPORT = _provider(8, "清江市交通运输局", "清交", "licence", "penalty")

PROVIDERS = (
    MARKET,
    APPROVAL,
    ENVIRONMENT,
    HOUSING,
    TAXATION,
    COURT,
    CIVIL_AFFAIRS,
    TRANSPORT,
)
