"""Rows of penalties that name people."""

from tests.collection.files import penalty, person_penalty
from tests.e2e.invented import Person


def named(person: Person) -> dict[str, str]:
    """The cells of a penalty that name an organisation's representative with a paper."""
    return {"cf_frdb": person.name, "cf_fr_zjlx": person.kind, "cf_fr_zjhm": person.number}


def represented(person: Person, code: str, **changed: str) -> dict[str, str]:
    """A row about the organisation `code`, represented by a person."""
    return {**penalty(cf_xdr_shxym=code), **named(person), **changed}


def fined(person: Person, **changed: str) -> dict[str, str]:
    """A row about a person."""
    paper = {"cf_xdr_zjlx": person.kind, "cf_xdr_zjhm": person.number}
    return {**person_penalty(), "cf_xdr_mc": person.name, **paper, **changed}
