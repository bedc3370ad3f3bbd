"""Objections raised during a public notice: registered, offered for conclusion, their objector masked (第十五条)."""

from __future__ import annotations

from datetime import date

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.filing import cultivation
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ObjectionState, Role, Stage
from app.services.core import audit, records, scope
from app.services.core.by import By
from app.services.lists import messages
from app.services.lists.entries import find_entry
from models.database import transactional
from models.filing.applications import Application
from models.lists import Objection, Objector, PublicNotice

PROPOSED = "已有待审签的结论，由市局审签批准或退回后再办理。"
HAND_OVER_WARNING = "只把下面写明的事项交县级；县级看不到异议人和异议原文，请不要写入能认出异议人的内容。"


@transactional
def register_objection(
    application: Application,
    matter: str,
    received_on: date,
    objector: Objector,
    *,
    by: By,
) -> Objection:
    """Register an objection received during a unit's public notice, also when the unit is listed meanwhile.

    Raises NotAllowed for a day outside the notice and without a name: the notice asks for real names.
    """
    if not access.may(by.actor, "create", "objection"):
        raise NotAllowed(f"{by.actor.role.label}不能登记异议。")
    fresh = scope.find(by, Application, application.pk)
    if fresh is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    cultivation.TABLE.demand_act("objection", Stage(fresh.stage), by.actor.role)
    notice = PublicNotice.objects(pk=fresh.notice_id).first()
    if notice is None:
        raise NotAllowed("该申报没有在本系统公示，不能登记对公示的异议（第十五条）。")
    _demand_acceptable(notice, received_on, objector, by.today)
    objection = Objection(
        application_id=fresh.pk,
        notice_id=notice.pk,
        unit_id=fresh.unit_id,
        year=notice.year,
        received_on=received_on,
        matter=matter,
        objector=objector,
    )
    created = records.create(objection, by=by)
    if entry := find_entry(fresh):
        messages.entry_questioned(created, entry, now=by.now)
    return created


def _demand_acceptable(notice: PublicNotice, received_on: date, objector: Objector, today: date) -> None:
    if received_on > today:
        raise NotAllowed("收到日期不能晚于今天。")
    if not notice.first_day <= received_on <= notice.last_day:
        raise NotAllowed(
            f"收到日期不在公示期内（{notice.first_day}至{notice.last_day}），逾期的异议不予受理。"
        )
    if not (objector.name or "").strip() or not (objector.phone or "").strip():
        raise NotAllowed("异议须实名：请填写异议人和联系方式；公示要求实名反映。")


def objection_offers(objection: Objection, *, actor: Actor) -> list[Offer]:
    """Return the acts open to the actor: the city hands over and concludes, its lead settles, the county answers."""
    offers = []
    is_open = objection.state == ObjectionState.OPEN.value
    if is_open and access.may(actor, "edit", "objection"):
        offers += _clerk_offers(objection)
    if is_open and objection.proposal and access.may(actor, "approve", "objection"):
        offers += _lead_offers(objection, actor)
    if is_open and objection.question and access.may(actor, "note", "objection"):
        offers.append(Offer("report", "答复核查情况", asks=("report",), note=objection.question.question))
    if objection.objector and may_unmask_objector(actor):
        offers.append(Offer("unmask", "查看异议人", asks=("reason",), note="查看须写明理由，记入审计。"))
    return offers


def approver_obstacle(objection: Objection, actor: Actor) -> str:
    """Return why the actor may not settle the proposed conclusion, or ""."""
    if not access.may(actor, "approve", "objection"):
        return f"异议结论由{Role.CITY_LEAD.label}审签，{actor.role.label}不能审签。"
    if objection.proposal is None:
        return "还没有拟办结论。"
    return "拟办人不能审签自己拟办的事项。" if objection.proposal.by == actor.username else ""


def _lead_offers(objection: Objection, actor: Actor) -> list[Offer]:
    why = approver_obstacle(objection, actor)
    return [
        Offer("approve", "批准结论", why, note=f"批准后异议即办结：{objection.proposal}。"),
        Offer("return", "退回结论", why, ("reason",), grave=True),
    ]


def _clerk_offers(objection: Objection) -> list[Offer]:
    proposed = PROPOSED if objection.proposal else ""
    due, waiting = objection.asked_due, objection.question is not None
    obstacle = f"已交县级核查，待{due.month}月{due.day}日前答复。" if waiting and due else ""
    note = "县级还没有答复核查情况。" if waiting else ""
    reject, uphold = ObjectionState.REJECTED, ObjectionState.UPHELD
    return [
        Offer(reject.value, f"拟办：{reject.label}", proposed, ("conclusion",), note),
        Offer("hand_over", "交县级核查", proposed or obstacle, ("question", "due"), HAND_OVER_WARNING),
        Offer(uphold.value, f"拟办：{uphold.label}", proposed, ("conclusion",), note, grave=True),
    ]


def matter_visible_to(objection: Objection, actor: Actor) -> str:
    """Return the matter as the actor may read it: a county reads only the question put to it."""
    if "matter" not in access.hidden(actor, "objection"):
        return objection.matter
    return objection.inquiries[-1].question if objection.inquiries else ""


def may_unmask_objector(actor: Actor) -> bool:
    """Return whether the actor handles or decides objections."""
    return access.may(actor, "edit", "objection") or access.may(actor, "approve", "objection")


@transactional
def unmask_objector(objection: Objection, reason: str, *, by: By) -> Objector:
    """Return name and phone of the objector for a stated reason; each look leaves an audit row."""
    if not may_unmask_objector(by.actor):
        raise NotAllowed(f"{by.actor.role.label}不能查看异议人。")
    if objection.objector is None:
        raise NotAllowed("这件异议没有登记异议人。")
    if not reason.strip():
        raise NotAllowed("查看异议人须写明理由。")
    seen = ("objector", "异议人", "", "已查看")
    audit.record(Verb.UNMASK, by=by, subject=objection, changes=[seen], reason=reason.strip())
    return objection.objector


def read_open(objection: Objection) -> Objection:
    """Return the objection as stored now. Raises Conflict when it has been settled."""
    fresh = Objection.objects.get(pk=objection.pk)
    if fresh.state != ObjectionState.OPEN.value:
        raise records.stale(fresh)
    return fresh
