"""The first page."""

from typing import Final

from chalicelib.web.api.service import describe_service
from chalicelib.web.portal.asking import ask
from chalicelib.web.portal.visits import Shown, Visit

SERVICES: Final = (
    ("/me", "own"),
    ("/me/queries", "asked"),
    ("/me/report", "credit_report"),
    ("/lists", "lists"),
    ("/verify", "verify"),
    ("/me/grants", "grants"),
    ("/checks", "checks"),
    ("/reporting", "report"),
    ("/catalogue", "catalogue"),
    ("/ledger", "ledger"),
)
"""Where the first page leads, and the names of the texts that say so."""


def show_home(visit: Visit) -> Shown:
    """Search, and the ways to everything else."""
    return Shown("home.html", {"service": ask(visit, describe_service), "services": SERVICES})
