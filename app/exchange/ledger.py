"""Read a county's recommendation summary table (推荐汇总表): rows, refused rows and skipped rows.

Nothing is dropped silently: every row below the header is in one of the three.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from app.exchange import cells, normalise, sandbox
from app.exchange.columns import BY_NAME, CLOSING, FIELDS, Field, compact, recognise, unit_of
from app.exchange.errors import ExchangeError
from app.exchange.normalise import Problem, Read
from app.exchange.records import Column, ColumnsMissing, Late, Ledger, LedgerRow, Normalised, Refusal, Skipped
from app.policy.terms import Kind, Mode

MAX_BYTES = 20 * 1024 * 1024
MAX_SECONDS = 60
MAX_MEMORY = 1024 * 1024 * 1024
HEADER_WITHIN = 20
MIN_HEADINGS = 3
IDENTIFYING = {"credit_code", "mode"}

_YEAR = re.compile(r"(\d{4})年度")
_REQUIRED = tuple(field for field in FIELDS if field.required)


def read(
    source: Path | str | bytes,
    *,
    areas: Mapping[str, str],
    year: int,
    application_deadline: datetime.date,
    mapping: Mapping[int, str] | None = None,
) -> Ledger:
    """Read an .xlsx or .csv ledger.

    `areas`: code by name; `mapping`: field by column index (from 0), "" for none.

    Raises ExchangeError when the file as a whole cannot be taken, ColumnsMissing when columns must be named.
    """
    sheets = sandbox.run(cells.read, _content(source), seconds=MAX_SECONDS, memory=MAX_MEMORY)
    grid, top = _table(sheets, mapping)
    _demand_year(grid[:top], year)
    bottom = top + _has_second_line(grid, top)
    columns = _columns(grid[top : bottom + 1], mapping)
    recognised = {column.field for column in columns}
    if missing := [field for field in _REQUIRED if field.name not in recognised]:
        raise ColumnsMissing(missing, columns)
    return _Reading(columns, areas, year, application_deadline).ledger(grid, bottom)


def _content(source: Path | str | bytes) -> bytes:
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not data:
        raise ExchangeError("文件是空的；请重新选择文件。")
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"文件超过{MAX_BYTES >> 20}MB；请删去图片或多余工作表后重新上传。")
    return data


def _demand_year(title_rows: cells.Grid, year: int) -> None:
    """Raise ExchangeError if a title states another year."""
    for title in (cell for row in title_rows for cell in row if isinstance(cell, str)):
        if (stated := _YEAR.search(title)) and int(stated[1]) != year:
            raise ExchangeError(
                f"表题写的是{stated[1]}年度，与所选的{year}年度不符；请核对年度或文件后重新导入。"
            )


def _table(sheets: list[dict[str, Any]], mapping: Mapping[int, str] | None) -> tuple[cells.Grid, int]:
    """Return the only sheet with a header, and the header's index."""
    candidates = [(sheet, top) for sheet in sheets if (top := _header(sheet["rows"], mapping)) is not None]
    if not candidates:
        raise ExchangeError(
            "找不到表头；请确认表中有“单位名称”“统一社会信用代码”“类别”等列名，且在前20行之内。"
        )
    if len(candidates) > 1:
        names = "、".join(f"“{sheet['name']}”" for sheet, _ in candidates)
        raise ExchangeError(
            f"工作簿里有{len(candidates)}张汇总表（{names}）；请合并为一张，或分成几个文件导入。"
        )
    return candidates[0][0]["rows"], candidates[0][1]


def _header(grid: cells.Grid, mapping: Mapping[int, str] | None) -> int | None:
    """Return the row that names most fields, or with a mapping the first with text in all mapped columns."""
    head = grid[:HEADER_WITHIN]
    counts = [_count_fields(row) for row in head]
    if counts and max(counts) >= MIN_HEADINGS:
        return counts.index(max(counts))
    mapped = [index for index, field in (mapping or {}).items() if field]
    if not mapped:
        return None
    return next((number for number, row in enumerate(head) if _has_texts(row, mapped)), None)


def _count_fields(row: list[Any]) -> int:
    return len({field.name for cell in row if (field := recognise(cell))})


def _has_texts(row: list[Any], indexes: Iterable[int]) -> bool:
    return all(index < len(row) and isinstance(row[index], str) for index in indexes)


def _has_second_line(grid: cells.Grid, top: int) -> bool:
    """Return whether the headings take two lines: the second names further fields and no unit's values."""
    if top + 1 >= len(grid):
        return False
    pairs = list(zip(grid[top], grid[top + 1], strict=True))
    return any(recognise(under) and not recognise(above) for above, under in pairs) and all(
        under is None or under == above or recognise(under) or not recognise(above) for above, under in pairs
    )


def _columns(lines: cells.Grid, mapping: Mapping[int, str] | None) -> tuple[Column, ...]:
    columns, taken = [], set()
    for index, stack in enumerate(zip(*lines, strict=True)):
        heading = _heading_of(stack)
        name = _recognised_name(heading) if mapping is None else mapping.get(index, "")
        if name and name not in BY_NAME:
            raise ValueError(f"no such field: {name}")
        columns.append(Column(index, "".join(heading.split()), "" if name in taken else name))
        taken.add(name)
    return tuple(columns)


def _heading_of(stack: Iterable[Any]) -> str:
    """Return the lowest text of a column's header that names a field, else the lowest text."""
    texts = [cell for cell in stack if isinstance(cell, str)]
    lowest = texts[-1] if texts else ""
    return next((text for text in reversed(texts) if recognise(text)), lowest)


def _recognised_name(heading: str) -> str:
    field = recognise(heading)
    return field.name if field else ""


class _Reading:
    """One pass over the rows below the header."""

    def __init__(
        self, columns: tuple[Column, ...], areas: Mapping[str, str], year: int, deadline: datetime.date
    ) -> None:
        self.columns = columns
        self.deadline = deadline
        self.used = [
            (column, BY_NAME[column.field]) for column in columns if column.field not in ("", "serial")
        ]
        self.readers = [(column, field, _reader(field, column, areas, year)) for column, field in self.used]
        self.code = next(column for column in columns if column.field == "credit_code")
        self.first: dict[tuple[str, Kind], int] = {}
        self.rows: list[LedgerRow] = []
        self.refused: list[Refusal] = []
        self.normalised: list[Normalised] = []
        self.late: list[Late] = []
        self.skipped: list[Skipped] = []
        self.originals: list[tuple[int, tuple[Any, ...]]] = []

    def ledger(self, grid: cells.Grid, header: int) -> Ledger:
        """Read the rows below the header."""
        for number, row in enumerate(grid[header + 1 :], start=header + 2):
            if self._is_empty(row):
                continue
            if self._is_no_entry(row):
                self.skipped.append(Skipped(number, _row_text(row)))
            else:
                self._take(number, row)
        if len(self.rows) + len(self.originals) > cells.MAX_ROWS:
            raise ExchangeError(f"表中超过{cells.MAX_ROWS:,}行；请拆成几个文件分别导入。")
        return Ledger(
            header + 1,
            self.columns,
            tuple(self.rows),
            tuple(self.refused),
            tuple(self.normalised),
            tuple(self.late),
            tuple(self.skipped),
            tuple(self.originals),
        )

    def _is_empty(self, row: list[Any]) -> bool:
        return all(_blank(row[column.index]) for column, _ in self.used) and not _closing(row)

    def _is_no_entry(self, row: list[Any]) -> bool:
        """Return whether a row closes the table without naming a unit, or repeats the header."""
        return _closing(row) and self._no_unit(row) or self._repeats_header(row)

    def _no_unit(self, row: list[Any]) -> bool:
        return all(_blank(row[column.index]) for column, field in self.used if field.name in IDENTIFYING)

    def _repeats_header(self, row: list[Any]) -> bool:
        code = row[self.code.index]
        return code.__class__ is str and "".join(code.split()) == self.code.heading

    def _take(self, number: int, row: list[Any]) -> None:
        values, remarks, problems = self._values(number, row)
        problems += self._contradictions(number, values)
        if problems:
            self.refused += problems
            self.originals.append((number, tuple(row)))
            return
        self.rows.append(LedgerRow(row=number, serial=self._serial(row), **values))
        self.normalised += remarks
        submitted = values.get("submitted_on")
        if submitted and submitted > self.deadline:
            self.late.append(Late(number, submitted, self.deadline))

    def _serial(self, row: list[Any]) -> int | None:
        """Return the place in the county's order, None unless it is a whole number."""
        index = next((column.index for column in self.columns if column.field == "serial"), None)
        stated = normalise.shown(row[index]) if index is not None and not isinstance(row[index], list) else ""
        return int(stated) if stated.isdecimal() and 0 < int(stated) <= cells.MAX_ROWS else None

    def _values(self, number: int, row: list[Any]) -> tuple[dict[str, Any], list[Normalised], list[Refusal]]:
        values: dict[str, Any] = {}
        remarks, problems = [], []
        for column, field, reader in self.readers:
            cell = row[column.index]
            try:
                if _blank(cell):
                    if field.required:
                        raise Problem(f"{field.label}缺失；请补填")
                    continue
                value, formula = normalise.plain(cell)
                values[field.name], now = reader(value)
            except Problem as problem:
                problems.append(Refusal(number, column.heading, f"{problem}。"))
                continue
            if formula is not None:
                remarks.append(Normalised(number, column.heading, formula, now or normalise.shown(value)))
            elif now is not None and now != value and now != (was := normalise.shown(value)):
                remarks.append(Normalised(number, column.heading, was, now))
        return values, remarks, problems

    def _contradictions(self, number: int, values: Mapping[str, Any]) -> list[Refusal]:
        contradictions = [*_evaluator_contradiction(values), *self._repetition(number, values)]
        return [Refusal(number, self._heading(field), why) for field, why in contradictions]

    def _repetition(self, number: int, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if "credit_code" not in values or "kind" not in values:
            return
        first = self.first.setdefault((values["credit_code"], values["kind"]), number)
        if first != number:
            yield (
                "credit_code",
                f"与第{first}行的信用代码和类别相同；同一单位同一类别只能有一行，请删去其一。",
            )

    def _heading(self, name: str) -> str:
        return next(
            (column.heading for column, field in self.used if field.name == name), BY_NAME[name].label
        )


def _evaluator_contradiction(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    mode, institution = values.get("mode"), values.get("institution", "")
    if mode is Mode.THIRD_PARTY and not institution:
        yield "institution", "评价方式为第三方评价，却没有填第三方机构；请补填机构名称，或改为自我评价。"
    if mode is Mode.SELF and institution:
        yield "institution", "评价方式为自我评价，却填了第三方机构；请清空机构，或改为第三方评价。"


def _reader(field: Field, column: Column, areas: Mapping[str, str], year: int) -> Callable[[Any], Read]:
    reader = getattr(normalise, field.reader)
    if field.reader == "area":
        return partial(reader, codes=areas)
    if field.reader == "day":
        return partial(reader, years=(year - 1, year))
    if field.units:
        return partial(reader, units=field.units, unit=unit_of(field, column.heading))
    return reader


def _blank(cell: Any) -> bool:
    return cell is None or (cell.__class__ is str and (not cell or cell.isspace()))


def _closing(row: list[Any]) -> bool:
    first = next((cell for cell in row if not _blank(cell)), None)
    return isinstance(first, str) and compact(first).startswith(CLOSING)


def _row_text(row: list[Any]) -> str:
    """Return the beginning of a row's cells in one line."""
    return " ".join(normalise.shown(cell) for cell in row if cell is not None)[:80]
