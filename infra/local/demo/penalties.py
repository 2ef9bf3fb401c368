"""Rows of administrative penalties 行政处罚, in the national 双公示 format of 2018."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from infra.local.demo.city import City
from infra.local.demo.files import Layout, Row
from infra.local.demo.offences import OFFENCES, Offence
from infra.local.demo.organisations import Form, Organisation
from infra.local.demo.parties import Subject, national_fields, write_party
from infra.local.demo.people import Person
from infra.local.demo.providers import Provider
from infra.local.demo.spelling import (
    spell_blank,
    spell_date,
    spell_document_number,
    spell_fine,
)

ITEM = "penalty"

_FIELDS = (
    *("cf_xdr_mc", "cf_xdr_lb", "cf_xdr_shxym", "cf_xdr_gszc", "cf_xdr_zzjg", "cf_frdb"),
    *("cf_fr_zjlx", "cf_fr_zjhm", "cf_xdr_zjlx", "cf_xdr_zjhm", "cf_wsh", "cf_wfxw", "cf_sy"),
    *("cf_yj", "cf_cflb", "cf_nr", "cf_nr_fk", "cf_nr_wfff", "cf_nr_zkdx", "cf_jdrq", "cf_yxq"),
    *("cf_cfjg", "cf_cfjgdm", "cf_sjly", "cf_sjlydm", "bz"),
)

LAYOUT = Layout(columns={field: field.upper() for field in _FIELDS})

_FIRST = date(2021, 1, 4)
_LAST = date(2026, 9, 30)
_PARTY = national_fields("cf_")
_FINES = tuple(
    map(Decimal, ("0.02", "0.05", "0.1", "0.2", "0.5", "1", "1.5", "3", "8", "20", "50"))
)
_PERSONS_SHARE = 0.15


def write_rows(rng: Random, city: City, by: Provider, wanted: int) -> list[Row]:
    """`wanted` penalties of organisations, sole traders and persons."""
    offences = OFFENCES[by]
    personal = [offence for offence in offences if offence.by_persons]
    offenders = [one for one in city.organisations if one.form is not Form.INSTITUTION]
    rows = []
    for number in range(1, wanted + 1):
        subject: Subject
        if rng.random() < _PERSONS_SHARE:
            subject, offence = rng.choice(city.people), _pick(rng, personal)
        else:
            subject, offence = rng.choice(offenders), _pick(rng, offences)
        decided = _FIRST + timedelta(days=rng.randrange((_LAST - _FIRST).days))
        rows.append(write_row(rng, subject, by, offence, decided, number))
    return rows


def _pick(rng: Random, offences: Sequence[Offence]) -> Offence:
    return rng.choices(offences, weights=[offence.weight for offence in offences])[0]


def write_row(
    rng: Random, subject: Subject, by: Provider, offence: Offence, decided: date, number: int
) -> Row:
    """One penalty of `subject`."""
    fine = rng.choice(_FINES[:6] if isinstance(subject, Person) else _FINES)
    taken = rng.choice(_FINES[:7])
    return write_party(rng, _PARTY, subject) | {
        "cf_xdr_zzjg": _organisation_code(rng, subject),
        "cf_wsh": spell_document_number(rng, by.short + "罚", decided.year, number),
        "cf_wfxw": offence.conduct,
        "cf_sy": offence.facts,
        "cf_yj": offence.basis,
        "cf_cflb": offence.kinds,
        "cf_nr": _describe(offence, fine, taken),
        "cf_nr_fk": spell_fine(rng, fine) if offence.fined else spell_blank(rng),
        "cf_nr_wfff": spell_fine(rng, taken) if offence.confiscated else spell_blank(rng),
        "cf_nr_zkdx": f"{offence.licence} QJ{number:06d}" if offence.licence else "",
        "cf_jdrq": spell_date(rng, decided),
        "cf_yxq": rng.choice(("", "", "2099/12/31")),
        "cf_cfjg": by.name,
        "cf_cfjgdm": by.uscc,
        "cf_sjly": by.name,
        "cf_sjlydm": by.uscc,
        "bz": "演示数据，纯属虚构",
    }


def _describe(offence: Offence, fine: Decimal, taken: Decimal) -> str:
    """What is ordered, in words."""
    parts = [offence.kinds.replace("|", "、").replace(";", "、").replace("；", "、")]
    if offence.fined:
        parts.append(f"罚款{fine * 10000:.0f}元")
    if offence.confiscated:
        parts.append(f"没收{taken * 10000:.0f}元")
    return "，".join(parts) + "。"


def _organisation_code(rng: Random, subject: Subject) -> str:
    """Characters 9 to 17 of a code are the organisation code 组织机构代码."""
    if not isinstance(subject, Organisation) or subject.registration_number:
        return ""
    return spell_blank(rng, f"{subject.uscc[8:16]}-{subject.uscc[16]}", filled=0.3)
