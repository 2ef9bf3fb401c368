"""The API's import path stays light: a cold start pays for every module (G16)."""

import subprocess
import sys

_PROGRAM = """
import sys
from chalicelib.web import authentication, cursors
from chalicelib.web.routes import BLUEPRINTS
from chalicelib.web.app import CreditApp
heavy = {
    *("pydantic", "aws_xray_sdk", "jwt", "cryptography", "http.server", "typst", "openpyxl"),
    *("boto3", "python_calamine", "xlsxwriter", "jinja2"),
    *("chalicelib.collection.checks", "chalicelib.collection.planning"),
}
print(*sorted(heavy & {name for name in sys.modules}))
"""


def test_should_not_pull_heavy_libraries_in_when_the_app_is_imported() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True
    )
    assert found.stdout.split() == []
