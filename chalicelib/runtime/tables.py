"""How pynamodb models learn their table's name: from the settings, when first used."""

from typing import Any

from chalicelib.runtime.settings import settings


class _Configured:
    def __init__(self, setting: str) -> None:
        self._setting = setting

    def __get__(self, instance: object, owner: type) -> str:
        name: str = getattr(settings(), self._setting)
        return name


def configured(setting: str) -> Any:
    """For a model's `Meta.table_name`: reads `setting` on use, not at import."""
    return _Configured(setting)
