"""`python -m infra.documents [--check]`: write the generated pages of `docs/`, or compare them."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from infra.compose import PROJECT
from infra.documents import articles, deployment, messages, roles, rules

DOCS: Final = PROJECT / "docs"

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "articles.md": articles.articles,
    "catalogue.md": rules.catalogue,
    "error-codes.md": messages.error_codes,
    "log-codes.md": messages.log_codes,
    "openapi.json": deployment.interface,
    "roles.md": roles.roles,
    "routes.md": deployment.routes,
    "rulebook.md": rules.rulebook,
    "settings.md": deployment.settings,
    "tables.md": deployment.tables,
    "visibility.md": rules.visibility,
}
"""Every page by its file in `docs/`."""


def find_outdated(folder: Path = DOCS) -> list[str]:
    """The pages in `folder` that are not what code and data say now."""
    return [name for name, make in PAGES.items() if _read(folder / name) != make()]


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def main() -> int:
    """The command; 1 where `--check` finds a difference."""
    parser = argparse.ArgumentParser(prog="python -m infra.documents", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    if not parser.parse_args().check:
        for name, make in PAGES.items():
            (DOCS / name).write_text(make(), "utf-8")
        return 0
    outdated = find_outdated()
    for name in outdated:
        print(f"docs/{name} is not up to date: {parser.prog} writes it", file=sys.stderr)
    return min(len(outdated), 1)


if __name__ == "__main__":
    sys.exit(main())
