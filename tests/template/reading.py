"""Reading a composed template."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Composed:
    """A template, asked by resource type."""

    template: dict[str, Any]

    def of(self, kind: str) -> dict[str, Resource]:
        """The properties of each resource of the AWS type `kind`."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == kind
        }

    @property
    def functions(self) -> dict[str, Resource]:
        return self.of("AWS::Serverless::Function")

    def events(self, kind: str) -> Iterator[tuple[str, Resource]]:
        """Each function with an event source of the SAM type `kind`, and its properties."""
        for name, function in self.functions.items():
            for event in function.get("Events", {}).values():
                if event["Type"] == kind:
                    yield name, event["Properties"]

    def statements(self) -> Iterator[tuple[str, Resource]]:
        """Each statement of each role, with the role's name."""
        for name, role in self.of("AWS::IAM::Role").items():
            for policy in role["Policies"]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield name, statement


def get_att(value: Any) -> str:
    """The logical id that an ARN's `Fn::GetAtt` or `Fn::Sub` names."""
    if "Fn::GetAtt" in value:
        return str(value["Fn::GetAtt"][0])
    return str(value["Fn::Sub"]).removeprefix("${").partition(".")[0]
