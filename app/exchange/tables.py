"""Write lists as CSV and .xlsx with flat memory, and no cell that a spreadsheet would calculate."""

import csv
import datetime
import io
import itertools
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from app.exchange.errors import ExchangeError

RISKY = frozenset("=+-@\t\r\n＝＋－＠")
FIRST_HARMLESS, FIRST_FULL_WIDTH = "A", "\uff00"  # risky beginnings and digits sort outside of these
SAFE_DIGITS = 11  # a spreadsheet shows longer ones as 9.14E+17
EXACT_INTEGERS = 10**15
MAX_CHARACTERS = 32_767
SHORT_LENGTH = 1_000
MAX_ROWS = 1_048_576
BATCH = 500
CHUNK = 64 * 1024
NUMBERS = frozenset({int, float, Decimal})
PLAIN_TYPES = frozenset({int, float, Decimal, datetime.date, type(None)})
YES_NO = {True: "是", False: "否"}
MAX_WIDTH = 60
MIN_WIDTH = 8
SAMPLE = 100

Row = Sequence[Any]


def csv_stream(headers: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield UTF-8 with byte order mark in chunks; risky text and long digits get a leading apostrophe."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    source = itertools.chain((headers,), rows)
    while batch := list(itertools.islice(source, BATCH)):
        writer.writerows(  # without calls for most cells: this runs once a cell
            [
                (_guarded(v) if not FIRST_HARMLESS <= v < FIRST_FULL_WIDTH else v)
                if v.__class__ is str
                else (v if v.__class__ in PLAIN_TYPES else _csv_text(v))
                for v in row
            ]
            for row in batch
        )
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _guarded(text: str) -> str:
    if text[:1] in RISKY or (
        text.isdigit() and (len(text) > SAFE_DIGITS or (text[0] == "0" and len(text) > 1))
    ):
        return f"'{text}"
    return text


def _csv_text(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return _guarded(YES_NO[value] if isinstance(value, bool) else str(value))


def xlsx_stream(
    headers: Sequence[str],
    rows: Iterable[Row],
    *,
    sheet: str,
    created: datetime.datetime,
    text_columns: Collection[str] = (),
) -> Iterator[bytes]:
    """Return the chunks of a workbook of one sheet, written in full before the first, so that it refuses in time.

    `created` is written into the file instead of the clock's time, so the same rows give the same bytes.
    `text_columns` are headings whose values stay text whatever they look like.
    Raises ExchangeError for a cell or a list that a spreadsheet cannot hold.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.xlsx")
        options = {"constant_memory": True, "tmpdir": folder, "default_date_format": "yyyy-mm-dd"}
        book = xlsxwriter.Workbook(str(path), options)
        stamp(book, created)
        _Sheet(book, headers, sheet, text_columns).fill(rows)
        book.close()
        file = path.open("rb")  # stays readable after the folder is gone
    return _chunks(file)


def stamp(book: xlsxwriter.Workbook, created: datetime.datetime) -> None:
    """Set a workbook's moment of creation, by default the clock's."""
    book.set_properties({"created": created.astimezone(datetime.UTC).replace(tzinfo=None)})


def _chunks(file: Any) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


class _Sheet:
    """A worksheet being written, row by row in order."""

    def __init__(
        self, book: xlsxwriter.Workbook, headers: Sequence[str], name: str, text_columns: Collection[str]
    ) -> None:
        self.page = book.add_worksheet(name)
        self.headers = headers
        self.text = {index for index, heading in enumerate(headers) if heading in text_columns}
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        self.quoted = book.add_format({"quote_prefix": True, "num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def fill(self, rows: Iterable[Row]) -> None:
        """Write headings and rows; the first rows decide the widths."""
        source = iter(rows)
        sample = list(itertools.islice(source, SAMPLE))
        self._lay_out(sample)
        last = 0
        for last, row in enumerate(itertools.chain(sample, source), start=1):
            if last >= MAX_ROWS:
                raise ExchangeError(
                    f"导出超过{MAX_ROWS - 1:,}行，工作表放不下；请缩小筛选范围，或改为导出 CSV。"
                )
            self._write(last, row)
        self.page.autofilter(0, 0, last, max(len(self.headers) - 1, 0))

    def _lay_out(self, sample: Sequence[Row]) -> None:
        for index, heading in enumerate(self.headers):
            widest = max((_width(row[index]) for row in sample), default=0)
            self.page.set_column(index, index, min(max(widest, _width(heading) + 3, MIN_WIDTH), MAX_WIDTH))
            self.page.write_string(0, index, heading, self.bold)
        self.page.freeze_panes(1, 0)

    def _write(self, number: int, row: Row) -> None:
        plain = self.page.write_string
        for index, value in enumerate(row):
            if value is None:
                continue
            if value.__class__ is not str:
                self._write_value(number, index, value)
            # Nearly every text: harmless by its first character, and short.
            elif (
                index not in self.text
                and len(value) < SHORT_LENGTH
                and FIRST_HARMLESS <= value < FIRST_FULL_WIDTH
            ):
                plain(number, index, value)
            else:
                self._string(number, index, value)

    def _write_value(self, number: int, index: int, value: Any) -> None:
        """Write numbers, moments and days as such, anything else as text."""
        if index in self.text:
            self._string(number, index, str(value))
        elif value.__class__ in NUMBERS:
            self._number(number, index, value)
        elif isinstance(value, datetime.datetime):
            self.page.write_datetime(number, index, value.replace(tzinfo=None), self.moment)
        elif isinstance(value, datetime.date):
            self.page.write_datetime(number, index, value, self.day)
        else:
            self._string(number, index, YES_NO[value] if value.__class__ is bool else str(value))

    def _string(self, number: int, index: int, value: str) -> None:
        if len(value) > MAX_CHARACTERS:
            self._refuse(number, index, value)
        as_text = index in self.text or value[:1] in RISKY
        self.page.write_string(number, index, value, self.quoted if as_text else None)

    def _number(self, number: int, index: int, value: Any) -> None:
        if abs(value) >= EXACT_INTEGERS:
            self._string(number, index, str(value))
        else:
            self.page.write_number(number, index, value)

    def _refuse(self, number: int, index: int, value: str) -> None:
        raise ExchangeError(
            f"第{number + 1}行“{self.headers[index]}”有{len(value):,}个字符，"
            f"超过单元格上限{MAX_CHARACTERS:,}个，导出会丢失内容；请先精简该项，或改为导出 CSV。"
        )


def _width(value: Any) -> int:
    """Return the columns a cell takes; a Chinese character takes two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in str(value or "")) + 1
