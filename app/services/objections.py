"""Objections during public notice: taken down, then closed with a reasoned answer (第十五条)."""

from __future__ import annotations

from datetime import date, datetime

from app.policy import access, cultivation
from app.policy.access import Actor
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ObjectionState, Stage
from app.services import records, scope
from models.applications import Application
from models.database import transact
from models.listing import Objection, PublicNotice


def take_down(
    application: Application, matter: str, received_on: date, *, actor: Actor, now: datetime
) -> Objection:
    """Record an objection against a unit that is being shown. Raises NotAllowed outside the notice period."""
    if not access.may(actor, "create", "objection"):
        raise NotAllowed(f"{actor.role.label}不能登记异议。")
    fresh = scope.one(actor, Application, application.pk, now.date())
    if fresh is None:
        raise NotAllowed(records.NOT_YOURS)
    cultivation.act("objection").demand(Stage(fresh.stage), actor.role)
    notice = PublicNotice.objects.get(pk=fresh.notice_id)
    if not notice.first_day <= received_on <= notice.last_day:
        raise NotAllowed(
            f"收到日期不在公示期内（{notice.first_day}至{notice.last_day}），逾期的异议不予受理。"
        )
    objection = Objection(
        application_id=fresh.pk, notice_id=notice.pk, unit_id=fresh.unit_id, unit_name=fresh.unit_name,
        area=fresh.area, year=notice.year, received_on=received_on, matter=matter,
    )  # fmt: skip
    return records.create(objection, actor=actor, now=now)


def offers(objection: Objection, *, actor: Actor) -> list[Offer]:
    """Closing it, while it is open, for those who may."""
    if objection.state != ObjectionState.OPEN.value or not access.may(actor, "edit", "objection"):
        return []
    return [
        Offer(ObjectionState.REJECTED.value, ObjectionState.REJECTED.label, asks=("conclusion",)),
        Offer(ObjectionState.UPHELD.value, ObjectionState.UPHELD.label, asks=("conclusion",), grave=True),
    ]


def answer(
    objection: Objection, state: ObjectionState, text: str, *, version: int, actor: Actor, now: datetime
) -> Objection:
    """Close an objection as upheld or rejected, with reasons."""
    if not access.may(actor, "edit", "objection"):
        raise NotAllowed(f"{actor.role.label}不能办结异议。")
    if state is ObjectionState.OPEN or not text.strip():
        raise NotAllowed("办结异议须写明结论和理由。")

    def work() -> Objection:
        fresh = Objection.objects.get(pk=objection.pk)
        if fresh.state != ObjectionState.OPEN.value:
            raise records.stale(fresh)
        values = {"state": state.value, "answer": text, "answered_by": actor.username, "answered_at": now}
        return records.write(fresh, values, version=version, actor=actor, now=now, verb="办结异议")

    return transact(work)
