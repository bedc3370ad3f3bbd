"""Numbers issued on paper and carried over into the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import NumberState
from app.services.core import records, rules
from app.services.core.by import By
from app.services.papers.numbers import demand_registrar, demand_series, highest_number
from models.database import transactional
from models.papers import Number

MAX_NAMED = 10  # missing numbers that a refusal names


@dataclass(frozen=True)
class IssuedOnPaper:
    """A number issued on paper with its title and date."""

    number: int
    title: str
    issued_on: date | None = None


@transactional
def record_paper_issued(series: str, year: int, rows: Sequence[IssuedOnPaper], *, by: By) -> list[Number]:
    """Enter numbers issued on paper: the next of the register without a gap, or reserved ones.

    Enters all or none. Raises NotAllowed naming the numbers that are missing or already settled.
    """
    demand_registrar(by.actor)
    demand_series(series)
    if not rows:
        raise NotAllowed("请至少填写一个文号。")
    rows = sorted(rows, key=lambda row: row.number)
    _demand_no_gap(series, year, rows)

    return [_record(series, year, row, by=by) for row in rows]


def _demand_no_gap(series: str, year: int, rows: Sequence[IssuedOnPaper]) -> None:
    """Raise NotAllowed unless each row is reserved or follows the last number without a gap."""
    _demand_valid_rows(series, year, rows)
    last = highest_number(series, year)
    new_numbers = {row.number for row in rows if row.number > last}
    missing = sorted(set(range(last + 1, max(new_numbers, default=last) + 1)) - new_numbers)
    if missing:
        shown = _in_words(series, year, missing[:MAX_NAMED])
        more = "等" if len(missing) > MAX_NAMED else ""
        raise NotAllowed(f"登记簿不能有空号，请一并补录：{shown}{more}。")


def _demand_valid_rows(series: str, year: int, rows: Sequence[IssuedOnPaper]) -> None:
    """Raise NotAllowed naming the numbers entered twice, without a title or with a date of another year."""
    untitled = [row.number for row in rows if not row.title.strip()]
    misdated = [row.number for row in rows if row.issued_on and row.issued_on.year != year]
    for numbers, problem in (
        (_repeated(rows), "同一文号填写了两次"),
        (untitled, "请填写标题"),
        (misdated, f"印发日期不在{year}年"),
    ):
        if numbers:
            raise NotAllowed(f"{problem}：{_in_words(series, year, numbers)}。")


def _repeated(rows: Iterable[IssuedOnPaper]) -> list[int]:
    counts = Counter(row.number for row in rows)
    return sorted(number for number, count in counts.items() if count > 1)


def _in_words(series: str, year: int, numbers: Iterable[int]) -> str:
    mark = rules.pack().series[series]
    return "、".join(mark.number(year, number) for number in numbers)


def _record(series: str, year: int, row: IssuedOnPaper, *, by: By) -> Number:
    """Enter one number issued on paper. Raises NotAllowed when it is used or void."""
    values: dict[str, Any] = {
        "title": row.title.strip(),
        "on_paper": True,
        "issued_on": row.issued_on,
        "settled_at": by.now,
        "state": NumberState.USED.value,
        "reserved_by": by.actor.name,
    }
    text = rules.pack().series[series].number(year, row.number)
    held = Number.objects(series=series, year=year, number=row.number).first()
    if held is None:
        fresh = Number(
            series=series,
            year=year,
            number=row.number,
            text=text,
            reserved_at=by.now,
            area=rules.pack().series[series].area,
            **values,
        )
        return records.insert(fresh, by=by, verb=Verb.NUMBER_CARRIED)
    if held.state != NumberState.RESERVED.value or held.paper_id:
        raise NotAllowed(f"{text}已经使用或作废：{held.title or held.reason or ''}。")
    return records.write(held, values, version=held.version, by=by, verb=Verb.NUMBER_CARRIED)
