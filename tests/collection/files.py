"""Invented rows and files, and sending them without a network between."""

import base64
import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.catalogue.model import Item
from chalicelib.collection import merging, planning, plans, receipts, uploads
from chalicelib.collection.checks import Checked, Checker
from chalicelib.collection.readers import Row
from chalicelib.runtime import blobs
from chalicelib.subjects.identifiers import (
    Fault,
    check_id_number,
    check_organisation_code,
    check_uscc,
)

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def uscc(number: int, authority: str = "91") -> str:
    """An invented code with right check digits, in a region that does not exist."""
    inner = f"{number:08d}"
    stem = next(
        f"{authority}329900{inner}{digit}"
        for digit in "0123456789X"
        if not isinstance(check_organisation_code(inner + digit), Fault)
    )
    return next(
        stem + letter for letter in "0123456789ABCDEFGHJKLMNPQRTUWXY" if _valid(stem + letter)
    )


def _valid(code: str) -> bool:
    return not isinstance(check_uscc(code), Fault)


def id_number(number: int) -> str:
    """An invented ID number of somebody born in 1980."""
    stem = f"32990019800101{number:03d}"
    return next(
        stem + digit
        for digit in "0123456789X"
        if not isinstance(check_id_number(stem + digit, DAY), Fault)
    )


PROVIDER = uscc(1, "11")
OTHER_PROVIDER = uscc(2, "11")
ORGANISATION = uscc(7)


def registration(**changed: str) -> dict[str, str]:
    """A row of item `registration`."""
    return {
        "uni_social_crd_cd": ORGANISATION,
        "comp_nm": "清江市云帆商贸有限公司",
        "est_dt": "2018-01-06",
        "reg_capt": "200",
        **changed,
    }


def penalty(**changed: str) -> dict[str, str]:
    """A row of item `penalty`: an organisation is fined."""
    return {
        "cf_xdr_mc": "清江市云帆商贸有限公司",
        "cf_xdr_lb": "法人及非法人组织",
        "cf_xdr_shxym": ORGANISATION,
        "cf_frdb": "王小明",
        "cf_wsh": "清市监处罚〔2026〕1号",
        "cf_wfxw": "虚假宣传",
        "cf_sy": "作引人误解的商业宣传",
        "cf_yj": "《反不正当竞争法》第二十条",
        "cf_cflb": "罚款",
        "cf_nr": "罚款二千元",
        "cf_nr_fk": "0.2",
        "cf_jdrq": "2026-03-25",
        "cf_cfjg": "清江市市场监督管理局",
        "cf_cfjgdm": PROVIDER,
        "cf_sjly": "清江市市场监督管理局",
        "cf_sjlydm": PROVIDER,
        **changed,
    }


def person_penalty(number: int = 1, **changed: str) -> dict[str, str]:
    """A row of item `penalty`: a natural person is fined."""
    return penalty(
        **{
            "cf_xdr_mc": "李四",
            "cf_xdr_lb": "自然人",
            "cf_xdr_shxym": "",
            "cf_frdb": "",
            "cf_xdr_zjlx": "身份证",
            "cf_xdr_zjhm": id_number(number),
            **changed,
        }
    )


def csv_of(
    item_id: str, rows: Sequence[Mapping[str, str]], *, encoding: str = "utf-8", codes: bool = False
) -> bytes:
    """A file of `rows` under their labels, or under their codes."""
    item = load_catalogue(DAY).item(item_id)
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names if codes else [item.field(name).title for name in names])
    writer.writerows([[row.get(name, "") for name in names] for row in rows])
    return out.getvalue().encode(encoding)


def check(item: Item, row: Mapping[str, str], day: date = DAY) -> Checked:
    """`row` checked as the only one of its file."""
    return Checker(item, tuple(row), day).check(Row(2, list(row.values())))


def codes_of(item: Item, row: Mapping[str, str], day: date = DAY) -> list[tuple[str, str]]:
    """The field and code of every problem of `row`."""
    return [(problem.field, problem.code) for problem in check(item, row, day).problems]


def entitle(provider: str = PROVIDER, items: Iterable[str] = ("registration", "penalty")) -> None:
    """Register a provider."""
    uploads.register_provider(
        uploads.ProviderEntry(provider=provider, name="某局", items=tuple(items)), DAY
    )


def receive(
    body: bytes,
    item: str = "registration",
    *,
    now: datetime = NOW,
    provider: str = PROVIDER,
    randomness: uploads.Randomness | None = None,
    file_name: str = "rows.csv",
    mode: uploads.Mode = "partial",
) -> str:
    """Register `body` and put it into the inbox; returns the upload's id."""
    options: uploads.Options = {"mode": mode}
    if randomness is not None:
        options["randomness"] = randomness
    registered = uploads.register_upload(
        provider=provider,
        item=item,
        size=len(body),
        sha256=base64.b64encode(hashlib.sha256(body).digest()).decode(),
        file_name=file_name,
        now=now,
        **options,
    )
    upload = registered.registration.upload
    blobs.write(uploads.inbox_key(upload), body, "text/csv")
    return upload


def merge_all(upload: str) -> None:
    """Merge every range of a planned upload."""
    plan = plans.read_plan(upload)
    for index in range(len(plan.ranges) if plan else 0):
        merging.merge_range(upload, index)


def send(
    body: bytes, item: str = "registration", *, now: datetime = NOW, file_name: str = "rows.csv"
) -> str:
    """Receive, plan and merge `body`; returns the upload's id."""
    upload = receive(body, item, now=now, file_name=file_name)
    planning.plan_upload(upload)
    merge_all(upload)
    return upload


def receipt_of(upload: str) -> receipts.Receipt:
    """The receipt of an upload."""
    return receipts.fold_receipt(uploads.find_registration(upload))
