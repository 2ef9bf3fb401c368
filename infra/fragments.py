"""The template fragments of `infra/template`, read and joined into one mapping."""

from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

FOLDER = Path(__file__).parent / "template"

Template = dict[str, Any]


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML with CloudFormation's short intrinsics (`!Ref`, `!GetAtt`, `!Sub` ...)."""


def _read_intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> Template:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _read_intrinsic)


def read(path: Path) -> Template:
    """One fragment without its `Definitions`, which exist only to be named by YAML anchors."""
    fragment: Template = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    fragment.pop("Definitions", None)
    return fragment


def join(*fragments: Template) -> Template:
    """One mapping out of many: sections are united, anything said twice raises `ValueError`."""
    joined: Template = {}
    for fragment in fragments:
        for section, content in fragment.items():
            if isinstance(content, dict):
                known = joined.setdefault(section, {})
                if twice := known.keys() & content.keys():
                    raise ValueError(f"{section} said twice: {', '.join(sorted(twice))}")
                known.update(content)
            elif section in joined:
                raise ValueError(f"{section} said twice")
            else:
                joined[section] = content
    return joined


def load() -> Template:
    """All fragments joined."""
    return join(*(read(path) for path in sorted(FOLDER.glob("*.yaml"))))
