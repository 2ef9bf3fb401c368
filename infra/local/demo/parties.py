"""Whom a row is about, written into the fields of an item."""

from dataclasses import dataclass
from random import Random

from infra.local.demo.identifiers import PLACEHOLDER
from infra.local.demo.organisations import Form, Organisation
from infra.local.demo.people import Person
from infra.local.demo.spelling import spell_blank, spell_code, spell_name

Row = dict[str, str]
Subject = Organisation | Person

ID_CARD = "身份证"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFields:
    """The fields in which an item says whom a row is about and who represents it."""

    name: str
    kind: str
    uscc: str
    registration_number: str
    representative: str
    representative_paper_kind: str
    representative_paper: str
    paper_kind: str
    paper: str


def double_publicity_fields(prefix: str) -> PartyFields:
    """The fields of a national 双公示 item (`xk_` licences, `cf_` penalties)."""
    return PartyFields(
        name=prefix + "xdr_mc",
        kind=prefix + "xdr_lb",
        uscc=prefix + "xdr_shxym",
        registration_number=prefix + "xdr_gszc",
        representative=prefix + "frdb",
        representative_paper_kind=prefix + "fr_zjlx",
        representative_paper=prefix + "fr_zjhm",
        paper_kind=prefix + "xdr_zjlx",
        paper=prefix + "xdr_zjhm",
    )


def write_party(rng: Random, fields: PartyFields, subject: Subject) -> Row:
    """The cells that name `subject`; a representative's paper is given two times in three."""
    row = dict.fromkeys(fields_of(fields), "")
    row[fields.name] = spell_name(rng, subject.name)
    if isinstance(subject, Person):
        row[fields.kind] = "自然人"
        row[fields.paper_kind] = ID_CARD
        row[fields.paper] = spell_code(rng, subject.id_number)
        return row
    row[fields.kind] = "个体工商户" if subject.form is Form.SOLE_TRADER else "法人及非法人组织"
    row[fields.uscc] = spell_code(rng, subject.uscc)
    row[fields.registration_number] = (
        subject.registration_number
        if subject.uscc == PLACEHOLDER
        else spell_blank(rng, subject.registration_number, filled=0.5)
    )
    row[fields.representative] = subject.representative.name
    if rng.random() < 2 / 3:
        row[fields.representative_paper_kind] = ID_CARD
        row[fields.representative_paper] = spell_code(rng, subject.representative.id_number)
    return row
