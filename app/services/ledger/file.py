"""Read the file of a county's ledger: its year, its rows and its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.exchange import cells, header, sandbox
from app.exchange import ledger as files_of_counties
from app.exchange.columns import FIELDS, recognise
from app.exchange.errors import ExchangeError
from app.exchange.records import Column, ColumnsMissing, Ledger, Question
from app.exchange.sheets import HEADER_WITHIN
from app.policy import deadlines
from app.services.core import rules

MAX_BYTES = files_of_counties.MAX_BYTES
TARGETS = {
    field.name: field for field in FIELDS if field.name != "serial"
}  # fields that a clerk may choose for a column
MAX_SAMPLE = 40


@dataclass(frozen=True)
class RecognisedColumns:
    """Columns of a file; `note` names a missing required one, `rows` is the number of rows read otherwise."""

    columns: tuple[Column, ...]
    samples: Mapping[int, str]
    rows: int | None = None
    note: str = ""
    questions: tuple[Question, ...] = ()


def parse_ledger(
    data: bytes,
    *,
    year: int,
    mapping: Mapping[int, str] | None = None,
    answers: Mapping[str, str] | None = None,
) -> Ledger:
    """Return the file's rows, or the questions that must be answered first. Raises ExchangeError, ColumnsMissing."""
    pack = rules.pack()
    return files_of_counties.read(
        data,
        areas={area.name: area.code for area in pack.areas},
        year=year,
        mapping=mapping,
        answers=answers,
        application_deadline=deadlines.legal_date(pack, "application", year),
    )


def stated_year(data: bytes) -> int | None:
    """Return the year of the title (“2026年度…汇总表”), or None. Raises ExchangeError."""
    return header.title_year(_first_rows(data)[:HEADER_WITHIN])


def recognise_columns(
    data: bytes, *, year: int, answers: Mapping[str, str] | None = None
) -> RecognisedColumns:
    """Return the recognised columns, each with a cell from below its heading. Raises ExchangeError."""
    try:
        parsed = parse_ledger(data, year=year, answers=answers)
    except ColumnsMissing as missing:
        return RecognisedColumns(
            missing.columns, _samples(_first_rows(data), missing.columns), note=str(missing)
        )
    samples = _samples(_first_rows(data), parsed.columns)
    rows = None if parsed.questions else len(parsed.rows) + len(parsed.originals)
    return RecognisedColumns(parsed.columns, samples, rows, questions=parsed.questions)


def corrected_mapping(columns: Sequence[Column], chosen: Mapping[int, str]) -> dict[int, str] | None:
    """Return the mapping of a clerk's choices by column, None if nothing changes. Raises ExchangeError."""
    recognised = {column.index: column.field for column in columns}
    corrections = {index: field for index, field in chosen.items() if field != recognised.get(index)}
    mapping = recognised | {index: field if field in TARGETS else "" for index, field in corrections.items()}
    _demand_distinct(mapping.values())
    return None if mapping == recognised else mapping


def _demand_distinct(fields: Iterable[str]) -> None:
    """Raise ExchangeError naming the fields that several columns are mapped to."""
    counts = Counter(field for field in fields if field in TARGETS)
    repeated = sorted({TARGETS[field].label for field, count in counts.items() if count > 1})
    if repeated:
        raise ExchangeError(f"“{'、'.join(repeated)}”对应了不止一列，请只留一列。")


def _first_rows(data: bytes) -> cells.Grid:
    """Return the first rows of the sheet with most headings: title, header and some rows below."""
    sheets = sandbox.run(
        cells.read, data, seconds=files_of_counties.MAX_SECONDS, memory=files_of_counties.MAX_MEMORY
    )
    named: dict[str, Any] = max(sheets, key=_headings, default={"rows": []})
    rows: cells.Grid = named["rows"][: 2 * HEADER_WITHIN]
    return rows


def _headings(sheet: dict[str, Any]) -> int:
    rows = sheet["rows"][:HEADER_WITHIN]
    return max((sum(recognise(cell) is not None for cell in row) for row in rows), default=0)


def _samples(rows: cells.Grid, columns: Sequence[Column]) -> dict[int, str]:
    """Return a cell from below the header of each column."""
    headings = {column.index: column.heading for column in columns if column.heading}

    def named(row: list[Any]) -> int:
        return sum(
            i < len(row) and "".join(str(row[i]).split()) == heading for i, heading in headings.items()
        )

    top = max(range(len(rows)), key=lambda number: named(rows[number]), default=0)
    samples: dict[int, str] = {}
    for row in rows[top + 1 : top + 6]:
        for index, cell in enumerate(row):
            if cell not in (None, "") and index not in samples:
                samples[index] = str(cell[1] if isinstance(cell, list) else cell)[:MAX_SAMPLE]
    return samples
