"""What went wrong, as a page: what it is, what to do, and what to tell the operator."""

from urllib.parse import urlencode

from chalicelib.runtime.errors import DomainError, Text
from chalicelib.web import codes, problems
from chalicelib.web.portal.texts import load_texts, text_of
from chalicelib.web.portal.visits import Shown, Visit
from chalicelib.web.problems import RequestInvalid


def show_error(error: DomainError, visit: Visit) -> Shown:
    """The page of an error, with its status."""
    status = problems.status_of(error.code)
    zh, en = problems.TITLES[status]
    faults = error.faults if isinstance(error, RequestInvalid) else ()
    return Shown(
        "error.html",
        {
            "title": visit.say(zh, en),
            "detail": say_detail(error, visit),
            "mend": _say_mend(error, visit),
            "code": error.code.id,
            "faults": [(name_field(each, visit), say_detail(each, visit)) for each in faults],
            "request_id": visit.asked.request_id,
            "sign_in": _say_sign_in(error, visit),
            "to_sign_in": f"/sign-in?{urlencode({'to': visit.address})}",
        },
        status,
    )


def say_whole(error: DomainError, visit: Visit) -> str:
    """What is wrong and what to do, in one breath."""
    return visit.join(say_detail(error, visit), _say_mend(error, visit))


def say_detail(error: DomainError, visit: Visit) -> str:
    """What is wrong, as a sentence."""
    text: Text = error.text
    said = visit.say(text.zh, text.en)
    return said[:1].upper() + said[1:]


def _say_mend(error: DomainError, visit: Visit) -> str:
    """What a visitor can do; what the API's texts say of headers and addresses helps nobody here."""
    name = f"mend.{error.code.id}"
    if name in load_texts():
        return text_of(visit.language, name, roles=_name_roles(error, visit))
    return visit.say(error.text.mend_zh, error.text.mend_en)


def _name_roles(error: DomainError, visit: Visit) -> str:
    """The roles of E-AUTH-02 by their names."""
    roles = str(error.values.get("roles", "")).split(", ")
    comma = visit.say("、", ", ")
    return comma.join(text_of(visit.language, f"role.{each}") for each in roles if each)


def _say_sign_in(error: DomainError, visit: Visit) -> str:
    """What is offered to whom signing in, or as somebody else, helps."""
    if error.code is codes.ROLE_REFUSED:
        return text_of(visit.language, "error.otherwise")
    signed_out = error.code.kind is codes.SIGN_IN.kind
    return text_of(visit.language, "error.again") if signed_out else ""


def name_field(fault: DomainError, visit: Visit) -> str:
    """What the field of a form that is wrong is called."""
    field = fault.pointer.removeprefix("/").partition("/")[0]
    name = f"field.{field}"
    return visit.say(*load_texts()[name]) if name in load_texts() else field
