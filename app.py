"""Every way into the system: HTTP blueprints and the queue, stream and schedule handlers.

Handlers stand here and not in blueprints, because Lambda imports the module that a handler's name
points to and only this one sets up the middleware (https://github.com/aws/chalice/issues/1566).
"""

# ruff: noqa: E402
import gc

gc.disable()  # until everything is loaded: looking for garbage there costs a twentieth of a cold start

from collections.abc import Callable, Mapping
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
from chalicelib.web.portal.routes import PAGES
from chalicelib.web.routes import BLUEPRINTS

gc.freeze()  # what is loaded stays, and need not be looked at again
gc.set_threshold(10_000)  # rows are many and in no circles: looking often costs a tenth of a merge
gc.enable()

app = CreditApp("credit")


@app.authorizer(name="authenticate", ttl_seconds=60)
def authenticate(event: AuthRequest) -> AuthResponse:
    """Who is asking: a bearer token becomes claims for the routes."""
    from chalicelib.web.signing_in import admit

    return admit(event, clock.now())


app.mount(BLUEPRINTS, authenticate)
app.show(PAGES)


@app.on_sqs_message(queue="inbox", batch_size=1, name="take_notice")
def take_notice(event: SQSEvent) -> Mapping[str, object]:
    """A file has arrived, or a range of a whole one is checked: put in line what is due."""
    from chalicelib.collection import arriving
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, arriving.take_notice)


@app.on_sqs_message(queue="plans", batch_size=1, name="plan_upload")
def plan_upload(event: SQSEvent) -> Mapping[str, object]:
    """A file is due: check it as a whole and cut it into ranges."""
    from chalicelib.collection.planning import plan_from_message
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, plan_from_message)


@app.on_sqs_message(queue="large-plans", batch_size=1, name="plan_large_upload")
def plan_large_upload(event: SQSEvent) -> Mapping[str, object]:
    """The same for files above 200 MB, which take minutes."""
    from chalicelib.collection.planning import plan_from_message
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, plan_from_message)


@app.on_sqs_message(queue="ranges", batch_size=1, name="merge_rows")
def merge_rows(event: SQSEvent) -> Mapping[str, object]:
    """A range of a file is due: its rows become statements."""
    from chalicelib.jobs.merge import merge
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, lambda body: merge(body, clock.now()))


@app.on_sqs_message(queue="checks", batch_size=1, name="plan_check")
def plan_check(event: SQSEvent) -> Mapping[str, object]:
    """The file of a batch check has arrived, or its result is wanted."""
    from chalicelib.jobs.checks import handle_event
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, lambda body: handle_event(body, clock.now()))


@app.on_sqs_message(queue="check_parts", batch_size=1, name="run_check")
def run_check(event: SQSEvent) -> Mapping[str, object]:
    """A part of a batch check is due: its subjects are entered in the ledger, and answered."""
    from chalicelib.disclosure.checks.running import run_from_message
    from chalicelib.runtime.deliveries import handle_messages

    return handle_messages(event, lambda body: run_from_message(body, clock.now()))


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


@app.schedule("rate(15 minutes)", name="reevaluate")
def reevaluate(event: CloudWatchEvent) -> dict[str, str | int]:
    """Bring the views up to the rules and the catalogue in force, where these have changed."""
    from chalicelib.jobs.reevaluate import run

    return run(_detail_of(event), clock.now(), _time_left(event))


@app.schedule("cron(20/20 16-21 * * ? *)", name="prove")
def prove(event: CloudWatchEvent) -> dict[str, Any]:
    """00:20 to 05:40 in Asia/Shanghai: prove that nothing shows what the rules withhold."""
    from chalicelib.jobs.prove import run

    return run(_detail_of(event), clock.now(), _time_left(event))


@app.lambda_function(name="preview")
def preview(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """One part of a preview of a change of rules or catalogue, invoked by the operator's command."""
    from chalicelib.jobs.preview import run

    return run(event, clock.now())


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


def _detail_of(event: CloudWatchEvent) -> dict[str, Any]:
    """What an operator's command asks for; nothing where it is the schedule."""
    detail: dict[str, Any] = event.to_dict()["detail"]
    return detail


def _time_left(event: CloudWatchEvent) -> Callable[[], int]:
    """How many milliseconds the function may still run."""
    context: Any = event.context
    left: Callable[[], int] = context.get_remaining_time_in_millis
    return left
