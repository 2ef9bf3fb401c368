"""Table `names`: postings from where letters stand in names to the subjects that have them.

Two kinds of lists. Under `^` and the first two letters stand the names that begin so, under
`<text>⏎<class><subject>`: in their own order, and one as a whole before those that only begin with
it. Under each gram stand the names that hold it, under `<class><text>⏎<subject>`: those held now
before former ones. What tells a posting from every other is its key, so putting one twice, or late,
spoils nothing. The plain client serves them: a search reads thousands.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final, NamedTuple

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.runtime.batches import batched
from chalicelib.runtime.clients import dynamodb
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import Conflict, configured, save_if, write_all, write_together
from chalicelib.subjects.names import grams

_INDEXED: Final = "@indexed."
_BEGINNING: Final = "^"
_BEGUN: Final = 2  # letters
_NOW, _FORMER = "0", "1"
END: Final = "\n"  # before every letter, and in no name
_PARTS = 99  # a transaction takes 100, one of them is the note

Key = tuple[str, str]
"""A posting's list and its place there."""

Item = dict[str, Any]


class HeldName(msgspec.Struct, frozen=True, array_like=True):
    """A name of a subject: as searched for, as registered, and the registration that tells it."""

    text: str
    name: str
    record: str


HeldNames = tuple[HeldName, ...]
"""All names of a subject, the present one first."""


class Posting(NamedTuple):
    """A name on a list. `name` is a former one as registered; `others` are all names of a subject
    that has several."""

    list: str
    place: str
    subject: str
    text: str
    former: bool
    record: str
    name: str
    others: tuple[str, ...]

    @property
    def begins(self) -> bool:
        """Whether it stands among the names that begin alike, not on a gram's list."""
        return _is_beginning(self.list)


class Name(Model):
    """What a subject is indexed as; postings stand in the same table (`Posting`).

    `names` are `HeldNames` in JSON, `stale` those of which postings may still stand, `size` of how
    many things they were made.
    """

    class Meta:
        table_name = configured("names_table")

    gram = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    names = UnicodeAttribute()
    stale = UnicodeAttribute(null=True)
    size = NumberAttribute()

    @property
    def held(self) -> HeldNames:
        """The names that it is found by."""
        return _decode(self.names)

    @property
    def keys(self) -> set[Key]:
        """Where its postings stand, and where some may."""
        gone = _decode(self.stale) if self.stale else ()
        return {*_keys(self.place, self.held), *_keys(self.place, gone)}

    @property
    def postings(self) -> list[Posting]:
        """One for each name, as if it stood on a list."""
        return [
            Posting("", "", self.place, each.text, former, each.record, each.name, ())
            for each, former in _classed(self.held)
        ]


def note_of(subject: str, held: HeldNames, size: int) -> Name:
    """The note that `subject` is found by `held`, made from `size` things."""
    return Name(_INDEXED + subject, subject, names=msgspec.json.encode(held).decode(), size=size)


def read_note(subject: str) -> Name | None:
    """What `subject` is indexed as, read strongly."""
    return next(iter(Name.batch_get([(_INDEXED + subject, subject)], consistent_read=True)), None)


def put_postings(subject: str, held: HeldNames) -> None:
    """Put the postings of all names."""
    items = list_postings(subject, held)
    write_all(settings().names_table, ({"PutRequest": {"Item": item}} for item in items))


def list_postings(subject: str, held: HeldNames) -> Iterator[Item]:
    """The postings of all names as they are stored."""
    others = [each.text for each in held] if len(held) > 1 else []
    for each, former in _classed(held):
        item: Item = {"record": {"S": each.record}}
        if former:
            item["name"] = {"S": each.name}
        if others:
            item["others"] = {"L": [{"S": text} for text in others]}
        for key in _keys_of(subject, each.text, former=former):
            yield {**_key(key), **item}


def replace_note(noted: Name | None, note: Name, stale: Iterable[Key]) -> bool:
    """Put `note` instead of `noted`, and delete the `stale` postings with it.

    False where the note is not `noted` any more: whoever wrote it may have read more, and nothing
    is deleted. More than a transaction takes goes in several; until the last, the note says so.
    """
    chunks = list(batched(sorted(stale), _PARTS))
    if not chunks:
        return save_if(note, _is(noted))
    gone = noted.held if noted else ()
    gone += _decode(noted.stale) if noted and noted.stale else ()
    try:
        for chunk in chunks[:-1]:
            step = Name(note.gram, note.place, names=note.names, size=note.size)
            step.stale = msgspec.json.encode(gone).decode()
            write_together([*map(_delete, chunk), _replace(noted, step)])
            noted = step
        write_together([*map(_delete, chunks[-1]), _replace(noted, note)])
    except Conflict:
        return False
    return True


def keep_note(noted: Name, size: int) -> bool:
    """Note that `size` things add up to the same names; False where the note is another by now."""
    if noted.size == size:
        return True
    unchanged = _is(noted)
    noted.size = size
    return save_if(noted, unchanged)


def beginning_with(text: str) -> str:
    """The list of the names that begin as `text` does."""
    return _BEGINNING + text[:_BEGUN]


def find_postings(on: str, after: str, most: int, prefix: str = "") -> tuple[list[Posting], str]:
    """Up to `most` postings of one list in their order, from behind place `after`, of those whose
    places begin with `prefix`. One request; the second value is the last place read, empty at the
    list's end.
    """
    values: dict[str, Any] = {":g": {"S": on}}
    if prefix:
        values[":p"] = {"S": prefix}
    start: Any = {"ExclusiveStartKey": _key((on, after))} if after else {}
    page = dynamodb().query(
        TableName=settings().names_table,
        KeyConditionExpression="gram = :g" + (" AND begins_with(place, :p)" if prefix else ""),
        ExpressionAttributeValues=values,
        Limit=most,
        **start,
    )
    last = page.get("LastEvaluatedKey")
    return [_posting(item) for item in page["Items"]], last["place"]["S"] if last else ""


def _posting(item: Any) -> Posting:
    on, place = item["gram"]["S"], item["place"]["S"]
    before, _, behind = place.partition(END)
    begins = _is_beginning(on)
    text, subject = (before, behind[1:]) if begins else (before[1:], behind)
    return Posting(
        on,
        place,
        subject,
        text,
        (behind if begins else before).startswith(_FORMER),
        item["record"]["S"],
        item["name"]["S"] if "name" in item else "",
        tuple(text["S"] for text in item["others"]["L"]) if "others" in item else (),
    )


def _is_beginning(on: str) -> bool:
    return len(on) > _BEGUN  # a gram is two letters, ^ or not


def _classed(held: HeldNames) -> Iterable[tuple[HeldName, bool]]:
    """Each name, and whether it is a former one."""
    return ((each, number > 0) for number, each in enumerate(held))


def _keys(subject: str, held: HeldNames) -> Iterable[Key]:
    return chain.from_iterable(
        _keys_of(subject, each.text, former=former) for each, former in _classed(held)
    )


def _keys_of(subject: str, text: str, *, former: bool) -> Iterable[Key]:
    rank = _FORMER if former else _NOW
    if len(text) >= _BEGUN:
        yield beginning_with(text), f"{text}{END}{rank}{subject}"
    for gram in grams(text):
        yield gram, f"{rank}{text}{END}{subject}"


def _decode(names: str) -> HeldNames:
    return msgspec.json.decode(names, type=HeldNames)


def _key(key: Key) -> Item:
    return {"gram": {"S": key[0]}, "place": {"S": key[1]}}


def _delete(key: Key) -> Item:
    return {"Delete": {"TableName": settings().names_table, "Key": _key(key)}}


def _is(noted: Name | None) -> Any:
    """The condition that the note is still `noted`."""
    if noted is None:
        return Name.gram.does_not_exist()
    return (Name.size == noted.size) & (Name.names == noted.names)


def _replace(noted: Name | None, note: Name) -> Item:
    put: Item = {"TableName": settings().names_table, "Item": note.serialize()}
    if noted is None:
        put["ConditionExpression"] = "attribute_not_exists(gram)"
    else:
        put |= {
            "ConditionExpression": "#n = :n AND #t = :t",
            "ExpressionAttributeNames": {"#n": "size", "#t": "names"},
            "ExpressionAttributeValues": {":n": {"N": str(noted.size)}, ":t": {"S": noted.names}},
        }
    return {"Put": put}
