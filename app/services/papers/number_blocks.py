"""Blocks of numbers reserved for a purpose."""

from __future__ import annotations

from bson import ObjectId

from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import NumberState
from app.services.core import audit
from app.services.core.by import By
from app.services.papers.numbers import (
    demand_no_transaction,
    demand_registrar,
    demand_series,
    insert_next,
    number_of,
)
from models.database import transact
from models.papers import Number, Paper

MAX_BLOCK = 200


def reserve_block(series: str, year: int, count: int, purpose: str, *, by: By) -> list[Number]:
    """Reserve the next `count` numbers of a series for a purpose. Raises NotAllowed."""
    demand_no_transaction()
    demand_registrar(by.actor)
    demand_series(series)
    if not 1 <= count <= MAX_BLOCK:
        raise NotAllowed(f"一次预留 1 至 {MAX_BLOCK} 个文号。")
    if not purpose.strip():
        raise NotAllowed("预留文号须写明用途。")
    values = {"purpose": purpose.strip(), "reserved_by": by.actor.name, "title": purpose.strip()}
    reserved: list[Number] = []
    while len(reserved) < count:
        reserved += insert_next(series, year, [values] * (count - len(reserved)), now=by.now)
    reason = f"{reserved[0].text}至{reserved[-1].text}，共 {count} 个：{purpose}"
    transact(lambda: audit.record(Verb.NUMBERS_RESERVED, by=by, subject=reserved[0], reason=reason))
    return reserved


def assign_reserved(number: Number, paper: Paper) -> Number:
    """Assign a reserved number to a paper without one, outside any transaction. Raises NotAllowed, Conflict."""
    demand_no_transaction()
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
    """Return the numbers of a series that were reserved in blocks and are still free."""
    rows = Number.objects(series=series, year=year, state=NumberState.RESERVED.value, paper_id=None)
    return list(rows.order_by("number"))


def find_reserved(key: ObjectId | None) -> Number:
    """Return the chosen reserved number. Raises Conflict when it is no longer free."""
    rows = Number.objects(pk=key, state=NumberState.RESERVED.value, paper_id=None)
    if key is None or (found := rows.first()) is None:
        raise Conflict("所选文号已被使用或作废，请另选。")
    return found
