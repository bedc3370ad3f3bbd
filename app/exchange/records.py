"""What the reading of a ledger gives: rows, refusals, remarks."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.exchange.columns import Field
from app.exchange.errors import ExchangeError
from app.policy.terms import Kind, Mode


@dataclass(frozen=True)
class Column:
    """One column of the file; `field` is empty where the heading was not recognised."""

    index: int
    heading: str
    field: str


@dataclass(frozen=True)
class LedgerRow:
    """One unit recommended; `row` is the sheet's row. Output in 万元, energy in tce."""

    row: int
    area: str
    kind: Kind
    name: str
    credit_code: str
    mode: Mode
    industries: tuple[tuple[str, str], ...] = ()
    institution: str = ""
    standard: str = ""
    score: Decimal | None = None
    output_value: Decimal | None = None
    energy: Decimal | None = None
    exclusions_stated: str = ""
    opinion_stated: str = ""
    contact: str = ""
    phone: str = ""
    production_address: str = ""
    products: str = ""
    submitted_on: datetime.date | None = None
    receipt: str = ""
    serial: int | None = None


@dataclass(frozen=True)
class Refusal:
    """Why a row does not go in: what is wrong and what to do."""

    row: int
    column: str
    why: str


@dataclass(frozen=True)
class Normalised:
    """A cell that was understood and goes in with another spelling."""

    row: int
    column: str
    was: str
    now: str


@dataclass(frozen=True)
class Late:
    """A row whose platform date is after the deadline: it goes in, marked (the 细则 names no consequence)."""

    row: int
    submitted_on: datetime.date
    deadline: datetime.date


@dataclass(frozen=True)
class Skipped:
    """A row that is no unit: a total, a note, a repeated header."""

    row: int
    text: str


@dataclass(frozen=True)
class Ledger:
    """A ledger as read; `originals` are the refused rows as they stood."""

    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[LedgerRow, ...]
    refused: tuple[Refusal, ...]
    normalised: tuple[Normalised, ...]
    late: tuple[Late, ...]
    skipped: tuple[Skipped, ...]
    originals: tuple[tuple[int, tuple[Any, ...]], ...]

    @property
    def refused_rows(self) -> tuple[int, ...]:
        return tuple(row for row, _ in self.originals)


class ColumnsMissing(ExchangeError):
    """Required columns were not recognised; `columns` lets the clerk say which is which."""

    def __init__(self, missing: Sequence[Field], columns: tuple[Column, ...]) -> None:
        names = "、".join(f"“{field.label}”" for field in missing)
        super().__init__(f"表头中缺少{names}列；请补上该列，或指明对应的列。")
        self.missing = tuple(field.name for field in missing)
        self.columns = columns
