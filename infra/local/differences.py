"""Where the emulator differs from AWS, made good outside the template that is deployed on AWS."""

import json
from typing import Any

from infra.fragments import Template


def adapt(template: Template) -> Template:
    """A copy whose roles may do in the emulator what they may do in AWS.

    AWS decides a batched PartiQL `INSERT` by `dynamodb:PartiQLInsert` on its table; ministack
    1.5.33 asks for an action that AWS does not have, on no table at all.
    """
    adapted: Template = json.loads(json.dumps(template))
    for resource in adapted["Resources"].values():
        for policy in resource.get("Properties", {}).get("Policies", []):
            statements = policy["PolicyDocument"]["Statement"]
            if any("dynamodb:PartiQLInsert" in statement["Action"] for statement in statements):
                action = "dynamodb:BatchExecuteStatement"
                statements.append({"Effect": "Allow", "Action": [action], "Resource": "*"})
    return adapted


def put_gateway_responses(gateway: Any, api: str, template: Template) -> None:
    """Give the API its own error answers: ministack does not read them from the definition."""
    properties = template["Resources"]["RestAPI"]["Properties"]
    answers = properties["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    for kind, answer in answers.items():
        gateway.put_gateway_response(restApiId=api, responseType=kind, **answer)
    gateway.create_deployment(restApiId=api, stageName=properties["StageName"])
