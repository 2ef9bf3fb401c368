"""Every way into the system: HTTP blueprints and the queue, stream and schedule handlers.

Handlers stand here and not in blueprints, because Lambda imports the module that a handler's name
points to and only this one sets up the middleware (https://github.com/aws/chalice/issues/1566).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalice.app import (
    AuthRequest,
    AuthResponse,
    CloudWatchEvent,
    DynamoDBEvent,
    SQSEvent,
)

from chalicelib.runtime import clock
from chalicelib.web.app import CreditApp
from chalicelib.web.routes import BLUEPRINTS

app = CreditApp("credit")


@app.authorizer(name="authenticate", ttl_seconds=60)
def authenticate(event: AuthRequest) -> AuthResponse:
    """Who is asking: a bearer token becomes claims for the routes."""
    from chalicelib.web.signing_in import admit

    return admit(event, clock.now())


app.mount(BLUEPRINTS, authenticate)


@app.on_sqs_message(queue="inbox", batch_size=1, name="plan_upload")
def plan_upload(event: SQSEvent) -> Mapping[str, object]:
    """A file has arrived: check it as a whole and cut it into ranges."""
    from chalicelib.collection.planning import plan_from_message
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, plan_from_message)


@app.on_sqs_message(queue="ranges", batch_size=1, name="merge_rows")
def merge_rows(event: SQSEvent) -> Mapping[str, object]:
    """A range of a file is due: its rows become statements."""
    from chalicelib.collection.merging import merge_from_message
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, merge_from_message)


@app.on_dynamodb_record(stream_arn="archive", batch_size=100, name="follow_archive")
def follow_archive(event: DynamoDBEvent) -> Mapping[str, object]:
    """The archive has grown: bring its views up to date."""
    from chalicelib.jobs.follow import follow_changes

    return follow_changes(event, clock.now())


@app.schedule("cron(5 16 * * ? *)", name="expire")
def expire(event: CloudWatchEvent) -> dict[str, int]:
    """00:05 in Asia/Shanghai: tidy away what is displayed no longer."""
    from chalicelib.jobs.expire import run

    return run(_time_of(event), clock.now())


@app.schedule("cron(5 17 * * ? *)", name="purge")
def purge(event: CloudWatchEvent) -> dict[str, int]:
    """01:05 in Asia/Shanghai: purge ledger entries whose retention is over."""
    from chalicelib.jobs.purge import run

    context: Any = event.context
    return run(_time_of(event), clock.now(), context.get_remaining_time_in_millis)


@app.lambda_function(name="rebuild")
def rebuild(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One part of a rebuild of the views, invoked by the operator's command."""
    from chalicelib.jobs.rebuild import run

    return run(event, clock.now())


@app.lambda_function(name="erase")
def erase(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One part of erasing a person, invoked by the operator's command."""
    from chalicelib.jobs.erase import run

    return run(event, clock.now())


def _time_of(event: CloudWatchEvent) -> datetime:
    """The event's own time: a job can be run for any day."""
    return datetime.fromisoformat(event.to_dict()["time"])
