"""Profile (名称、曾用名、状态): a view of what registration statements say (DESIGN §4)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from chalicelib.archive import store
from chalicelib.archive.fold import Record, Version, fold
from chalicelib.archive.statements import Holding, MarkKind, Value
from chalicelib.catalogue.model import Item
from chalicelib.runtime.clock import day_of

REGISTRATION = "registration"
_STATUS = "reg_state"  # 登记状态
_APPROVED = "appr_dt"  # 核准日期（登记、吊销、注销日期）
_CEASED = re.compile("已?注销(登记|企业)?")
_VOID = (MarkKind.ANNULLED, MarkKind.DELETED)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A subject as registered: its name now, earlier ones (oldest first), its status.

    `ceased` is the day of its deregistration 注销; a revoked licence 吊销 ends no subject.
    """

    subject: str
    name: str = ""
    former: tuple[str, ...] = ()
    status: str = ""
    ceased: date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name the subject is known by, the present one first."""
        return (self.name, *self.former) if self.name else self.former


def recall_names(holdings: Iterable[Holding], item: Item) -> dict[str, str]:
    """Every name that `holdings` of registration `item` tell, and the record that said it last."""
    found = [(holding, fold(holding)) for holding in holdings]
    said = sorted(
        (version, name, holding.key.record)
        for holding, record in found
        if not record.marked(*_VOID)
        for version, name in _names_said(holding, record, item)
    )
    return {name: record for _, name, record in said if name}


def fold_profile(subject: str, holdings: Iterable[Holding], item: Item) -> tuple[Profile, int]:
    """The profile that `holdings` of registration `item` add up to, and from how many things.

    A registration that is annulled or deleted tells nothing, not even a former name.
    """
    found = [(holding, fold(holding)) for holding in holdings]
    size = sum(holding.size for holding, _ in found)
    folded = [(holding, record) for holding, record in found if not record.marked(*_VOID)]
    current = max((record for _, record in folded), key=_said, default=None)
    if current is None or current.current is None:
        return Profile(subject=subject), size
    fields = current.current.words.fields
    name = _text(fields, item.subject.name)
    said = sorted(pair for holding, record in folded for pair in _names_said(holding, record, item))
    return Profile(
        subject=subject,
        name=name,
        former=tuple(dict.fromkeys(known for _, known in said if known and known != name)),
        status=_text(fields, _STATUS),
        ceased=_find_end(current),
    ), size


def read_profiles(subjects: Iterable[str]) -> dict[str, Profile]:
    """The profiles of those subjects that have one."""
    return {
        subject: msgspec.msgpack.decode(body, type=Profile)
        for subject, body in store.read_profiles(subjects).items()
    }


def project_profile(subject: str, holdings: Iterable[Holding], item: Item) -> tuple[Profile, int]:
    """Make a subject's profile anew from its registrations and keep it, unless a newer one is there.

    Returns it, and from how many things it was made.
    """
    profile, size = fold_profile(subject, holdings, item)
    store.write_profile(subject, msgspec.msgpack.encode(profile), size)
    return profile, size


def _find_end(record: Record) -> date | None:
    """The day of the deregistration that the record states; of its report where it gives none."""
    if record.current is None or record.said is None:
        return None
    fields = record.current.words.fields
    if not _CEASED.fullmatch(_text(fields, _STATUS)):
        return None
    approved = _text(fields, _APPROVED)
    return date.fromisoformat(approved) if approved else day_of(record.said.registered)


def _said(record: Record) -> str:
    return "" if record.said is None else str(record.said)


def _names_said(holding: Holding, record: Record, item: Item) -> Iterable[tuple[Version, str]]:
    words = {statement.digest: statement.words.fields for statement in holding.statements}
    for version in record.history:
        if version.digest:
            yield version, _text(words[version.digest], item.subject.name)


def _text(fields: Mapping[str, Value], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else "；".join(value)
