"""What programmes say to people, in Chinese and English."""

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One message; `{placeholders}` are filled when it is said."""

    zh: str
    en: str

    def say(self, language: Language, **values: str | int) -> str:
        """The message in `language`."""
        return (self.zh if language == "zh" else self.en).format_map(values)
