"""Whom a row is about, written into the fields of an item."""

from dataclasses import dataclass
from random import Random

from infra.local.demo.files import Row
from infra.local.demo.identifiers import PLACEHOLDER
from infra.local.demo.organisations import Form, Organisation
from infra.local.demo.people import Person
from infra.local.demo.spelling import spell_blank, spell_code, spell_name

Subject = Organisation | Person

ID_CARD = "身份证"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFields:
    """The fields in which an item says whom a row is about and who represents it.

    Items without fields for a representative leave them empty.
    """

    name: str
    kind: str
    uscc: str
    registration_number: str
    paper_kind: str
    paper: str
    representative: str = ""
    representative_paper_kind: str = ""
    representative_paper: str = ""


def national_fields(prefix: str) -> PartyFields:
    """The fields of the national 双公示 standard (`xk_` licences, `cf_` penalties)."""
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


DISHONESTY_FIELDS = PartyFields(
    name="comp_name",
    kind="xdr_lb",
    uscc="uni_social_crd_cd",
    registration_number="reg_no",
    paper_kind="xdr_zjlx",
    paper="xdr_zjhm",
    representative="legal_repre",
    representative_paper_kind="fr_zjlx",
    representative_paper="fr_zjhm",
)
HONOUR_FIELDS = PartyFields(
    name="xdr_mc",
    kind="xdr_lb",
    uscc="uni_social_crd_cd",
    registration_number="reg_no",
    paper_kind="xdr_zjlx",
    paper="xdr_zjhm",
)


def write_party(rng: Random, fields: PartyFields, subject: Subject) -> Row:
    """The cells that name `subject`; a representative's paper is given two times in three."""
    row = {fields.name: spell_name(rng, subject.name)}
    if isinstance(subject, Person):
        row[fields.kind] = "自然人"
        row[fields.paper_kind] = ID_CARD
        row[fields.paper] = spell_code(rng, subject.id_number)
        return row
    row[fields.kind] = "个体工商户" if subject.form is Form.SOLE_TRADER else "法人及非法人组织"
    row[fields.uscc] = spell_code(rng, subject.uscc)
    number = subject.registration_number
    uncoded = subject.uscc == PLACEHOLDER
    row[fields.registration_number] = number if uncoded else spell_blank(rng, number, filled=0.5)
    if fields.representative:
        row[fields.representative] = subject.representative.name
        if rng.random() < 2 / 3:
            row[fields.representative_paper_kind] = ID_CARD
            row[fields.representative_paper] = spell_code(rng, subject.representative.id_number)
    return row
