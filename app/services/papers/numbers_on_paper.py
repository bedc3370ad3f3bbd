"""Numbers issued on paper and carried over into the register."""

from __future__ import annotations

from collections.abc import Sequence
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
    mark = rules.pack().series[series]
    if twice := sorted({one.number for one in rows if sum(row.number == one.number for row in rows) > 1}):
        raise NotAllowed(f"同一文号填写了两次：{'、'.join(mark.number(year, number) for number in twice)}。")
    if nameless := [row.number for row in rows if not row.title.strip()]:
        raise NotAllowed(f"请填写标题：{'、'.join(mark.number(year, number) for number in nameless)}。")
    if late := [row.number for row in rows if row.issued_on and row.issued_on.year != year]:
        raise NotAllowed(f"印发日期不在{year}年：{'、'.join(mark.number(year, number) for number in late)}。")
    last = highest_number(series, year)
    fresh = {row.number for row in rows if row.number > last}
    if missing := sorted(set(range(last + 1, max(fresh, default=last) + 1)) - fresh):
        shown = "、".join(mark.number(year, number) for number in missing[:10])
        raise NotAllowed(f"登记簿不能有空号，请一并补录：{shown}{'等' if len(missing) > 10 else ''}。")


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
