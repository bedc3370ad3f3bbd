"""Messages to accounts, written in the transaction of the act (outbox); a key makes a repeat impossible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mongoengine import Q

from app.policy.access import Actor
from app.policy.flow import Step
from app.policy.terms import ProposalState, Role, Term
from app.services.core import scope
from app.services.core.by import By
from models.accounts.people import User
from models.decisions import Decision
from models.lists import Objection
from models.record import Proposed, Record
from models.reminders.notices import Notice


def send(usernames: Iterable[str], key: str, text: str, link: str, *, now: datetime) -> None:
    """One message a recipient; call inside the act's transaction."""
    for username in set(usernames):
        Notice(key=f"{key}:{username}", username=username, text=text, link=link, at=now, version=1).save()


def step_taken(record: Record, step: Step, stage: Term, reason: str, *, turn: Role | None, by: By) -> None:
    """Tell those whose case it is, and those of the bureau whose turn it is now."""
    who = _filers(record) | set(_working(turn) if turn else ())
    who.discard(by.actor.username)
    text = f"{record}：{by.actor.name}办理“{step.label}”，现为“{stage.label}”。"
    if reason:
        text += f"理由：{reason}"
    resource = scope.resource_of(record)
    send(who, f"{resource}:{record.pk}:{record.version}", text, _link(resource, record), now=by.now)


def decision_prepared(decision: Decision, *, now: datetime) -> None:
    text = f"待审签：{decision}，{decision.prepared_name}拟办。"
    send(
        _working(Role.CITY_LEAD),
        f"decision:{decision.pk}:prepared",
        text,
        _link("decision", decision),
        now=now,
    )


def decision_settled(decision: Decision, outcome: str, *, now: datetime) -> None:
    text = f"{decision}：{decision.decided_name}{outcome}。{decision.answer or ''}"
    key = f"decision:{decision.pk}:{decision.state}"
    send([decision.prepared_by], key, text, _link("decision", decision), now=now)


def proposal_prepared(proposal: Proposed, *, now: datetime) -> None:
    text = f"待审批：{proposal.label or proposal.target}的修改，{proposal.prepared_name}拟办。理由：{proposal.note}"
    resource = scope.resource_of(proposal)
    others = set(_working(Role.CITY_LEAD)) - {proposal.prepared_by}
    send(others, f"{resource}:{proposal.pk}:prepared", text, _link(resource, proposal), now=now)


def proposal_decided(proposal: Proposed, *, now: datetime) -> None:
    outcome = ProposalState(proposal.state).label
    text = f"{proposal.label or proposal.target}的修改：{proposal.decided_name}{outcome}。{proposal.answer or ''}"
    resource = scope.resource_of(proposal)
    key = f"{resource}:{proposal.pk}:{proposal.state}"
    send([proposal.prepared_by], key, text, _link(resource, proposal), now=now)


def objection_handed(objection: Objection, *, now: datetime) -> None:
    """To the clerks of the county that is asked."""
    asked = objection.inquiries[-1]
    text = f"{objection}：{asked.asked_name}交办核查，请于{asked.due:%m月%d日}前答复。事项：{asked.question}"
    clerks = User.objects.working(Role.COUNTY).filter(area=objection.handed_to)
    key = f"objection:{objection.pk}:asked:{len(objection.inquiries)}"
    send(clerks.scalar("username"), key, text, _link("objection", objection), now=now)


def objection_reported(objection: Objection, *, now: datetime) -> None:
    """To the clerk who asked."""
    asked = objection.inquiries[-1]
    text = f"{objection}：{asked.answered_name}已答复核查情况，请核查后办结。"
    key = f"objection:{objection.pk}:reported:{len(objection.inquiries)}"
    send([asked.asked_by], key, text, _link("objection", objection), now=now)


def mark_read(by: By) -> None:
    """Mark everything as read that the actor has before him."""
    Notice.objects(username=by.actor.username, read_at=None).update(set__read_at=by.now)


def unread(actor: Actor, most: int = 20) -> list[Notice]:
    return list(Notice.objects(username=actor.username, read_at=None).order_by("-id").limit(most))


def _filers(record: Any) -> set[str]:
    if not hasattr(record, "unit_id"):
        return set()
    own = Q(role=Role.COUNTY.value, area=record.area) | Q(role=Role.UNIT.value, unit_id=record.unit_id)
    return set(User.objects(own & Q(active=True)).scalar("username"))


def _working(role: Role) -> list[str]:
    return list(User.objects.working(role).scalar("username"))


def _link(resource: str, record: Any) -> str:
    return f"/admin/{resource}/details/?id={record.pk}"
