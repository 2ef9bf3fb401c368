"""What every function has: a log group of its own, an end for what fails, an output.

The functions are those of `.chalice/config.json`; `tests/template` holds them against `app.py`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from infra.fragments import Template

LOG_DAYS = 180  # 等保三级 wants six months


def names(project: Path) -> list[str]:
    """The functions' names as `app.py` has them."""
    config = json.loads((project / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return list(config["lambda_functions"])


def logical_id(name: str) -> str:
    """What Chalice calls the function `name` in its template."""
    return "APIHandler" if name == "api_handler" else _camel_case(name)


def common(project: Path) -> Template:
    """The fragment that gives every function what all of them have."""
    resources = dict(_resources(names(project)))
    outputs = {
        f"{_camel_case(name)}Name": _reference(name)
        for name in names(project)
        if name != "api_handler"
    }
    return {"Resources": resources, "Outputs": outputs}


def _resources(functions: list[str]) -> Iterator[tuple[str, Template]]:
    failures = {"Type": "SQS", "Destination": {"Fn::GetAtt": ["Failures", "Arn"]}}
    for name in functions:
        group = f"{_camel_case(name)}Logs"
        yield group, {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": LOG_DAYS}}
        properties = {
            "LoggingConfig": {"LogGroup": {"Ref": group}},
            "EventInvokeConfig": {
                "MaximumRetryAttempts": 2,
                "DestinationConfig": {"OnFailure": failures},
            },
        }
        yield logical_id(name), {"Properties": properties}


def _reference(name: str) -> Template:
    return {"Value": {"Ref": logical_id(name)}}


def _camel_case(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
