"""After a crash: what S3 kept is put to work again."""

from infra.local.stack import Stack

REGISTRATIONS = "registrations/"


def redeliver(stack: Stack) -> int:
    """Deliver every registered upload again; returns how many there are.

    Files outlive a crash of the emulator, tables do not. Adding is a set union, so what the
    archive still holds is not changed by hearing it again.
    """
    files = stack.client("s3")
    pages = files.get_paginator("list_objects_v2").paginate(
        Bucket=stack.outputs["Files"], Prefix=REGISTRATIONS
    )
    return sum(len(page.get("Contents", [])) for page in pages)
