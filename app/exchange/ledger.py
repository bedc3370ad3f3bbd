"""Read a county's recommendation summary table (推荐汇总表): rows, refused rows and skipped rows.

Nothing is dropped silently: every row below the header is in one of the three.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from app.exchange import cells, headings, normalise, other_rows, quantities, sandbox
from app.exchange import header as header_lines
from app.exchange import sheets as sheet_choice
from app.exchange.columns import BY_NAME, FIELDS, Field, compact
from app.exchange.errors import ExchangeError
from app.exchange.normalise import Problem, Read
from app.exchange.records import (
    Column,
    ColumnsMissing,
    Late,
    Ledger,
    LedgerRow,
    Normalised,
    Question,
    Refusal,
    Skipped,
    unread,
)
from app.policy import spelling
from app.policy.terms import Kind, Mode

MAX_BYTES = 20 * 1024 * 1024
MAX_SECONDS = 60
MAX_MEMORY = 1024 * 1024 * 1024
IDENTIFYING = {"credit_code", "mode"}

_REQUIRED = tuple(field for field in FIELDS if field.required)


def read(
    source: Path | str | bytes,
    *,
    areas: Mapping[str, str],
    year: int,
    application_deadline: datetime.date,
    mapping: Mapping[int, str] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Ledger:
    """Read an .xlsx or .csv ledger.

    `areas`: code by name; `mapping`: field by column index (from 0), "" for none; `answers`: choice by question.

    A ledger with open `questions` has no rows. Raises ExchangeError when the file as a whole cannot be taken,
    ColumnsMissing when columns must be named.
    """
    given = answers or {}
    questions: list[Question] = []
    sheets = sandbox.run(cells.read, _content(source), seconds=MAX_SECONDS, memory=MAX_MEMORY)
    table = sheet_choice.chosen_table(sheets, mapping, given, questions)
    if table is None:
        return unread(*questions)
    sheet, top = table
    grid = sheet["rows"]
    _ask_year(grid[:top], year, given, questions)
    header = header_lines.parse(grid, top, sheet.get("merged", ()))
    meaning = headings.Columns(header, mapping, year, given)
    recognised = {column.field for column in meaning.columns}
    if missing := [field for field in _REQUIRED if field.name not in recognised]:
        raise ColumnsMissing(missing, tuple(meaning.columns))
    below = grid[header.bottom + 1 :]
    columns = meaning.settle_units(lambda column, field: _lacks_unit(below, column))
    questions += meaning.questions
    if questions:
        return unread(*questions, columns=columns)
    reading = _Reading(columns, areas, year, application_deadline, bool(sheet.get("from_1904")))
    return reading.ledger(grid, header.bottom)


def _lacks_unit(rows: cells.Grid, column: Column) -> bool:
    """Return whether a column has numbers without a unit of their own."""
    for row in rows:
        with suppress(Problem):
            if quantities.lacks_unit(normalise.plain(row[column.index])[0]):
                return True
    return False


def _content(source: Path | str | bytes) -> bytes:
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not data:
        raise ExchangeError("文件是空的；请重新选择文件。")
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"文件超过{MAX_BYTES >> 20}MB；请删去图片或多余工作表后重新上传。")
    return data


def _ask_year(
    title_rows: cells.Grid, year: int, answers: Mapping[str, str], questions: list[Question]
) -> None:
    """Ask which year is meant if the title states another; notes may name any year."""
    stated = header_lines.title_year(title_rows)
    if stated is None or stated == year:
        return
    why = f"表题写的是{stated}年度，与所选的{year}年度不符；请选择按哪个年度导入。"
    headings.answer(Question("year", why, (str(stated), str(year))), answers, questions)


class _Reading:
    """One pass over the rows below the header."""

    def __init__(
        self,
        columns: tuple[Column, ...],
        areas: Mapping[str, str],
        year: int,
        deadline: datetime.date,
        from_1904: bool,
    ) -> None:
        self.columns = columns
        self.deadline = deadline
        self.used = [
            (column, BY_NAME[column.field]) for column in columns if column.field not in ("", "serial")
        ]
        self.readers = [
            (column, field, _reader(field, column, areas, year, from_1904)) for column, field in self.used
        ]
        self.naming = {column.index for column, field in self.used if field.name in ("name", "credit_code")}
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
                self.skipped.append(Skipped(number, other_rows.text_of(row)))
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
        """Return whether a row says nothing: at most the running number of a prepared table."""
        if any(not normalise.is_blank(row[column.index]) for column, _ in self.used):
            return False
        return not any(
            isinstance(normalise.saved(cell), str) and not normalise.is_blank(cell) for cell in row
        )

    def _is_no_entry(self, row: list[Any]) -> bool:
        """Return whether a row names no unit: a heading, a total, a note, a signature, or the header again."""
        return self._repeats_header(row) or (
            self._no_unit(row) and (other_rows.closes(row) or self._stands_alone(row))
        )

    def _no_unit(self, row: list[Any]) -> bool:
        return not any(
            other_rows.identifies(field.name, row[column.index])
            for column, field in self.used
            if field.name in IDENTIFYING
        )

    def _stands_alone(self, row: list[Any]) -> bool:
        """Return whether the only text of a row is in a column that names no unit."""
        filled = [index for index, cell in enumerate(row) if not normalise.is_blank(cell)]
        return len(filled) == 1 and filled[0] not in self.naming

    def _repeats_header(self, row: list[Any]) -> bool:
        code = row[self.code.index]
        return code.__class__ is str and "".join(header_lines.visible(code).split()) == self.code.heading

    def _take(self, number: int, row: list[Any]) -> None:
        values, remarks, problems = self._values(number, row)
        problems += self._contradictions(number, values, {problem.column for problem in problems})
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
                if normalise.is_blank(cell):
                    if field.required:
                        raise Problem(f"{field.label}缺失；请补填")
                    continue
                value, formula = normalise.plain(cell)
                values[field.name], now = reader(value)
                if field.name == "name":
                    values["name"], values["former_name"] = spelling.parted(values["name"])
                    now = _with_former(values)
            except Problem as problem:
                problems.append(Refusal(number, column.heading, f"{problem}。"))
                continue
            if formula is not None:
                remarks.append(Normalised(number, column.heading, formula, now or normalise.shown(value)))
            elif now is not None and now != value and now != (was := normalise.shown(value)):
                remarks.append(Normalised(number, column.heading, _with_unit(was, field, column), now))
        return values, remarks, problems

    def _contradictions(self, number: int, values: Mapping[str, Any], refused: set[str]) -> Iterator[Refusal]:
        """Yield what contradicts itself, apart from cells that are refused already."""
        for field, why in (*_evaluator_contradiction(values), *self._repetition(number, values)):
            if (column := self._heading(field)) not in refused:
                yield Refusal(number, column, why)

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


def _with_former(values: Mapping[str, Any]) -> str:
    former = values["former_name"]
    return f"{values['name']}，曾用名{former}" if former else values["name"]


def _with_unit(was: str, field: Field, column: Column) -> str:
    """Return a number as it stood, with the unit of its column where that is not the stored one."""
    if field.measure is None or not column.unit or not was[-1:].isdigit():
        return was
    return was if field.measure.factor(column.unit) == 1 else f"{was} {column.unit}"


def _reader(
    field: Field, column: Column, areas: Mapping[str, str], year: int, from_1904: bool
) -> Callable[[Any], Read]:
    if field.measure:
        reader = quantities.score if field.reader == "score" else quantities.quantity
        return partial(reader, measure=field.measure, unit=column.unit)
    if field.reader == "day":
        return partial(quantities.day, years=(year - 1, year), from_1904=from_1904)
    if field.reader == "area":
        return partial(normalise.area, codes=areas)
    if field.reader == "mode" and compact(column.heading).startswith("是否"):
        return partial(normalise.mode, words={**normalise.MODE_WORDS, **normalise.BY_THIRD_PARTY})
    reader_of_text: Callable[[Any], Read] = getattr(normalise, field.reader)
    return reader_of_text
