"""Table `identities`: the keyring, which paper is whose, and each person's wrapped key."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from chalicelib.runtime.clients import kms
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import Conflict, configured, read_all, save_if, write_together

_KEYRING = "keyring.1"
_PURPOSE = {"purpose": "identities"}


class Identity(Model):
    """One of: the keyring, a paper's pseudonym, a person. The key's first word tells which."""

    class Meta:
        table_name = configured("identities_table")

    key = UnicodeAttribute(hash_key=True)
    person = UnicodeAttribute(null=True)
    wrapped = BinaryAttribute(null=True, legacy_encoding=False)
    papers = UnicodeSetAttribute(null=True)
    since = UnicodeAttribute(null=True)
    erased = UnicodeAttribute(null=True)


class Entry(NamedTuple):
    """What stands in the table under one key."""

    key: str
    person: str | None = None
    wrapped: bytes | None = None
    papers: Collection[str] = ()
    since: str | None = None
    erased: str | None = None


class NewPerson(NamedTuple):
    """A person to be recorded: subject key, wrapped data key, the pseudonym of the first paper."""

    subject: str
    wrapped: bytes
    paper: str


def load_master_key() -> bytes:
    """The master key of the keyring; made through KMS when the system is first used.

    Two first users may race: the first to write it wins and the other reads it again.
    """
    while True:
        found = find(_KEYRING)
        if found is not None and found.wrapped is not None:
            answer = kms().decrypt(
                CiphertextBlob=found.wrapped,
                KeyId=settings().data_key_id,
                EncryptionContext=_PURPOSE,
            )
            return answer["Plaintext"]
        made = kms().generate_data_key(
            KeyId=settings().data_key_id, KeySpec="AES_256", EncryptionContext=_PURPOSE
        )
        save_if(Identity(_KEYRING, wrapped=made["CiphertextBlob"]), Identity.key.does_not_exist())


def find(key: str) -> Entry | None:
    """The item under `key`, read strongly."""
    return find_many([key]).get(key)


def find_many(keys: Iterable[str]) -> dict[str, Entry]:
    """The items that exist under `keys`, read strongly.

    The plain client reads them: each range of rows asks for all its persons.
    """
    wanted = ({"key": {"S": key}} for key in dict.fromkeys(keys))
    found = read_all(settings().identities_table, wanted)
    return {entry.key: entry for entry in map(_read, found)}


def _read(item: Mapping[str, Any]) -> Entry:
    values = {name: held for name, value in item.items() for held in value.values()}
    return Entry(**values)


def add_people(people: Iterable[NewPerson], since: str) -> bool:
    """Record persons with their first papers, all or none; False where a paper is known already."""
    parts = []
    for each in people:
        key = Identity(each.subject, wrapped=each.wrapped, papers={each.paper}, since=since)
        parts += [_first(Identity(each.paper, person=each.subject)), _first(key)]
    try:
        write_together(parts)
    except Conflict:
        return False
    return True


def destroy(person: str, papers: Iterable[str], when: str) -> None:
    """Remove a person's key and every paper in one transaction; a bare note stays."""
    table = settings().identities_table
    removals = [{"Delete": {"TableName": table, "Key": {"key": {"S": paper}}}} for paper in papers]
    note: dict[str, Any] = {"TableName": table, "Item": Identity(person, erased=when).serialize()}
    write_together([{"Put": note}, *removals])


def _first(item: Identity) -> dict[str, Any]:
    """The transaction part that puts `item` where nothing stands under its key."""
    return {
        "Put": {
            "TableName": settings().identities_table,
            "Item": item.serialize(),
            "ConditionExpression": "attribute_not_exists(#k)",
            "ExpressionAttributeNames": {"#k": "key"},
        }
    }
