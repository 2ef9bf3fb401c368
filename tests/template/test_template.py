"""What every deployed resource must be, said of the composed template."""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chalicelib.runtime.settings import Settings
from infra import fragments
from infra.compose import PROJECT, CompositionError, check, compose
from infra.gateway import answers
from tests.template.reading import Composed, get_att

FUNCTIONS = {
    *("APIHandler", "Authenticate", "TakeNotice", "PlanUpload", "PlanLargeUpload"),
    *("MergeRows", "PlanCheck", "RunCheck", "FollowArchive"),
    *("Expire", "Purge", "Rebuild", "Erase", "Reevaluate", "Preview", "Prove"),
}
TABLES = 15


def test_should_hold_every_function_and_table_when_composed(composed: Composed) -> None:
    assert set(composed.functions) == FUNCTIONS
    assert len(composed.of("AWS::DynamoDB::Table")) == TABLES


def test_should_report_single_failures_and_redrive_when_a_queue_feeds_a_function(
    composed: Composed,
) -> None:
    queues = composed.of("AWS::SQS::Queue")
    sources = list(composed.events("SQS"))
    assert {name for name, _ in sources} == {
        *("TakeNotice", "PlanUpload", "PlanLargeUpload", "MergeRows", "PlanCheck", "RunCheck")
    }
    for name, source in sources:
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert source["ScalingConfig"]["MaximumConcurrency"] >= 2
        assert source["MaximumBatchingWindowInSeconds"] >= 0
        queue = queues[get_att(source["Queue"])]
        dead = get_att(queue["RedrivePolicy"]["deadLetterTargetArn"])
        assert queues[dead]["MessageRetentionPeriod"] == 14 * 86400
        timeout = composed.functions[name]["Timeout"]
        slack = source["MaximumBatchingWindowInSeconds"]
        assert queue["VisibilityTimeout"] >= 6 * timeout + slack


def test_should_bisect_retry_and_keep_failures_when_the_stream_feeds_a_function(
    composed: Composed,
) -> None:
    ((name, source),) = composed.events("DynamoDB")
    assert name == "FollowArchive"
    assert get_att(source["Stream"]) == "ArchiveTable"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert 0 < source["MaximumRetryAttempts"] < 100
    assert source["MaximumRecordAgeInSeconds"] < 86400  # the stream's own memory
    assert get_att(source["DestinationConfig"]["OnFailure"]["Destination"]) == "Failures"


@pytest.mark.parametrize(("name", "clock"), [("Expire", "00:05"), ("Purge", "01:05")])
def test_should_run_at_its_lawful_hour_and_be_retried_when_scheduled(
    composed: Composed, name: str, clock: str
) -> None:
    schedule = dict(composed.events("Schedule"))[name]
    minute, hour = schedule["Schedule"].removeprefix("cron(").split()[:2]
    at = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(
        hours=int(hour), minutes=int(minute)
    )
    assert f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}" == clock
    assert schedule["Schedule"].endswith(" * * ? *)")
    assert schedule["RetryPolicy"]["MaximumRetryAttempts"] > 0
    assert get_att(schedule["DeadLetterConfig"]["Arn"]) == "Failures"


def test_should_run_again_the_same_night_when_a_proof_is_not_finished(composed: Composed) -> None:
    """Each run has its time before the next; all lie behind `expire` and on one lawful day."""
    schedule = dict(composed.events("Schedule"))["Prove"]["Schedule"]
    assert schedule == "cron(20/20 16-21 * * ? *)"
    assert composed.functions["Prove"]["Timeout"] < 20 * 60
    runs = [
        datetime(2026, 1, 1, hour, minute, tzinfo=ZoneInfo("UTC")).astimezone(
            ZoneInfo("Asia/Shanghai")
        )
        for hour in range(16, 22)
        for minute in (20, 40)
    ]
    assert len({run.date() for run in runs}) == 1
    assert f"{min(runs):%H:%M}" > "00:05"


def test_should_go_on_by_itself_when_a_re_evaluation_is_not_finished(composed: Composed) -> None:
    schedule = dict(composed.events("Schedule"))["Reevaluate"]
    assert schedule["Schedule"] == "rate(15 minutes)"
    assert composed.functions["Reevaluate"]["Timeout"] <= 15 * 60
    assert get_att(schedule["DeadLetterConfig"]["Arn"]) == "Failures"


def test_should_keep_logs_for_a_time_and_failures_for_ever_when_a_function_runs(
    composed: Composed,
) -> None:
    groups = composed.of("AWS::Logs::LogGroup")
    used = set()
    for function in composed.functions.values():
        group = function["LoggingConfig"]["LogGroup"]["Ref"]
        used.add(group)
        assert groups[group]["RetentionInDays"] == 180
        destination = function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert get_att(destination["Destination"]) == "Failures"
    assert len(used) == len(FUNCTIONS)


def test_should_tell_each_setting_when_a_function_starts(composed: Composed) -> None:
    variables = composed.template["Globals"]["Function"]["Environment"]["Variables"]
    own = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "LOG_LEVEL"}
    assert set(variables) - own == {name.upper() for name in Settings.__struct_fields__}


def test_should_survive_mistakes_when_a_table_holds_records(composed: Composed) -> None:
    for name, table in composed.of("AWS::DynamoDB::Table").items():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
        assert get_att(table["SSESpecification"]["KMSMasterKeyId"]) == "DataKey"
        resource = composed.template["Resources"][name]
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_should_forget_counts_and_nothing_else_when_time_passes(composed: Composed) -> None:
    forgetting = {
        name: table["TimeToLiveSpecification"]
        for name, table in composed.of("AWS::DynamoDB::Table").items()
        if "TimeToLiveSpecification" in table
    }
    # Assertions of clients, once nobody would accept them any more.
    ends = {"AttributeName": "ends", "Enabled": True}
    assert forgetting == {"CountersTable": ends, "ClientsTable": ends}


def test_should_project_what_their_readers_need_when_indexes_are_laid_out(
    composed: Composed,
) -> None:
    found = {
        f"{name}.{index['IndexName']}": (
            *(key["AttributeName"] for key in index["KeySchema"]),
            index["Projection"]["ProjectionType"],
        )
        for name, table in composed.of("AWS::DynamoDB::Table").items()
        for index in table.get("GlobalSecondaryIndexes", [])
    }
    assert found == {
        "UploadsTable.by_provider": ("provider", "registered", "ALL"),
        "UploadsTable.by_unsettled": ("unsettled", "registered", "KEYS_ONLY"),
        "LedgerTable.by_organisation": ("organisation_shard", "entry", "ALL"),
        "LedgerTable.by_account": ("account_shard", "entry", "ALL"),
        "LedgerTable.by_age": ("shard", "created", "KEYS_ONLY"),
        "PublicationTable.by_end": ("shard", "ends", "KEYS_ONLY"),
        "PublicationTable.by_item": ("listed", "since", "KEYS_ONLY"),
        "NoticesTable.by_time": ("subject", "at", "ALL"),
        "ChecksTable.by_account": ("account", "registered", "KEYS_ONLY"),
        "GrantsTable.by_subject": ("subject", "made", "ALL"),
        "GrantsTable.by_recipient": ("recipient", "made", "ALL"),
        "SharesTable.by_applicant": ("applicant", "made", "KEYS_ONLY"),
        "SharesTable.by_time": ("every", "made", "KEYS_ONLY"),
    }


def test_should_be_private_versioned_and_encrypted_when_files_are_kept(composed: Composed) -> None:
    (bucket,) = composed.of("AWS::S3::Bucket").values()
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    notices = bucket["NotificationConfiguration"]["QueueConfigurations"]
    told = [
        (get_att(notice["Queue"]), rule["Name"], rule["Value"])
        for notice in notices
        for rule in notice["Filter"]["S3Key"]["Rules"]
    ]
    assert told == [
        ("InboxQueue", "prefix", "inbox/"),
        ("InboxQueue", "prefix", "checked/"),
        ("ChecksQueue", "prefix", "check-inbox/"),
        ("ChecksQueue", "prefix", "check-wanted/"),
    ]
    brief = bucket["LifecycleConfiguration"]["Rules"][1]
    assert (brief["Prefix"], brief["ExpirationInDays"]) == ("returned/", 1)
    policy = composed.template["Resources"]["FilesPolicy"]
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (policy["Condition"], statement["Effect"]) == ("Protected", "Deny")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_should_log_throttle_and_stay_regional_when_the_api_answers(composed: Composed) -> None:
    (api,) = composed.of("AWS::Serverless::Api").values()
    assert api["EndpointConfiguration"] == "REGIONAL"
    assert "AccessLogs" in get_att(api["AccessLogSetting"]["DestinationArn"])
    json.loads(api["AccessLogSetting"]["Format"])
    assert "$context.path" not in api["AccessLogSetting"]["Format"]  # a path names a subject
    every, *dear = api["MethodSettings"]
    assert (every["HttpMethod"], every["ResourcePath"]) == ("*", "/*")
    assert all(each["ThrottlingRateLimit"] < every["ThrottlingRateLimit"] for each in dear)
    paths = {each["ResourcePath"].replace("~1", "/").replace("//", "/") for each in dear}
    assert paths <= api["DefinitionBody"]["paths"].keys()
    nodes = {
        tuple(path.split("/")[:depth])
        for path in api["DefinitionBody"]["paths"]
        for depth in range(1, path.count("/") + 2)
    }
    assert len(nodes) < 200


def test_should_answer_with_problems_when_api_gateway_answers_itself(composed: Composed) -> None:
    (api,) = composed.of("AWS::Serverless::Api").values()
    told = api["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    assert told == answers()
    for answer in told.values():
        headers = answer["responseParameters"]
        assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
        problem = json.loads(answer["responseTemplates"]["application/json"])
        assert str(problem["status"]) == answer["statusCode"]


def test_should_name_no_partition_when_deployed_in_any(composed: Composed) -> None:
    assert "arn:aws" not in json.dumps(composed.template)


def test_should_refuse_when_a_resource_takes_a_generated_name() -> None:
    ours = {"Resources": {"Purge": {"Type": "AWS::DynamoDB::Table", "Properties": {}}}}
    fused = {"Resources": {"Purge": {"Type": "AWS::DynamoDB::Table", "Properties": {"Timeout": 1}}}}
    with pytest.raises(CompositionError, match="Purge"):
        check(fused, ours)


def test_should_refuse_when_a_patch_finds_nothing_to_patch() -> None:
    ours = {"Resources": {"Gone": {"Properties": {"Timeout": 1}}}}
    with pytest.raises(CompositionError, match="Gone"):
        check(ours, ours)


def test_should_refuse_when_two_intrinsics_become_one() -> None:
    queue = {"Fn::Sub": "a", "Fn::GetAtt": ["A", "Arn"]}
    composed = {"Resources": {"Read": {"Type": "AWS::Serverless::Function", "Queue": queue}}}
    with pytest.raises(CompositionError, match="two intrinsics"):
        check(composed, {"Resources": {}})


def _chalice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A project folder, and a stand-in for the `chalice` command."""
    command = tmp_path / "bin" / "chalice"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    command.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(command.with_name("python")))
    return PROJECT


def test_should_refuse_when_a_wheel_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chalice itself only mentions it and exits with 0."""
    said = "echo 'Could not install dependencies:\npyarrow==1\nYou will have to build these'"
    project = _chalice(tmp_path, monkeypatch, said)
    with pytest.raises(CompositionError, match=r"no wheel for Lambda: pyarrow==1$"):
        compose("prod", tmp_path / "out", project)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ImportError: no x", "chalice package failed: ImportError: no x"),
        (
            "chalice.deploy.packager.NoSuchPackageError: Could not satisfy a==1",
            r"packages cannot be had, is a registry in reach\? Could not satisfy a==1",
        ),
    ],
)
def test_should_tell_the_last_line_when_chalice_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    project = _chalice(tmp_path, monkeypatch, f"echo Traceback; echo '{said}' >&2; exit 1")
    with pytest.raises(CompositionError, match=f"^{told}$"):
        compose("prod", tmp_path / "out", project)


def test_should_refuse_when_a_fragment_repeats_another() -> None:
    with pytest.raises(ValueError, match="A"):
        fragments.join({"Resources": {"A": {}}}, {"Resources": {"A": {}}})
