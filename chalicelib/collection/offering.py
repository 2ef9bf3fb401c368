"""Templates (报送模板) offered for download."""

import io
from typing import Final

from chalicelib.catalogue.model import Item
from chalicelib.collection.templates import write_template
from chalicelib.runtime import blobs
from chalicelib.runtime.words import Language

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SECONDS: Final = 15 * 60


def offer_template(item: Item, language: Language) -> str:
    """Where the template of `item` can be fetched for a quarter of an hour.

    It is made each time, with the same bytes, and kept for a day (`returned/`).
    """
    body = io.BytesIO()
    write_template(item, body, language)
    key = f"returned/templates/{item.id}-{item.version}-{language}.xlsx"
    blobs.write(key, body.getvalue(), _XLSX)
    return blobs.presign_download(key, name=f"{item.id}-{item.version}.xlsx", seconds=_SECONDS)
