"""What a deployment configures, read once from the environment."""

import os
from functools import cache

import msgspec


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute for each environment variable of the same name in upper case."""

    stage: str
    rulebook: str
    archive_table: str
    identities_table: str
    uploads_table: str
    ledger_table: str
    publication_table: str
    names_table: str
    notices_table: str
    grants_table: str
    shares_table: str
    checks_table: str
    reports_table: str
    counters_table: str
    providers_table: str
    clients_table: str
    progress_table: str
    files_bucket: str
    plans_queue_url: str
    large_plans_queue_url: str
    ranges_queue_url: str
    check_parts_queue_url: str
    data_key_id: str
    issuers: str
    public_url: str
    proxies: int


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises `msgspec.ValidationError` naming the first variable that is missing.
    """
    found = {
        name: os.environ[name.upper()]
        for name in Settings.__struct_fields__
        if name.upper() in os.environ
    }
    return msgspec.convert(found, Settings, strict=False)
