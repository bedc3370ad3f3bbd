"""The result of reading a ledger: rows, refusals, remarks."""

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
    """One column of the file; `field` is empty where it is not imported, `why` says why a known one is not.

    `unit` is the stated unit of its numbers, "" for none.
    """

    index: int
    heading: str
    field: str
    unit: str = ""
    why: str = ""


@dataclass(frozen=True)
class Question:
    """Something that only the sender knows; nothing is imported until it is answered with one of `choices`."""

    key: str
    why: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class LedgerRow:
    """One recommended unit; `row` is the sheet's row. Output in 万元, energy in tce."""

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
    former_name: str = ""


@dataclass(frozen=True)
class Refusal:
    """The reason a row is refused, with the remedy."""

    row: int
    column: str
    why: str


@dataclass(frozen=True)
class Normalised:
    """A cell imported with another spelling."""

    row: int
    column: str
    was: str
    now: str


@dataclass(frozen=True)
class Late:
    """A row with a platform date after the deadline: imported and marked (the 细则 names no consequence)."""

    row: int
    submitted_on: datetime.date
    deadline: datetime.date


@dataclass(frozen=True)
class Skipped:
    """A row that is no unit: total, note or repeated header."""

    row: int
    text: str


@dataclass(frozen=True)
class Ledger:
    """A ledger as read; `originals` are the refused rows unchanged."""

    header_row: int
    columns: tuple[Column, ...]
    rows: tuple[LedgerRow, ...]
    refused: tuple[Refusal, ...]
    normalised: tuple[Normalised, ...]
    late: tuple[Late, ...]
    skipped: tuple[Skipped, ...]
    originals: tuple[tuple[int, tuple[Any, ...]], ...]
    questions: tuple[Question, ...] = ()

    @property
    def refused_rows(self) -> tuple[int, ...]:
        """Return the sheet rows that were refused."""
        return tuple(row for row, _ in self.originals)


def unread(*questions: Question, columns: tuple[Column, ...] = ()) -> Ledger:
    """Return a ledger that cannot be read before questions are answered."""
    return Ledger(0, columns, (), (), (), (), (), (), questions)


class QuestionsOpen(ExchangeError):
    """Questions that must be answered before a file can be previewed."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__("".join(question.why for question in questions))
        self.questions = tuple(questions)


class ColumnsMissing(ExchangeError):
    """Unrecognised required columns; `columns` lets the clerk assign them."""

    def __init__(self, missing: Sequence[Field], columns: tuple[Column, ...]) -> None:
        names = "、".join(f"“{field.label}”" for field in missing)
        super().__init__(f"表头中缺少{names}列；请补上该列，或指明对应的列。")
        self.missing = tuple(field.name for field in missing)
        self.columns = columns
