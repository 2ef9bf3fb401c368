"""The names under which organisations are found, brought up to what the archive says of them.

All names that were ever registered lead to their subject, whoever may see them: what is shown of a
search is decided on reading (`search.finding`).
"""

from collections.abc import Sequence

from chalicelib.archive.profile import REGISTRATION, Profile, project_profile, recall_names
from chalicelib.archive.statements import Holding
from chalicelib.archive.store import read_records
from chalicelib.catalogue.model import Item
from chalicelib.disclosure.search import store
from chalicelib.runtime.retries import tries
from chalicelib.runtime.tables import TableBusy
from chalicelib.subjects.names import search_text

_LONGEST = 250  # letters of a name; a sort key takes 1,024 bytes


def index_names(
    subject: str, registration: Item, registered: Sequence[Holding] | None = None
) -> Profile:
    """Bring a subject's profile and postings up to what the archive says.

    `registered` are its registrations where they have just been read.

    Postings are put first and the note of them last, where it is still the one that was read; those
    of names that are none any more go with it. So what is noted is there, and whoever read less, or
    was overtaken, starts again.

    Raises:
        TableBusy: others were faster every time, or the archive holds less than its views know.
    """
    put: set[store.Key] = set()
    for _ in tries():
        holdings = registered or tuple(read_records(subject, f"{REGISTRATION}/"))
        registered = None
        profile, size = project_profile(subject, holdings, registration)
        held = _held(profile, holdings, registration)
        noted = store.read_note(subject)
        if noted is not None and noted.size > size:
            continue
        note = store.note_of(subject, held, size)
        if noted is not None and noted.names == note.names and not (noted.stale or put):
            done = store.keep_note(noted, size)
        else:
            store.put_postings(subject, held)
            put |= note.keys
            done = store.replace_note(noted, note, (put | _keys(noted)) - note.keys)
        if done:
            return profile
    raise TableBusy


def _keys(noted: store.Name | None) -> set[store.Key]:
    return set() if noted is None else noted.keys


def _held(profile: Profile, holdings: Sequence[Holding], registration: Item) -> store.HeldNames:
    """The names to be found, the present one first, those that search alike once."""
    records = recall_names(holdings, registration)
    held: dict[str, store.HeldName] = {}
    for name in profile.names:
        text = search_text(name)[:_LONGEST]
        held.setdefault(text, store.HeldName(text, name, records[name]))
    return tuple(held.values())
