"""XLSX templates: labels, codes, drop-downs, comments as guide, cells that keep what is typed."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import IO, TYPE_CHECKING, Any, Final

from chalicelib.catalogue.model import Field, Item
from chalicelib.collection.guide import Line, describe_field, describe_item, headline
from chalicelib.runtime.words import Language

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS: Final = 10_000
"""So many rows offer drop-downs; more may be filled in."""

FIRST_ROW: Final = 2  # of data, from 0: below labels and codes

_FONT: Final = "Microsoft YaHei"
_GUIDE: Final = {"zh": "填报说明", "en": "填报说明 Guide"}
_CHOICES: Final = {"zh": "代码表", "en": "代码表 Choices"}
_COLOURS: Final = {"required": "#F8CBAD", "conditional": "#FFE699", "optional": "#DDEBF7"}
_WIDTHS: Final = {"text": 40, "date": 13, "amount": 14, "integer": 10, "uscc": 22, "paper": 22}
_WIDTH: Final = 18
_LONGEST_PROMPT: Final = 255


def write_template(item: Item, target: str | IO[bytes], language: Language) -> None:
    """Write the template of `item` to `target`; the same item always gives the same bytes.

    Raises xlsxwriter's `FileCreateError` where a file cannot be written.
    """
    from xlsxwriter.workbook import Workbook

    book = Workbook(target, {"in_memory": True})
    adopted = datetime.combine(item.adopted, time(), UTC).replace(tzinfo=None)
    book.set_properties({"title": item.title, "comments": item.version, "created": adopted})
    _Template(book, item, language).write()
    book.close()


class _Template:
    def __init__(self, book: "Workbook", item: Item, language: Language) -> None:
        self._book = book
        self._item = item
        self._language = language
        self._codes = self._format(font_color="#7F7F7F", font_size=9, num_format="@")
        self._wrapped = self._format(text_wrap=True, valign="top")
        self._bold = self._format(bold=True, bg_color="#DDEBF7", border=1)

    def write(self) -> None:
        """All three sheets; the one to fill in comes first and is shown."""
        sheet = self._book.add_worksheet(self._item.title[:31])
        guide = self._book.add_worksheet(_GUIDE[self._language])
        choices = self._book.add_worksheet(_CHOICES[self._language])
        for column, field in enumerate(self._item.schema.fields):
            self._write_column(sheet, column, field)
            if field.enum:
                choices.write_string(0, column, field.name, self._codes)
                choices.write_column(1, column, field.enum)
                self._offer(sheet, choices, column, field)
        sheet.freeze_panes(FIRST_ROW, 1)
        sheet.activate()
        self._write_guide(guide)
        choices.hide()

    def _format(self, **properties: Any) -> "Format":
        return self._book.add_format({"font_name": _FONT, **properties})

    def _write_column(self, sheet: "Worksheet", column: int, field: Field) -> None:
        need = "required" if field.required else "optional"
        if field.required_when is not None:
            need = "conditional"
        head = self._format(
            bold=True, text_wrap=True, valign="top", border=1, bg_color=_COLOURS[need]
        )
        cells = self._format(num_format=_number_format(field))
        sheet.set_column(column, column, _WIDTHS.get(field.type, _WIDTH), cells)
        label = f"*{field.title}" if field.required else field.title
        sheet.write_string(0, column, label, head)
        sheet.write_string(1, column, field.name, self._codes)
        lines = describe_field(self._item, field, self._language)
        comment = "\n".join(f"{line.name}：{line.text}" for line in lines)
        sheet.write_comment(
            0,
            column,
            comment,
            {"author": "creditctl", "width": 320, "height": 18 * len(lines) + 60},
        )

    def _offer(self, sheet: "Worksheet", choices: "Worksheet", column: int, field: Field) -> None:
        """A drop-down; other spellings that the system understands may still be typed."""
        from xlsxwriter.utility import xl_range_abs

        source = f"='{choices.get_name()}'!{xl_range_abs(1, column, len(field.enum or ()), column)}"
        several = field.type == "choices"
        sheet.data_validation(
            FIRST_ROW,
            column,
            FIRST_ROW + ROWS - 1,
            column,
            {
                "validate": "list",
                "source": source,
                "show_error": not several,
                "error_type": "warning",
                "input_title": field.title[:32],
                "input_message": headline(field, self._language)[:_LONGEST_PROMPT],
            },
        )

    # -- the guide --------------------------------------------------------------------------------

    def _write_guide(self, guide: "Worksheet") -> None:
        guide.set_column(0, 0, 30, self._wrapped)
        guide.set_column(1, 1, 90, self._wrapped)
        row = self._write_lines(guide, 0, describe_item(self._item, self._language))
        for number, field in enumerate(self._item.schema.fields, 1):
            guide.write_string(row + 1, 0, f"{number}. {field.title}", self._bold)
            guide.write_string(row + 1, 1, "", self._bold)
            row = self._write_lines(
                guide, row + 2, describe_field(self._item, field, self._language)
            )

    def _write_lines(self, guide: "Worksheet", row: int, lines: Sequence[Line]) -> int:
        for line in lines:
            guide.write_string(row, 0, line.name, self._wrapped)
            guide.write_string(row, 1, line.text, self._wrapped)
            row += 1
        return row


def _number_format(field: Field) -> str:
    """Text wherever a spreadsheet would damage what is typed: codes, numbers of documents, names."""
    return {"date": "yyyy-mm-dd", "amount": "General", "integer": "0"}.get(field.type, "@")
