"""Chalice's template and ours as one CloudFormation (SAM) template.

`chalice package --merge-template` merges deeply and silently: a resource of ours that has the name
of a generated one is fused with it, and overriding one intrinsic with another leaves both in one
mapping. `check` refuses either, so that a composed template is what the fragments say.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra import fragments, functions, gateway
from infra.fragments import Template

PROJECT = Path(__file__).parent.parent
REGION = "cn-north-1"  # Chalice wants one; nothing in the template depends on it


class CompositionError(Exception):
    """The template cannot be composed; the message is one line for the person at the keyboard."""


def _mappings(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _mappings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mappings(inner)


def check(composed: Template, ours: Template) -> None:
    """Raises `CompositionError` where the merge has fused or lost something."""
    for name, resource in ours["Resources"].items():
        merged = composed["Resources"][name]
        if "Type" in resource and merged != resource:
            raise CompositionError(f"{name} has the name of a resource that Chalice generates")
        if "Type" not in merged:
            raise CompositionError(f"{name} patches a resource that Chalice does not generate")
    for mapping in _mappings(composed):
        intrinsics = [key for key in mapping if key == "Ref" or key.startswith("Fn::")]
        if intrinsics and len(mapping) > 1:
            raise CompositionError(f"two intrinsics were merged into one: {mapping}")
        if "Events" in mapping:
            _check_events(mapping["Events"])


def _check_events(events: dict[str, Any]) -> None:
    for name, event in events.items():
        if "Type" not in event:
            raise CompositionError(f"{name} patches an event source that app.py does not declare")


def gather(project: Path) -> Template:
    """All that is ours: the fragments, what functions have in common, API Gateway's answers."""
    ours = fragments.load()
    common = functions.common(project)
    ours["Outputs"].update(common["Outputs"])
    for name, resource in common["Resources"].items():
        if "Type" in resource:
            ours["Resources"][name] = resource
        else:
            patched = ours["Resources"].setdefault(name, {"Properties": {}})
            patched["Properties"].update(resource["Properties"])
    answers = {"x-amazon-apigateway-gateway-responses": gateway.answers()}
    ours["Resources"]["RestAPI"]["Properties"]["DefinitionBody"] = answers
    return ours


def _run_chalice(project: Path, stage: str, merge: Path, out: Path) -> str:
    command = [
        str(Path(sys.executable).with_name("chalice")),
        *("package", "--stage", stage, "--merge-template", str(merge), str(out)),
    ]
    environment = {**os.environ, "AWS_DEFAULT_REGION": REGION}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    told = done.stdout + done.stderr
    if done.returncode:
        raise CompositionError(_explain(told))
    return told


def _explain(told: str) -> str:
    """One line of what `chalice package` says when it fails."""
    lines = told.strip().splitlines() or ["no reason given"]
    if "chalice.deploy.packager" in lines[-1]:
        return f"packages cannot be had, is a registry in reach? {lines[-1].partition(': ')[2]}"
    return f"chalice package failed: {lines[-1]}"


def compose(stage: str, out: Path, project: Path = PROJECT) -> Template:
    """Package `project` for `stage` into `out` (deployment.zip, sam.json); returns the template.

    Raises `CompositionError` where a merge went wrong or a dependency has no wheel for Lambda,
    which Chalice itself only mentions.
    """
    out.mkdir(parents=True, exist_ok=True)
    ours = gather(project)
    merge = out / "merge.json"
    merge.write_text(json.dumps(ours, ensure_ascii=False), encoding="utf-8")
    told = _run_chalice(project, stage, merge, out)
    if "Could not install dependencies" in told:
        missing = told.split("Could not install dependencies:", 1)[1].split("You will have", 1)[0]
        raise CompositionError(f"no wheel for Lambda: {' '.join(missing.split())}")
    path = out / "sam.json"
    composed: Template = json.loads(path.read_text(encoding="utf-8"))
    check(composed, ours)
    path.write_text(
        json.dumps(composed, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    merge.unlink()
    return composed
