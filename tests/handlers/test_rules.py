"""Changes of rules, previews and proofs through the functions that Lambda calls."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

import app
from chalicelib.disclosure.following import update_views
from chalicelib.disclosure.publication.store import Publication
from chalicelib.jobs.prove import CERTIFICATES
from chalicelib.law.reading import RulebookError
from chalicelib.law.rulebook import RULEBOOKS
from chalicelib.runtime import blobs
from tests.collection import persons
from tests.disclosure.archives import JIANGSU, TODAY, register, say
from tests.factories import KEY
from tests.handlers.events import due_at, invoke

pytestmark = pytest.mark.usefixtures("aws")

DUE = datetime(2026, 11, 22, 3, tzinfo=UTC)
EARLIER = msgspec.structs.replace(JIANGSU, edition=JIANGSU.edition - 1, version="jiangsu-0")


def commanded(**detail: Any) -> dict[str, Any]:
    """The event that an operator's command sends to a scheduled function."""
    return {**due_at(DUE), "detail": detail}


def publish() -> None:
    """A penalty whose row was made by an earlier edition of the rules."""
    say()
    update_views(KEY, TODAY, EARLIER)


def test_the_schedule_brings_the_views_up_to_the_rules_in_force() -> None:
    publish()

    before = invoke(app.reevaluate, commanded(look=True))
    done = invoke(app.reevaluate, due_at(DUE))

    assert (before["records"], before["segments_left"]) == (0, 4)
    assert (done["records"], done["segments_left"]) == (1, 0)
    assert done["edition"].startswith(JIANGSU.version)
    assert [row.rules for row in Publication.scan()] == [done["edition"]]
    assert invoke(app.reevaluate, due_at(DUE)) == done
    assert invoke(app.reevaluate, commanded(look=True)) == done


def test_the_proof_leaves_a_certificate_without_a_personal_number() -> None:
    register("清江桃溪食品有限公司")
    persons.receive_files("subject and representative")

    done = invoke(app.prove, due_at(DUE))

    assert (done["still_shown"], done["complete"]) == (0, True)
    [key] = blobs.list_keys(CERTIFICATES)
    assert key == f"{CERTIFICATES}{done['day']}.json"
    told = (blobs.read(key) or b"").decode()
    assert not [form for form in (*persons.FORMS, persons.NAME) if form in told]


def test_a_part_of_the_proof_is_answered_to_a_command() -> None:
    say()

    part = invoke(app.prove, commanded(segment=0, segments=1, start=None))

    assert (part["proven"]["records"], part["start"]) == (1, None)
    assert not list(blobs.list_keys(CERTIFICATES))


def test_a_preview_is_answered_in_parts() -> None:
    say()
    text = (RULEBOOKS / "jiangsu.toml").read_text("utf-8")
    candidate = {"rulebook": {"name": "jiangsu.toml", "text": text}}

    part = invoke(app.preview, {"candidate": candidate, "segment": 0, "segments": 1})

    assert (part["records"], part["changes"], part["start"]) == (1, (), None)


def test_a_preview_of_what_cannot_be_read_fails_with_the_reason() -> None:
    candidate = {"rulebook": {"name": "jiangsu.toml", "text": "edition = = 2"}}
    with pytest.raises(RulebookError, match=r"jiangsu\.toml.*line 1"):
        invoke(app.preview, {"candidate": candidate})
