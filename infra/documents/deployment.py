"""What is deployed: settings, tables, routes, functions."""

import ast
import json
from collections.abc import Iterator, Mapping
from typing import Any

from app import app
from chalicelib.runtime.settings import Settings
from chalicelib.web import openapi
from infra import fragments
from infra.compose import PROJECT
from infra.documents.markdown import Cell, literal, literals, page, table
from infra.fragments import Template


def settings() -> str:
    """`settings.md`."""
    template = fragments.load()
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    own = {name.upper(): name for name in Settings.__struct_fields__}
    about = (
        "A deployment chooses the parameters; the template (`infra/template/functions.yaml`) makes"
        " environment variables of them and of its resources, the same for every function, and"
        " `chalicelib.runtime.settings` reads them."
    )
    return page(
        "Settings",
        about,
        "## Parameters of the template",
        table(("parameter", "default", "allowed", "meaning"), _list_parameters(template)),
        "## Environment variables",
        table(
            ("variable", "setting", "value"),
            (
                (
                    literal(name),
                    literal(own.get(name, "")) or "(Powertools)",
                    _origin(value, template),
                )
                for name, value in variables.items()
            ),
        ),
    )


def _list_parameters(template: Template) -> Iterator[tuple[str, ...]]:
    for name, each in template["Parameters"].items():
        allowed = literals(each.get("AllowedValues", ())) or literal(each.get("AllowedPattern"))
        allowed = allowed or literals(
            str(each[key]) for key in ("MinValue", "MaxValue") if key in each
        )
        yield literal(name), literal(str(each.get("Default", ""))), allowed, each["Description"]


def _origin(value: Any, template: Template) -> str:
    """Where a variable's value comes from, in words."""
    if not isinstance(value, dict):
        return literal(value)
    name, *attribute = value["Fn::GetAtt"] if "Fn::GetAtt" in value else [value["Ref"]]
    if name in template["Parameters"]:
        return f"parameter `{name}`"
    kind = template["Resources"][name]["Type"].removeprefix("AWS::")
    return ", ".join([f"`{name}` ({kind})", *attribute])


def tables() -> str:
    """`tables.md`."""
    resources = fragments.load()["Resources"]
    kept = {n: r for n, r in resources.items() if r.get("Type") == "AWS::DynamoDB::Table"}
    rows = [row for name, resource in kept.items() for row in _list_keys(name, resource)]
    queues = {n: r for n, r in resources.items() if r.get("Type") == "AWS::SQS::Queue"}
    about = (
        "From the template's fragments. Every table is billed by request, encrypted under"
        " `DataKey`, has point-in-time recovery and is retained when the stack goes. What is asked"
        " of them: [access-patterns.md](access-patterns.md)."
    )
    return page(
        "Tables and queues",
        about,
        table(("table", "index", "partition", "sort", "projection", "stream"), rows),
        "## Queues",
        table(
            ("queue", "visibility, s", "kept, days", "after", "goes to"),
            (_describe_queue(name, each["Properties"]) for name, each in queues.items()),
        ),
    )


def _list_keys(name: str, resource: Template) -> Iterator[tuple[str, ...]]:
    properties = resource["Properties"]
    stream = properties.get("StreamSpecification", {}).get("StreamViewType", "")
    yield literal(name), "", *_keys(properties), "", literal(stream)
    for index in properties.get("GlobalSecondaryIndexes", ()):
        projection = index["Projection"]["ProjectionType"]
        yield literal(name), literal(index["IndexName"]), *_keys(index), literal(projection), ""


def _keys(described: Template) -> tuple[str, str]:
    names = {key["KeyType"]: literal(key["AttributeName"]) for key in described["KeySchema"]}
    return names["HASH"], names.get("RANGE", "")


def _describe_queue(name: str, queue: Template) -> tuple[Cell, ...]:
    redrive = queue.get("RedrivePolicy", {})
    after = f"{redrive['maxReceiveCount']} receives" if redrive else ""
    to = literal(redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]) if redrive else ""
    days = queue["MessageRetentionPeriod"] // 86_400
    return literal(name), queue.get("VisibilityTimeout", ""), days, after, to


def routes() -> str:
    """`routes.md`."""
    about = "Who may call what: [roles.md](roles.md). Requests and answers: [openapi.json](openapi.json)."
    endpoints = sorted(app.inventory, key=lambda each: (each.path, each.method))
    rows = ((each.method, literal(each.path), each.summary) for each in endpoints)
    return page(
        "Routes and functions",
        about,
        table(("method", "path", "what"), rows),
        "## Functions",
        table(("function", "triggered by", "MB", "s", "what"), _list_functions()),
    )


def interface() -> str:
    """`openapi.json`."""
    return openapi.write(openapi.describe(app.inventory))


def _list_functions() -> Iterator[tuple[Cell, ...]]:
    config = json.loads((PROJECT / ".chalice" / "config.json").read_text("utf-8"))
    sizes = config["lambda_functions"]
    source = ast.parse((PROJECT / "app.py").read_text("utf-8"))
    defined = (each for each in source.body if isinstance(each, ast.FunctionDef))
    texts = {each.name: ast.get_docstring(each) or "" for each in defined}
    texts["api_handler"] = "Every route."
    for name, trigger in sorted(_list_triggers()):
        size = sizes[name]
        yield (
            literal(name),
            trigger,
            size["lambda_memory_size"],
            size["lambda_timeout"],
            texts[name],
        )


def _list_triggers() -> Iterator[tuple[str, str]]:
    yield "api_handler", "API Gateway"
    for guard in app.builtin_auth_handlers:
        yield guard.name, f"API Gateway, answers cached {guard.ttl_seconds} s"
    for plain in app.pure_lambda_functions:
        yield plain.name, "a command"
    for source in app.event_sources:
        yield source.name, _describe_source(vars(source))


def _describe_source(source: Mapping[str, Any]) -> str:
    if "queue" in source:
        return f"queue `{source['queue']}`, {source['batch_size']} at a time"
    if "stream_arn" in source:
        return f"stream of table `{source['stream_arn']}`, {source['batch_size']} at a time"
    return f"`{source['schedule_expression']}` (UTC)"
