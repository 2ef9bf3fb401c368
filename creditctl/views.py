"""Reading a provider's database view (SQLAlchemy): what is new since a position, as text."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from chalicelib.catalogue.model import Item
from chalicelib.runtime.clock import LAWFUL_ZONE
from creditctl import words
from creditctl.exits import Exit, Failure
from creditctl.watermarks import Position, Watermark, digest_row, mark_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

MAX_ROWS: Final = 50_000
"""Rows of one file."""

_FETCHED: Final = 1_000


class NewRows(NamedTuple):
    """Rows as they stand in a file, their header, and the position behind them."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    following: Position
    unmarked: int


class View:
    """A view with rows of an item, ordered by a column that grows: its watermark.

    A column whose name is no field of the item refuses the view, unless it is the watermark. A
    transaction that ends no later than `overlap` after the time that it wrote is not missed.
    """

    def __init__(self, url: str, name: str, watermark: str, item: Item, overlap: timedelta) -> None:
        self._url = url
        self._name = name
        self._watermark = watermark
        self._item = item
        self._overlap = overlap

    def read_new(self, position: Position) -> NewRows:
        """Up to `MAX_ROWS` rows behind `position`, in the order of the watermark.

        Reading begins a while before it; rows that were sent are known by their words. So others
        with the same watermark are not missed, nor those of a transaction that ended late. Raises
        `Failure`.
        """
        with self._connected() as connection:
            table = self._describe(connection)
            header = self._header(table)
            rows, following = self._collect(self._read(connection, table, position), position)
            chosen = [[cells[place] for place in header.values()] for cells in rows]
            return NewRows(
                tuple(header), chosen, following, self._count_unmarked(connection, table)
            )

    def _collect(
        self, found: Iterable[tuple[Watermark, Sequence[str]]], position: Position
    ) -> tuple[list[Sequence[str]], Position]:
        """The rows among those `found` that are new, and the position behind them."""
        sent = set(position.sent)
        rows: list[Sequence[str]] = []
        seen: list[tuple[Any, str]] = []
        for mark, cells in found:
            digest = digest_row(cells)
            if digest not in sent:
                if len(rows) == MAX_ROWS:
                    break
                rows.append(cells)
            seen.append((mark, digest))
        if not rows:
            return rows, position
        last = mark_of(seen[-1][0])
        if position.mark is not None and last.value <= position.mark.value:  # type: ignore[operator]
            sent.update(digest for _, digest in seen)  # late ones; what follows was sent before
            return rows, Position(mark=position.mark, sent=tuple(sorted(sent)))
        first: Any = last.less(self._overlap)
        kept = {digest for mark, digest in seen if mark >= first}
        return rows, Position(mark=last, sent=tuple(sorted(kept)))

    def _count_unmarked(self, connection: "Connection", table: "Table") -> int:
        from sqlalchemy import func, select

        column = table.c[self._watermark]
        query = select(func.count()).select_from(table).where(column.is_(None))
        return int(connection.scalar(query) or 0)

    @contextmanager
    def _connected(self) -> Iterator["Connection"]:
        try:
            from sqlalchemy import create_engine
            from sqlalchemy.exc import SQLAlchemyError
        except ImportError:
            raise Failure(
                Exit.USAGE, words.NO_LIBRARY, library="SQLAlchemy", extra="sqlalchemy"
            ) from None
        try:
            engine = create_engine(self._url)
            try:
                with engine.connect() as connection:
                    yield connection
            finally:
                engine.dispose()
        except SQLAlchemyError as error:
            # The driver's own message; SQLAlchemy's would repeat the statement and its values.
            reason = str(getattr(error, "orig", None) or type(error).__name__)
            raise Failure(Exit.UNREACHABLE, words.DATABASE_FAILED, reason=reason) from None
        except ModuleNotFoundError as error:  # the driver that the URL asks for
            driver = str(error.name)
            raise Failure(Exit.USAGE, words.NO_LIBRARY, library=driver, extra=driver) from None

    def _describe(self, connection: "Connection") -> "Table":
        from sqlalchemy import MetaData, Table
        from sqlalchemy.exc import NoSuchTableError

        schema, _, name = self._name.rpartition(".")
        try:
            table = Table(name, MetaData(), autoload_with=connection, schema=schema or None)
        except NoSuchTableError:
            raise Failure(Exit.USAGE, words.VIEW_UNKNOWN, view=self._name) from None
        if self._watermark not in table.c:
            raise Failure(
                Exit.USAGE, words.WATERMARK_UNKNOWN, view=self._name, column=self._watermark
            )
        return table

    def _header(self, table: "Table") -> dict[str, int]:
        """The code of each column's field, and the column's place."""
        found = {column.name: self._item.field_by_label(column.name) for column in table.c}
        unknown = [name for name, field in found.items() if field is None]
        if set(unknown) - {self._watermark}:
            raise Failure(
                Exit.USAGE,
                words.COLUMNS_UNKNOWN,
                view=self._name,
                item=self._item.title,
                columns="、".join(name for name in unknown if name != self._watermark),
            )
        return {field.name: place for place, field in enumerate(found.values()) if field}

    def _read(
        self, connection: "Connection", table: "Table", position: Position
    ) -> Iterator[tuple[Watermark, Sequence[str]]]:
        from sqlalchemy import select

        column = table.c[self._watermark]
        query = select(table).where(column.is_not(None)).order_by(column)
        if position.mark is not None:
            query = query.where(column >= position.mark.less(self._overlap))
        found = connection.execution_options(yield_per=_FETCHED).execute(query)
        place = list(found.keys()).index(self._watermark)
        for row in found:
            yield row[place], [spell(value) for value in row]


def spell(value: Any) -> str:
    """A value of a database as text that the system reads the same."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case datetime():
            lawful = value.astimezone(LAWFUL_ZONE) if value.tzinfo else value
            return lawful.replace(tzinfo=None).isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case float():
            return f"{value:.15g}"
        case bytes():
            return value.decode("utf-8", "replace")
    return str(value)
