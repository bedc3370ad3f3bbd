"""The refused rows of a ledger as a workbook: corrected there and loaded again."""

import datetime
from typing import Any

from app.exchange import tables
from app.exchange.records import Ledger

REMARK = "问题"


def error_file(ledger: Ledger, *, created: datetime.datetime) -> bytes:
    """Return the refused rows as they stood, each with its problems, as .xlsx to correct and load again."""
    reasons: dict[int, list[str]] = {}
    for refusal in ledger.refused:
        reasons.setdefault(refusal.row, []).append(f"{refusal.column}：{refusal.why}")
    headings = [column.heading for column in ledger.columns if column.heading != REMARK]
    indexes = [column.index for column in ledger.columns if column.heading != REMARK]
    rows = (
        [*(_original(row[index]) for index in indexes), f"原第{number}行。{''.join(reasons[number])}"]
        for number, row in ledger.originals
    )
    return b"".join(tables.xlsx_stream([*headings, REMARK], rows, sheet="待更正", created=created))


def _original(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    if cell[0] == "date":
        return datetime.date.fromisoformat(cell[1])
    return cell[1]
