"""The register of document numbers: reserved, then used or void; never twice, no unexplained gap."""

from __future__ import annotations

from datetime import datetime

from mongoengine import NotUniqueError

from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.policy.terms import NumberState, Role
from app.services import audit, rules
from models.database import in_transaction, transact
from models.papers import Number, Paper


def reserve(paper: Paper, year: int, *, now: datetime) -> Number:
    """The paper's number: the one that it has, else the next of its series. Runs outside any transaction.

    A duplicate inside a transaction would abort it; outside, the unique index decides and the loser tries again.
    """
    if in_transaction():
        raise RuntimeError("numbers.reserve() inside a transaction")
    series = rules.pack().series[paper.series]
    while True:
        if held := Number.objects(paper_id=paper.pk).first():
            return held
        count = _highest(paper.series, year) + 1
        try:
            return Number(
                series=paper.series, year=year, number=count, text=series.number(year, count), paper_id=paper.pk,
                title=paper.title, state=NumberState.RESERVED.value, reserved_at=now, version=1,
            ).save(force_insert=True)  # fmt: skip
        except NotUniqueError:
            continue


def _highest(series: str, year: int) -> int:
    last = Number.objects(series=series, year=year).order_by("-number").first()
    return last.number if last else 0


def use(number: Number, *, now: datetime) -> None:
    """Settle a reserved number as used; inside the paper's transaction."""
    _settle(number, NumberState.USED, "", now=now)


def void(number: Number, reason: str, *, actor: Actor, now: datetime) -> Number:
    """Settle a reserved number as void with a reason; it keeps its line and goes to no other paper."""
    if actor.role not in (Role.CITY, Role.SYSTEM):
        raise NotAllowed("文号由市局经办作废。")
    if not reason.strip():
        raise NotAllowed("作废文号须填写理由。")

    return transact(lambda: release(Number.objects.get(pk=number.pk), reason, actor=actor, now=now))


def release(number: Number, reason: str, *, actor: Actor, now: datetime) -> Number:
    """What voiding means; inside a transaction."""
    _settle(number, NumberState.VOID, reason, now=now)
    audit.record("文号作废", actor=actor, now=now, subject=number, reason=reason)
    return number


def _settle(number: Number, state: NumberState, reason: str, *, now: datetime) -> None:
    changed = Number.objects(pk=number.pk, state=NumberState.RESERVED.value).modify(
        set__state=state.value, set__reason=reason or None, set__settled_at=now, inc__version=1
    )
    if changed is None:
        raise NotAllowed(f"文号{number.text}已经使用或作废，不能改变。")
