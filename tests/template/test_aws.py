"""The in-process account is the template's, and inserts as DynamoDB does."""

import pytest

from chalicelib.runtime.clients import dynamodb, s3, sqs
from chalicelib.runtime.settings import settings


def _insert(subject: str, **attributes: str) -> dict[str, object]:
    values = {"subject": subject, "key": "k", **attributes}
    names = ", ".join(f"'{name}': ?" for name in values)
    return {
        "Statement": f'INSERT INTO "{settings().archive_table}" VALUE {{{names}}}',
        "Parameters": [{"S": value} for value in values.values()],
    }


@pytest.mark.usefixtures("aws")
def test_should_answer_each_duplicate_by_itself_when_statements_are_inserted() -> None:
    dynamodb().batch_execute_statement(Statements=[_insert("a", words="first")])  # type: ignore[list-item]

    answer = dynamodb().batch_execute_statement(
        Statements=[_insert("a", words="second"), _insert("b", words="first")]  # type: ignore[list-item]
    )

    codes = [response.get("Error", {}).get("Code") for response in answer["Responses"]]
    assert codes == ["DuplicateItem", None]
    kept = dynamodb().get_item(
        TableName=settings().archive_table, Key={"subject": {"S": "a"}, "key": {"S": "k"}}
    )
    assert kept["Item"]["words"] == {"S": "first"}


def test_should_give_every_setting_when_laid_out(aws: dict[str, str]) -> None:
    assert settings().archive_table == aws["ARCHIVE_TABLE"]
    assert settings().stage == "local"
    sqs().send_message(QueueUrl=settings().ranges_queue_url, MessageBody="{}")
    s3().put_object(Bucket=settings().files_bucket, Key="inbox/x", Body=b"")


@pytest.mark.usefixtures("aws")
def test_should_start_empty_when_another_test_has_written() -> None:
    assert dynamodb().scan(TableName=settings().archive_table)["Count"] == 0
