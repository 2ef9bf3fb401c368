"""Where the emulator differs from AWS, made good beside the template that is deployed on AWS."""

from typing import Any

from infra.fragments import Template


def put_gateway_responses(gateway: Any, api: str, template: Template) -> None:
    """Give the API its own error answers: ministack does not read them from the definition."""
    properties = template["Resources"]["RestAPI"]["Properties"]
    answers = properties["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    for kind, answer in answers.items():
        gateway.put_gateway_response(restApiId=api, responseType=kind, **answer)
    gateway.create_deployment(restApiId=api, stageName=properties["StageName"])
