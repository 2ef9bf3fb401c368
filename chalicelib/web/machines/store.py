"""Table `clients`: registered clients, assertions that were used, and the keys that sign tokens."""

from collections.abc import Iterator

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.runtime.clients import kms
from chalicelib.runtime.settings import settings
from chalicelib.runtime.tables import configured, save_if

_CLIENTS = "clients"
_KEYS = "keys"
_SEALED = "sealed"
_USED = "used/"
_PURPOSE = {"purpose": "tokens"}


class Entry(Model):
    """One of: a client, an assertion that was used, a public key, a private key under KMS.

    Private keys have a partition of their own, which only the function that signs may read.
    `ends` is when DynamoDB may forget an assertion, which by then nobody accepts any more.
    """

    class Meta:
        table_name = configured("clients_table")

    kind = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute(null=True)
    sealed = BinaryAttribute(null=True, legacy_encoding=False)
    ends = NumberAttribute(null=True)


def put_client(client: str, body: str) -> None:
    """Keep a client; an earlier one of its id is replaced."""
    Entry(_CLIENTS, client, body=body).save()


def find_client(client: str) -> str | None:
    """A client, read strongly: a suspended one gets no token more."""
    found = _find(_CLIENTS, client)
    return None if found is None else found.body


def list_clients() -> Iterator[str]:
    """Every client, by id."""
    return (entry.body or "" for entry in Entry.query(_CLIENTS))


def use_once(client: str, assertion: str, ends: int) -> bool:
    """Note that `assertion` was used; False where it had been. It is kept until `ends`."""
    entry = Entry(f"{_USED}{client}", assertion, ends=ends)
    return save_if(entry, Entry.id.does_not_exist())


def add_key(kid: str, public: str, private: bytes) -> None:
    """Keep a new key. Its private part comes first: a public key that signs nothing does no harm."""
    answer = kms().encrypt(
        KeyId=settings().data_key_id, Plaintext=private, EncryptionContext=_PURPOSE
    )
    Entry(_SEALED, kid, sealed=answer["CiphertextBlob"]).save()
    Entry(_KEYS, kid, body=public).save()


def replace_key(kid: str, public: str) -> None:
    """Keep what is now said of a key."""
    Entry(_KEYS, kid, body=public).save()


def list_keys() -> list[str]:
    """What is said of every key, read strongly, by id."""
    return [entry.body or "" for entry in Entry.query(_KEYS, consistent_read=True)]


def open_key(kid: str) -> bytes:
    """The private part of a key."""
    entry = Entry.get(_SEALED, kid, consistent_read=True)
    answer = kms().decrypt(
        CiphertextBlob=entry.sealed, KeyId=settings().data_key_id, EncryptionContext=_PURPOSE
    )
    return answer["Plaintext"]


def _find(kind: str, key: str) -> Entry | None:
    try:
        return Entry.get(kind, key, consistent_read=True)
    except Entry.DoesNotExist:
        return None
