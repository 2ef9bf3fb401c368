"""Asking the API through the function that API Gateway calls."""

from typing import Any

import app
from tests.collection.files import PROVIDER
from tests.web.events import Answered, ask, post, signed_in

OPERATOR = signed_in("operator", organisation="11329900MB00000001")
REPORTING = signed_in("provider", organisation=PROVIDER)
PURPOSE = {"X-Query-Purpose": "window_service", "X-Query-Basis": "窗口申请 1 号"}


def query_archive(subject: str, caller: dict[str, str] = OPERATOR) -> Answered:
    """An archive as `caller` may see it."""
    return ask(
        app.app,
        "GET",
        "/v1/archives/{subject}",
        path={"subject": subject},
        headers=PURPOSE,
        caller=caller,
    )


def find_archive(kind: str, number: str) -> Answered:
    """The archive of the holder of a paper."""
    body = {"paper_kind": kind, "paper_number": number}
    return post(app.app, "/v1/archives/lookup", body, headers=PURPOSE, caller=OPERATOR)


def issue_report(subject: str) -> Answered:
    """A standard report."""
    return post(
        app.app,
        "/v1/archives/{subject}/reports",
        {"kind": "standard"},
        path={"subject": subject},
        headers=PURPOSE,
        caller=OPERATOR,
    )


def set_mark(subject: str, path: str, kind: str = "annulled") -> Answered:
    """A mark on the record at `<item>/<record>`."""
    item, record = path.split("/")
    return post(
        app.app,
        "/v1/archives/{subject}/records/{item}/{record}/marks",
        {"kind": kind, "phase": "open", "id": "case-1", "basis": "行政复议决定"},
        path={"subject": subject, "item": item, "record": record},
        caller=OPERATOR,
    )


def register_upload(**changed: Any) -> Answered:
    """The announcement of a file of penalties."""
    body = {"item": "penalty", "size": 10, "sha256": "A" * 43 + "=", "file_name": "rows.csv"}
    return post(app.app, "/v1/uploads", {**body, **changed}, caller=REPORTING)


def read_organisation(code: str) -> Answered:
    """What the public sees of an organisation."""
    return ask(app.app, "GET", "/v1/organisations/{code}", path={"code": code})
