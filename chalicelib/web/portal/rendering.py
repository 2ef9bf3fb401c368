"""Pages from templates; whatever is put into one is escaped."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.runtime.clock import LAWFUL_ZONE
from chalicelib.runtime.settings import settings
from chalicelib.web.portal.navigation import ways_of, with_parameter
from chalicelib.web.portal.statics import address_of
from chalicelib.web.portal.texts import load_texts, text_of
from chalicelib.web.portal.visits import Visit

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES: Final = Path(__file__).parent / "templates"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["static"] = address_of
    environment.globals["known_text"] = load_texts().__contains__
    environment.filters["moment"] = _show_moment
    environment.filters["day"] = _show_day
    return environment


def render(template: str, values: Mapping[str, Any], visit: Visit) -> str:
    """The page of `template` for this visitor."""
    page = _environment().get_template(template)
    return page.render(
        {
            **values,
            "t": partial(text_of, visit.language),
            "visit": visit,
            "csrf": partial(_hide_csrf, visit.csrf),
            "demo": settings().stage == "local",
            "ways": ways_of(visit),
            "in_language": with_parameter(
                visit.address, "lang", "en" if visit.language == "zh" else "zh"
            ),
            "in_size": with_parameter(visit.address, "size", "normal" if visit.large else "large"),
        }
    )


def _hide_csrf(csrf: str) -> "Markup":
    """The hidden field that every form that is posted has."""
    from markupsafe import Markup

    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf)


def _show_moment(moment: datetime) -> str:
    """To the minute, in Asia/Shanghai."""
    return moment.astimezone(LAWFUL_ZONE).strftime("%Y-%m-%d %H:%M")


def _show_day(day: date | None) -> str:
    return day.isoformat() if day else ""
