"""Objections during public notice: taken down, perhaps looked into by the county, closed with reasons (第十五条)."""

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
from models.database import transact
from models.filing.applications import Application
from models.lists import Inquiry, Objection, Objector, PublicNotice


def take_down(
    application: Application,
    matter: str,
    received_on: date,
    objector: Objector,
    *,
    by: By,
) -> Objection:
    """Record an objection against a unit that is being shown.

    Raises NotAllowed outside the notice period and without a name: the notice asks for real names.
    """
    if not access.may(by.actor, "create", "objection"):
        raise NotAllowed(f"{by.actor.role.label}不能登记异议。")
    fresh = scope.find(by, Application, application.pk)
    if fresh is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    cultivation.TABLE.demand_act("objection", Stage(fresh.stage), by.actor.role)
    notice = PublicNotice.objects.get(pk=fresh.notice_id)
    if not notice.first_day <= received_on <= notice.last_day:
        raise NotAllowed(
            f"收到日期不在公示期内（{notice.first_day}至{notice.last_day}），逾期的异议不予受理。"
        )
    if not (objector.name or "").strip() or not (objector.phone or "").strip():
        raise NotAllowed("异议须实名：请填写异议人和联系方式；匿名的不予受理（见公示）。")
    objection = Objection(
        application_id=fresh.pk,
        notice_id=notice.pk,
        unit_id=fresh.unit_id,
        year=notice.year,
        received_on=received_on,
        matter=matter,
        objector=objector,
    )
    return records.create(objection, by=by)


def offers(objection: Objection, *, actor: Actor) -> list[Offer]:
    """Handing over, closing and naming the objector for the bureau; answering for the county that was asked."""
    shown = []
    is_open, asked = objection.state == ObjectionState.OPEN.value, objection.question
    if is_open and access.may(actor, "edit", "objection"):
        due = objection.asked_due
        why = f"已交县级核查，待{due.month}月{due.day}日前答复。" if asked and due else ""
        note = "县级还没有答复核查情况。" if asked else ""
        reject, uphold = ObjectionState.REJECTED, ObjectionState.UPHELD
        shown += [
            Offer(reject.value, reject.label, asks=("conclusion",), note=note),
            Offer("hand_over", "交县级核查", why, ("question", "due"), HANDED),
            Offer(uphold.value, uphold.label, asks=("conclusion",), note=note, grave=True),
        ]
    if is_open and asked and access.may(actor, "note", "objection"):
        shown.append(Offer("report", "答复核查情况", asks=("report",), note=asked.question))
    if objection.objector and may_unmask(actor):
        shown.append(Offer("unmask", "查看异议人", asks=("reason",), note="查看须写明理由，记入审计。"))
    return shown


def about(objection: Objection, actor: Actor) -> str:
    """What it is about, as the actor may read it: the county reads what it was asked, not who said what."""
    if "matter" not in access.hidden(actor, "objection"):
        return objection.matter
    return objection.inquiries[-1].question if objection.inquiries else ""


HANDED = "只把下面写明的事项交县级；县级看不到异议人和异议原文，请不要写入能认出异议人的内容。"


def hand_over(objection: Objection, question: str, due: date | None, *, version: int, by: By) -> Objection:
    """Ask the county of the unit to look into something until a day; from then on it reads the objection.

    Raises NotAllowed without a question or day, when it is closed, or while an earlier question is open.
    """
    if not access.may(by.actor, "edit", "objection"):
        raise NotAllowed(f"{by.actor.role.label}不能交办异议。")
    if not question.strip() or due is None or due < by.today:
        raise NotAllowed("交县级核查须写明请核查的事项和不早于今天的答复期限。")
    one = Inquiry(
        question=question.strip(),
        due=due,
        asked_by=by.actor.username,
        asked_name=by.actor.name,
        asked_at=by.now,
    )

    def work() -> Objection:
        fresh = _still_open(objection)
        if fresh.question:
            raise NotAllowed("上一次交办还没有答复，答复后才能再交办。")
        values = {"handed_to": fresh.area, "inquiries": [*fresh.inquiries, one], "asked_due": due}
        done = records.write(fresh, values, version=version, by=by, verb=Verb.OBJECTION_HANDED)
        messages.inquiry_asked(done, now=by.now)
        return done

    return transact(work)


def report(objection: Objection, text: str, *, version: int, by: By) -> Objection:
    """The county's answer, in words, to the open question. Raises NotAllowed when nothing was asked of it."""
    if not access.may(by.actor, "note", "objection"):
        raise NotAllowed(f"核查情况由{Role.COUNTY.label}答复，{by.actor.role.label}不能答复。")
    if not text.strip():
        raise NotAllowed("请写明核查情况。")

    def work() -> Objection:
        if scope.find(by, Objection, objection.pk) is None:
            raise NotAllowed(records.OUT_OF_SCOPE)
        fresh = _still_open(objection)
        if fresh.question is None:
            raise NotAllowed("没有待答复的核查事项。")
        asked = fresh.inquiries[-1]
        answered = Inquiry(
            question=asked.question,
            due=asked.due,
            asked_by=asked.asked_by,
            asked_name=asked.asked_name,
            asked_at=asked.asked_at,
            answer=text.strip(),
            answered_name=by.actor.name,
            answered_at=by.now,
        )
        values = {"inquiries": [*fresh.inquiries[:-1], answered], "asked_due": None}
        done = records.write(fresh, values, version=version, by=by, verb=Verb.INQUIRY_ANSWERED)
        messages.inquiry_answered(done, now=by.now)
        return done

    return transact(work)


def may_unmask(actor: Actor) -> bool:
    """Whoever handles or decides objections."""
    return access.may(actor, "edit", "objection") or access.may(actor, "approve", "objection")


def unmask(objection: Objection, reason: str, *, by: By) -> Objector:
    """Name and phone of the objector, for a stated reason; each look leaves an audit row."""
    if not may_unmask(by.actor):
        raise NotAllowed(f"{by.actor.role.label}不能查看异议人。")
    if objection.objector is None:
        raise NotAllowed("这件异议没有登记异议人。")
    if not reason.strip():
        raise NotAllowed("查看异议人须写明理由。")
    seen = ("objector", "异议人", "", "已查看")
    transact(
        lambda: audit.record(Verb.UNMASK, by=by, subject=objection, changes=[seen], reason=reason.strip())
    )
    return objection.objector


def answer(objection: Objection, state: ObjectionState, text: str, *, version: int, by: By) -> Objection:
    """Close an objection as upheld or rejected, with reasons; a question that is still open lapses."""
    if not access.may(by.actor, "edit", "objection"):
        raise NotAllowed(f"{by.actor.role.label}不能办结异议。")
    if state is ObjectionState.OPEN or not text.strip():
        raise NotAllowed("办结异议须写明结论和理由。")

    def work() -> Objection:
        fresh = _still_open(objection)
        values = {
            "state": state.value,
            "answer": text,
            "answered_by": by.actor.username,
            "answered_at": by.now,
            "asked_due": None,
        }
        return records.write(fresh, values, version=version, by=by, verb=Verb.OBJECTION_SETTLED)

    return transact(work)


def _still_open(objection: Objection) -> Objection:
    fresh = Objection.objects.get(pk=objection.pk)
    if fresh.state != ObjectionState.OPEN.value:
        raise records.stale(fresh)
    return fresh
