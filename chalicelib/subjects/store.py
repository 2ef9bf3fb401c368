"""Table `identities`: the keyring, which paper is whose, and each person's wrapped key."""

from collections.abc import Iterable
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.models import Model

from chalicelib.runtime.clients import kms
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import Conflict, configured, save_if, write_together

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


def find(key: str) -> Identity | None:
    """The item under `key`, read strongly."""
    for item in Identity.batch_get([key], consistent_read=True):
        return item
    return None


def find_many(keys: Iterable[str]) -> dict[str, Identity]:
    """The items that exist under `keys`, read strongly."""
    return {item.key: item for item in Identity.batch_get(set(keys), consistent_read=True)}


def add_person(person: str, wrapped: bytes, paper: str, since: str) -> bool:
    """Record a person and the first paper together; False where the paper is already known."""
    link = Identity(paper, person=person)
    key = Identity(person, wrapped=wrapped, papers={paper}, since=since)
    try:
        write_together([_first(link), _first(key)])
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
