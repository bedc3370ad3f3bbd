"""Messages to accounts, written in the transaction of the act (outbox); a key makes a repeat impossible."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from mongoengine import Q

from app.policy.flow import Step
from app.policy.terms import ProposalState, Role, Term
from app.services.core import scope
from app.services.core.by import By
from models.accounts.people import User
from models.decisions import Decision
from models.record import Proposed, Record
from models.reminders.notices import Notice


def send(usernames: Iterable[str], key: str, text: str, link: str, *, now: datetime) -> None:
    """Write one message to each recipient; call inside the act's transaction."""
    for username in set(usernames):
        Notice(key=f"{key}:{username}", username=username, text=text, link=link, at=now, version=1).save()


def send_about(record: Record, event: str, usernames: Iterable[str], text: str, *, now: datetime) -> None:
    """Write a message that links to a record; `event` tells it from the record's other messages."""
    resource = scope.resource_of(record)
    link = f"/admin/{resource}/details/?id={record.pk}"
    send(usernames, f"{resource}:{record.pk}:{event}", text, link, now=now)


def step_taken(record: Record, step: Step, stage: Term, reason: str, *, turn: Role | None, by: By) -> None:
    """Tell those whose case it is, and those of the bureau who act next."""
    recipients = _filers(record) | set(_working(turn) if turn else ())
    recipients.discard(by.actor.username)
    text = f"{record}：{by.actor.name}办理“{step.label}”，现为“{stage.label}”。"
    if reason:
        text += f"理由：{reason}"
    send_about(record, str(record.version), recipients, text, now=by.now)


def decision_prepared(decision: Decision, *, now: datetime) -> None:
    """Tell every lead that a decision waits for approval."""
    text = f"待审签：{decision}，{decision.prepared_name}拟办。"
    send_about(decision, "prepared", _working(Role.CITY_LEAD), text, now=now)


def decision_settled(decision: Decision, outcome: str, *, now: datetime) -> None:
    """Tell whoever prepared a decision of the lead's answer."""
    text = f"{decision}：{decision.decided_name}{outcome}。{decision.answer or ''}"
    send_about(decision, decision.state, [decision.prepared_by], text, now=now)


def proposal_prepared(proposal: Proposed, *, now: datetime) -> None:
    """Tell every other lead that a change waits for approval."""
    text = f"待审批：{proposal.label or proposal.target}的修改，{proposal.prepared_name}拟办。理由：{proposal.note}"
    others = set(_working(Role.CITY_LEAD)) - {proposal.prepared_by}
    send_about(proposal, "prepared", others, text, now=now)


def proposal_decided(proposal: Proposed, *, now: datetime) -> None:
    """Tell whoever prepared a change of the lead's answer."""
    outcome = ProposalState(proposal.state).label
    text = f"{proposal.label or proposal.target}的修改：{proposal.decided_name}{outcome}。{proposal.answer or ''}"
    send_about(proposal, proposal.state, [proposal.prepared_by], text, now=now)


def _filers(record: Any) -> set[str]:
    if not hasattr(record, "unit_id"):
        return set()
    own = Q(role=Role.COUNTY.value, area=record.area) | Q(role=Role.UNIT.value, unit_id=record.unit_id)
    return set(User.objects(own & Q(active=True)).scalar("username"))


def _working(role: Role) -> list[str]:
    return list(User.objects.working(role).scalar("username"))
