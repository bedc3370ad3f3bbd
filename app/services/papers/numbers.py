"""The register of document numbers: reserved, then used or void; never twice, no unexplained gap."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import BulkWriteError

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed, Offer
from app.policy.terms import NumberState, Role
from app.services.core import audit, records, rules
from app.services.core.by import By
from models.database import in_transaction, transact
from models.papers import Number, Paper

MAX_BLOCK = 200
DUPLICATE_KEY = 11000  # the server's code
MAX_PAUSE_SECONDS = 0.02  # seconds between two tries of many who want the next number at once


@dataclass(frozen=True)
class IssuedOnPaper:
    """A number that was given on paper: what it was given to, and when."""

    number: int
    title: str
    issued_on: date | None = None


def reserve_number(paper: Paper, year: int, *, now: datetime) -> Number:
    """The paper's number: the one that it has, else the next of its series. Runs outside any transaction.

    A duplicate inside a transaction would abort it; outside, the unique index decides and the loser tries again.
    """
    return reserve_numbers([paper], year, now=now)[paper.pk]


def reserve_numbers(papers: Sequence[Paper], year: int, *, now: datetime) -> dict[Any, Number]:
    """The number of each paper, by its key: the one that it has, else the next of its series in this order."""
    _demand_outside()
    while True:
        keys = [paper.pk for paper in papers]
        held = {
            number.paper_id: number
            for number in Number.objects(paper_id__in=keys, state__ne=NumberState.VOID.value)
        }
        bare = [paper for paper in papers if paper.pk not in held]
        if not bare:
            return held
        series = bare[0].series
        rows = [{"paper_id": one.pk, "title": one.title} for one in bare if one.series == series]
        _insert_next(series, year, rows, now=now)


def number_of(paper: Paper) -> Number | None:
    """The number that a paper holds, reserved or used."""
    return Number.objects(paper_id=paper.pk, state__ne=NumberState.VOID.value).first()


def reserve_block(series: str, year: int, count: int, purpose: str, *, by: By) -> list[Number]:
    """Keep the next `count` numbers for a purpose; they are then given to papers, entered as used, or voided."""
    _demand_outside()
    _demand_city(by.actor)
    _demand_series(series)
    if not 1 <= count <= MAX_BLOCK:
        raise NotAllowed(f"一次预留 1 至 {MAX_BLOCK} 个文号。")
    if not purpose.strip():
        raise NotAllowed("预留文号须写明用途。")
    values = {"purpose": purpose.strip(), "reserved_by": by.actor.name, "title": purpose.strip()}
    made: list[Number] = []
    while len(made) < count:
        made += _insert_next(series, year, [values] * (count - len(made)), now=by.now)
    reason = f"{made[0].text}至{made[-1].text}，共 {count} 个：{purpose}"
    transact(lambda: audit.record(Verb.NUMBERS_RESERVED, by=by, subject=made[0], reason=reason))
    return made


def assign_reserved(number: Number, paper: Paper) -> Number:
    """A kept number to a paper that has none; the loser of a race is told. Outside any transaction."""
    _demand_outside()
    if (number.series, number.year) != (paper.series, paper.year):
        raise NotAllowed(f"{number.text}不是这份公文的文号系列。")
    if number_of(paper) is not None:
        raise NotAllowed("这份公文已经有文号。")
    given = Number.objects(pk=number.pk, state=NumberState.RESERVED.value, paper_id=None).modify(
        new=True, set__paper_id=paper.pk, set__title=paper.title, inc__version=1
    )
    if given is None:
        raise Conflict(f"{number.text}已被使用或作废，请另选。")
    return given


def free_reserved(series: str, year: int) -> list[Number]:
    """Numbers of a series that were reserved in blocks and are still free."""
    rows = Number.objects(series=series, year=year, state=NumberState.RESERVED.value, paper_id=None)
    return list(rows.order_by("number"))


def find_reserved(key: ObjectId | None) -> Number:
    """The number of a block that somebody picked. Raises Conflict when it is no longer free."""
    rows = Number.objects(pk=key, state=NumberState.RESERVED.value, paper_id=None)
    if key is None or (found := rows.first()) is None:
        raise Conflict("所选文号已被使用或作废，请另选。")
    return found


def record_paper_issued(series: str, year: int, rows: Sequence[IssuedOnPaper], *, by: By) -> list[Number]:
    """Carry over numbers issued on paper: the next ones of the register without a gap, or ones kept for it.

    All or none. Raises NotAllowed naming the numbers that are missing or given already.
    """
    _demand_city(by.actor)
    _demand_series(series)
    if not rows:
        raise NotAllowed("请至少填写一个文号。")
    rows = sorted(rows, key=lambda row: row.number)
    _demand_no_gap(series, year, rows)

    def work() -> list[Number]:
        return [_record(series, year, row, by=by) for row in rows]

    return transact(work)


def _demand_no_gap(series: str, year: int, rows: Sequence[IssuedOnPaper]) -> None:
    """Each row is kept for it already, or follows the last number of the register without a gap."""
    mark = rules.pack().series[series]
    if twice := sorted({one.number for one in rows if sum(row.number == one.number for row in rows) > 1}):
        raise NotAllowed(f"同一文号填写了两次：{'、'.join(mark.number(year, number) for number in twice)}。")
    if nameless := [row.number for row in rows if not row.title.strip()]:
        raise NotAllowed(f"请填写标题：{'、'.join(mark.number(year, number) for number in nameless)}。")
    if late := [row.number for row in rows if row.issued_on and row.issued_on.year != year]:
        raise NotAllowed(f"印发日期不在{year}年：{'、'.join(mark.number(year, number) for number in late)}。")
    last = _highest(series, year)
    fresh = {row.number for row in rows if row.number > last}
    if missing := sorted(set(range(last + 1, max(fresh, default=last) + 1)) - fresh):
        shown = "、".join(mark.number(year, number) for number in missing[:10])
        raise NotAllowed(f"登记簿不能有空号，请一并补录：{shown}{'等' if len(missing) > 10 else ''}。")


def _record(series: str, year: int, row: IssuedOnPaper, *, by: By) -> Number:
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


def mark_used(number: Number, title: str, *, now: datetime) -> None:
    """Settle a reserved number as used; inside the paper's transaction."""
    _settle(number, NumberState.USED, now=now, title=title, issued_on=now.date())


def number_offers(number: Number, *, actor: Actor) -> list[Offer]:
    """Voiding it, while it is reserved, for the city's clerks."""
    if number.state != NumberState.RESERVED.value or actor.role is not Role.CITY:
        return []
    note = "作废后该号不再使用，登记簿保留并注明理由。"
    return [Offer("void", "作废", asks=("reason",), note=note, grave=True)]


def void_number(number: Number, reason: str, *, by: By) -> Number:
    """Settle a reserved number as void with a reason; it keeps its line and goes to no other paper."""
    if by.actor.role is not Role.SYSTEM:
        _demand_city(by.actor)
    if not reason.strip():
        raise NotAllowed("作废文号须填写理由。")
    if (paper := Paper.objects(pk=number.paper_id).first()) is not None and paper.issuing_by:
        raise NotAllowed(f"《{paper.title}》正在用这个文号印发，不能作废。")

    return transact(lambda: settle_void(Number.objects.get(pk=number.pk), reason, by=by))


def settle_void(number: Number, reason: str, *, by: By) -> Number:
    """What voiding means; inside a transaction. The paper, if it goes on, takes another number."""
    _settle(number, NumberState.VOID, now=by.now, reason=reason, paper_id=None)
    audit.record(Verb.NUMBER_VOIDED, by=by, subject=number, reason=reason)
    return number


def gaps(series: str, year: int) -> list[int]:
    """Numbers that the register lacks between 1 and its last: none, unless somebody wrote past this module."""
    held = set(Number.objects(series=series, year=year).scalar("number"))
    return sorted(set(range(1, max(held, default=0) + 1)) - held)


def _insert_next(series: str, year: int, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> list[Number]:
    """One try at the next numbers, one a row in order; only those before somebody else's where he was faster."""
    mark, first = rules.pack().series[series], _highest(series, year) + 1
    made = [
        Number(
            id=ObjectId(),
            series=series,
            area=mark.area,
            year=year,
            number=count,
            text=mark.number(year, count),
            state=NumberState.RESERVED.value,
            reserved_at=now,
            version=1,
            **row,
        )
        for count, row in enumerate(rows, start=first)
    ]
    try:
        Number._get_collection().insert_many([one.to_mongo() for one in made])
        return made
    except BulkWriteError as error:
        if {one["code"] for one in error.details["writeErrors"]} != {DUPLICATE_KEY}:
            raise
        time.sleep(random.random() * MAX_PAUSE_SECONDS)
        return list(Number.objects(pk__in=[one.pk for one in made]).order_by("number"))


def _highest(series: str, year: int) -> int:
    last = Number.objects(series=series, year=year).order_by("-number").only("number").first()
    return last.number if last else 0


def _settle(number: Number, state: NumberState, *, now: datetime, **values: Any) -> None:
    changes = {f"set__{name}": value for name, value in values.items()}
    changed = Number.objects(pk=number.pk, state=NumberState.RESERVED.value).modify(
        set__state=state.value, set__settled_at=now, inc__version=1, **changes
    )
    if changed is None:
        raise NotAllowed(f"文号{number.text}已经使用或作废，不能改变。")


def _demand_outside() -> None:
    if in_transaction():
        raise RuntimeError("a number is taken outside transact(): a duplicate would abort the transaction")


def may_register_numbers(actor: Actor) -> bool:
    """Whether somebody keeps the bureau's register."""
    return actor.role is Role.CITY and access.may(actor, "create", "number")


def _demand_city(actor: Actor) -> None:
    if not may_register_numbers(actor):
        raise NotAllowed("文号由市局经办登记。")


def _demand_series(series: str) -> None:
    if series not in rules.pack().series:
        raise NotAllowed("没有这个文号系列。")
