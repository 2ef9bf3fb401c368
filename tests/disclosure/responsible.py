"""An organisation on the list of the seriously dishonest, and the persons whom the record names."""

from typing import NamedTuple

from chalicelib.archive.opening import Personal, Said, seal_words
from chalicelib.archive.statements import Assertion, RecordKey, Statement, Value
from chalicelib.archive.store import insert_statements
from chalicelib.subjects.identifiers import Paper, PaperKind
from chalicelib.subjects.identities import Person, find_or_add_people
from tests.collection.files import id_number
from tests.factories import ORGANISATION, PROVIDER

LISTED = RecordKey(ORGANISATION, "dishonesty", "1LISTED")


class Named(NamedTuple):
    """Somebody whom the record names: in which role, and under which name."""

    role: str
    name: str
    number: str = ""

    @property
    def fields(self) -> dict[str, Value]:
        """The fields that tell of them; without a number, the name only."""
        field, papers = _ROLES[self.role]
        number = {f"{papers}_zjlx": "身份证", f"{papers}_zjhm": self.number}
        return {field: self.name, **(number if self.number else {})}

    @property
    def person(self) -> Person:
        """Who is behind the paper, made where nobody is known yet."""
        paper = Paper(PaperKind.ID_NUMBER, self.number or f"{ORGANISATION}|{self.name}")
        return find_or_add_people([paper], since="20260101T000000.000Z")[paper]


_ROLES = {
    "representative": ("legal_repre", "fr"),
    "controller": ("sjkzr", "sjkzr"),
    "manager": ("zyfzr", "zyfzr"),
}

WANG = Named("representative", "王小明", id_number(41))
LIN = Named("controller", "林知夏", id_number(42))
NAME_ONLY = Named("representative", "陈默")


def list_organisation(
    *named: Named,
    key: RecordKey = LISTED,
    day: int = 1,
    provider: str = PROVIDER,
    **fields: Value,
) -> Statement:
    """Insert what a provider says on the `day` of June 2026."""
    personal = []
    for each in named:
        person = each.person
        assert person.key is not None
        personal.append(Personal(person.subject, person.key, Said(each.fields, {})))
    statement = Statement(
        subject=key.subject,
        item=key.item,
        record=key.record,
        provider=provider,
        words=seal_words(
            key,
            Said({**any_listing_fields(key.subject), **fields}, {}),
            personal,
            version="2026.1",
            normaliser=1,
        ),
        first=Assertion(f"202606{day:02d}T000000.000Z", f"202606{day:02d}-AAAA", 2),
    )
    insert_statements([statement])
    return statement


def any_listing_fields(subject: str = ORGANISATION) -> dict[str, Value]:
    """Fields of `dishonesty` that name nobody."""
    return {
        "comp_name": "清江桃溪食品有限公司",
        "xdr_lb": "法人及非法人组织",
        "uni_social_crd_cd": subject,
        "data_category": "拖欠农民工工资",
        "identification_no": "清人社列〔2026〕1号",
        "abn_tm": "2026-05-20",
        "serill_rea": "拖欠农民工工资数额较大",
        "decorg_org": "清江市人力资源和社会保障局",
        "bz": "内部备注",
    }
