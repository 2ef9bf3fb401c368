"""Every blueprint of the API, in one list for `app.py`."""

from chalicelib.web.api import (
    archives,
    catalogue,
    explanations,
    organisations,
    reports,
    service,
    uploads,
)

BLUEPRINTS = (
    service.api,
    catalogue.api,
    uploads.api,
    organisations.api,
    archives.api,
    reports.api,
    explanations.api,
)
