"""The register of document numbers: reserved, then used or void; no duplicate, no unexplained gap."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo.errors import BulkWriteError

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import NumberState, Role
from app.services.core import audit, rules
from app.services.core.by import By
from models.database import in_transaction, transact
from models.papers import Number, Paper

DUPLICATE_KEY = 11000  # the server's code
MAX_PAUSE_SECONDS = 0.02  # seconds between two tries of many who want the next number at once


def reserve_number(paper: Paper, year: int, *, now: datetime) -> Number:
    """Return the paper's number, reserving the next of its series when it has none.

    Runs outside any transaction: a duplicate inside one would abort it; outside, the unique index decides
    and the loser tries again.
    """
    return reserve_numbers([paper], year, now=now)[paper.pk]


def reserve_numbers(papers: Sequence[Paper], year: int, *, now: datetime) -> dict[Any, Number]:
    """Return the number of each paper by its key, reserving missing ones in this order."""
    demand_no_transaction()
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
        rows = [{"paper_id": paper.pk, "title": paper.title} for paper in bare if paper.series == series]
        insert_next(series, year, rows, now=now)


def number_of(paper: Paper) -> Number | None:
    """Return the number that a paper holds, reserved or used, or None."""
    return Number.objects(paper_id=paper.pk, state__ne=NumberState.VOID.value).first()


def mark_used(number: Number, title: str, *, now: datetime) -> None:
    """Settle a reserved number as used, inside the paper's transaction."""
    _settle(number, NumberState.USED, now=now, title=title, issued_on=now.date())


def number_offers(number: Number, *, actor: Actor) -> list[Offer]:
    """Offer voiding of a reserved number to the city's clerks."""
    if number.state != NumberState.RESERVED.value or actor.role is not Role.CITY:
        return []
    note = "作废后该号不再使用，登记簿保留并注明理由。"
    return [Offer("void", "作废", asks=("reason",), note=note, grave=True)]


def void_number(number: Number, reason: str, *, by: By) -> Number:
    """Void a reserved number with a reason; the register keeps its line. Raises NotAllowed."""
    if by.actor.role is not Role.SYSTEM:
        demand_registrar(by.actor)
    if not reason.strip():
        raise NotAllowed("作废文号须填写理由。")
    if (paper := Paper.objects(pk=number.paper_id).first()) is not None and paper.issuing_by:
        raise NotAllowed(f"《{paper.title}》正在用这个文号印发，不能作废。")

    return transact(lambda: settle_void(Number.objects.get(pk=number.pk), reason, by=by))


def settle_void(number: Number, reason: str, *, by: By) -> Number:
    """Settle a number as void and audit it, inside a transaction; its paper may take another number."""
    _settle(number, NumberState.VOID, now=by.now, reason=reason, paper_id=None)
    audit.record(Verb.NUMBER_VOIDED, by=by, subject=number, reason=reason)
    return number


def insert_next(series: str, year: int, rows: Sequence[Mapping[str, Any]], *, now: datetime) -> list[Number]:
    """Try once to insert the next numbers, one a row; return those inserted before a concurrent one."""
    mark, first = rules.pack().series[series], highest_number(series, year) + 1
    inserted = [
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
        Number._get_collection().insert_many([number.to_mongo() for number in inserted])
        return inserted
    except BulkWriteError as error:
        if {failure["code"] for failure in error.details["writeErrors"]} != {DUPLICATE_KEY}:
            raise
        time.sleep(random.random() * MAX_PAUSE_SECONDS)
        return list(Number.objects(pk__in=[number.pk for number in inserted]).order_by("number"))


def highest_number(series: str, year: int) -> int:
    """Return the last number of a series and year, 0 when there is none."""
    last = Number.objects(series=series, year=year).order_by("-number").only("number").first()
    return last.number if last else 0


def _settle(number: Number, state: NumberState, *, now: datetime, **values: Any) -> None:
    """Settle a reserved number. Raises NotAllowed when it is no longer reserved."""
    changes = {f"set__{name}": value for name, value in values.items()}
    changed = Number.objects(pk=number.pk, state=NumberState.RESERVED.value).modify(
        set__state=state.value, set__settled_at=now, inc__version=1, **changes
    )
    if changed is None:
        raise NotAllowed(f"文号{number.text}已经使用或作废，不能改变。")


def demand_no_transaction() -> None:
    """Raise RuntimeError inside a transaction, which a duplicate number would abort."""
    if in_transaction():
        raise RuntimeError("a number is taken outside transact(): a duplicate would abort the transaction")


def may_register_numbers(actor: Actor) -> bool:
    """Tell whether the actor keeps the bureau's register."""
    return actor.role is Role.CITY and access.may(actor, "create", "number")


def demand_registrar(actor: Actor) -> None:
    """Raise NotAllowed unless the actor keeps the bureau's register."""
    if not may_register_numbers(actor):
        raise NotAllowed("文号由市局经办登记。")


def demand_series(series: str) -> None:
    """Raise NotAllowed for an unknown series."""
    if series not in rules.pack().series:
        raise NotAllowed("没有这个文号系列。")
