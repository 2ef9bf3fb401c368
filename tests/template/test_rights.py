"""Each function has a policy of its own that names what it may do and to what."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.compose import PROJECT
from tests.template.reading import Composed, get_att

POLICIES = sorted((PROJECT / ".chalice" / "policies").glob("*.json"))


def test_should_have_a_role_and_a_policy_of_its_own_when_a_function_runs(
    composed: Composed,
) -> None:
    roles = [get_att(function["Role"]) for function in composed.functions.values()]
    assert len(set(roles)) == len(roles) == len(POLICIES)
    config = json.loads((PROJECT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    assert config["autogen_policy"] is False
    named = {each["iam_policy_file"] for each in config["lambda_functions"].values()}
    assert named == {f"policies/{path.name}" for path in POLICIES}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_should_name_actions_and_resources_when_it_grants(path: Path) -> None:
    policy = json.loads(path.read_text(encoding="utf-8"))
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow"
        assert statement["Sid"]
        assert statement["Action"], path
        for action in statement["Action"]:
            assert "*" not in action
            assert ":" in action
        for resource in statement["Resource"]:
            assert isinstance(resource, dict), "every resource is one of the template's"
            _assert_narrow(resource)


def _assert_narrow(resource: dict[str, Any]) -> None:
    if "Fn::Sub" in resource:
        assert resource["Fn::Sub"].startswith("${")
        assert resource["Fn::Sub"].count("*") <= 1
        assert not resource["Fn::Sub"].endswith(("${Files.Arn}/*", "/index/*"))


def test_should_name_only_resources_of_the_template_when_it_grants(composed: Composed) -> None:
    for role, statement in composed.statements():
        for resource in statement["Resource"]:
            assert get_att(resource) in composed.template["Resources"], role


def test_should_write_its_own_log_and_no_other_when_it_runs(composed: Composed) -> None:
    logs = {
        name: [get_att(resource) for resource in statement["Resource"]]
        for name, statement in composed.statements()
        if "logs:PutLogEvents" in statement["Action"]
    }
    for function in composed.functions.values():
        role = get_att(function["Role"])
        assert logs[role] == [function["LoggingConfig"]["LogGroup"]["Ref"]]


def test_should_reach_persons_keys_only_when_it_reads_or_writes_persons(composed: Composed) -> None:
    holders = {
        role
        for role, statement in composed.statements()
        if any(action.startswith("kms:") for action in statement["Action"])
    }
    wanted = {"APIHandler", "Authenticate", "MergeRows", "Erase", "Preview", "Prove"}
    wanted |= {"PlanCheck", "RunCheck"}
    assert holders == {get_att(composed.functions[name]["Role"]) for name in wanted}


def test_should_have_the_rights_of_a_rebuild_when_it_re_evaluates() -> None:
    """It does the same, by schedule, and notes how far it is."""
    rebuilding, evaluating = (
        json.loads((POLICIES[0].parent / f"{name}.json").read_text(encoding="utf-8"))["Statement"]
        for name in ("rebuild", "reevaluate")
    )
    assert [each["Sid"] for each in evaluating[2:]] == [
        *(each["Sid"] for each in rebuilding[2:]),
        "Progress",
    ]
    assert evaluating[2:-1] == rebuilding[2:]


def test_should_only_be_deleted_by_its_purge_when_the_ledger_is_evidence(
    composed: Composed,
) -> None:
    """Nobody edits the ledger: entries are put where none stands, and deleted by `purge` alone."""
    editing = {"UpdateItem", "PartiQLUpdate", "PartiQLDelete", "DeleteItem", "BatchWriteItem"}
    rights = {
        (role, action.removeprefix("dynamodb:"), bool(statement.get("Condition")))
        for role, statement in composed.statements()
        if "LedgerTable" in {get_att(resource) for resource in statement["Resource"]}
        for action in statement["Action"]
        if action.removeprefix("dynamodb:") in editing
    }
    api, purging = (get_att(composed.functions[name]["Role"]) for name in ("APIHandler", "Purge"))
    assert {right for right in rights if right[0] != purging} == {(api, "UpdateItem", True)}
    [counting] = [
        statement["Condition"]
        for role, statement in composed.statements()
        if role == api and statement["Sid"] == "HowFarPurgesAre"
    ]
    assert counting == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["@purge"]}}
