"""Four eyes: the city prepares a decision, its lead approves; then it is carried out, even after a crash."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer, PolicyError
from app.policy.terms import DecisionState
from app.services.core import carrying, messages, records
from app.services.core.by import By
from app.services.core.preparing import prepare as prepare
from app.services.core.process import (
    all_processes,
    press_in_use,
    process_named,
)
from models.accounts.people import User
from models.database import transactional
from models.decisions import Decision, DecisionLine

APPROVAL_NOTE = "批准后逐条再核条件并立即办理；有公文的同时编号、印发。"


def approve(decision: Decision, *, answer: str = "", by: By, seen: int | None = None) -> Decision:
    """Approve a decision; then every row's guards are asked again and it is carried out."""
    _settle(decision, DecisionState.APPROVED, answer, by=by, seen=seen)
    return carrying.carry_out(decision, by=by)


def approve_many(decisions: Iterable[Decision], *, answer: str = "", by: By) -> list[tuple[Decision, str]]:
    """Approve all first, then carry out one by one; return each with "" or the reason it was not approved.

    Whatever a crash leaves approved, the sweep carries out.
    """
    results = []
    for decision in decisions:
        try:
            _settle(decision, DecisionState.APPROVED, answer, by=by, seen=None)
            results.append((decision, ""))
        except PolicyError as refusal:
            results.append((decision, str(refusal)))
    return [(carrying.carry_out(decision, by=by) if not why else decision, why) for decision, why in results]


def send_back(decision: Decision, answer: str, *, by: By, seen: int | None = None) -> Decision:
    """Refuse a decision with a reason: no stage has changed, the rows are free again, the draft is dropped."""
    if not answer.strip():
        raise NotAllowed("退回须填写意见。")
    return _settle(decision, DecisionState.SENT_BACK, answer, by=by, seen=seen)


@transactional
def _settle(decision: Decision, state: DecisionState, answer: str, *, by: By, seen: int | None) -> Decision:
    fresh = Decision.objects.get(pk=decision.pk)
    if why := _approver_obstacle(fresh, by.actor):
        raise NotAllowed(why)
    if fresh.state != DecisionState.PREPARED.value or (seen is not None and fresh.version != seen):
        raise records.stale(fresh)
    if state is DecisionState.APPROVED:
        carrying.details_today(fresh, by=by)  # refused while the lead can still send it back
    values = {
        "state": state.value,
        "answer": answer,
        "decided_by": by.actor.username,
        "decided_name": by.actor.name,
        "decided_at": by.now,
    }
    verb = Verb.DECISION_APPROVED if state is DecisionState.APPROVED else Verb.SENT_BACK
    fresh = records.write(fresh, values, version=fresh.version, by=by, verb=verb, reason=answer)
    press = press_in_use()
    paper = press.paper_of(fresh)
    if state is DecisionState.SENT_BACK:
        model = process_named(fresh.resource).model
        model.objects(decision_id=fresh.pk).update(unset__decision_id=1, inc__version=1)
        if paper is not None:
            press.drop(paper, f"审批单{fresh.number}退回：{answer}", by=by)
        messages.decision_settled(fresh, "退回", now=by.now)
    elif paper is not None:
        press.sign(paper, by=by)
    return fresh


def offers(decision: Decision, *, by: By) -> list[Offer]:
    """Return approve and send back, greyed for whoever prepared the decision; [] for others and when settled."""
    if decision.state != DecisionState.PREPARED.value or not access.may(by.actor, "approve", "decision"):
        return []
    why = _approver_obstacle(decision, by.actor)
    return [
        Offer("approve", "批准", why or _details_obstacle(decision, by=by), ("answer",), APPROVAL_NOTE),
        Offer("send_back", "退回", why, ("reason",), grave=True),
    ]


def _details_obstacle(decision: Decision, *, by: By) -> str:
    """Return why the inputs of a decision cannot be carried out today, or ""."""
    try:
        carrying.details_today(decision, by=by)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def stated_terms(decision: Decision, *, by: By) -> list[tuple[str, Any]]:
    """Return days and terms that the decision states: as reckoned today while it waits, then as carried out."""
    stated = process_named(decision.resource).stated.get(decision.action)
    if stated is None or decision.state == DecisionState.SENT_BACK.value:
        return []
    details = dict(decision.details)
    if decision.state == DecisionState.PREPARED.value:
        with suppress(NotAllowed):  # a day that has passed is shown as it was prepared
            details = carrying.details_today(decision, by=by)
    return list(stated(details, by))


def lines_for(decision: Decision, actor: Actor) -> list[DecisionLine]:
    """Return the lines that the actor may see: a county its own area's, the bureau all."""
    if access.rows(actor, "decision") is access.Rows.AREA:
        return [line for line in decision.lines if line.area == actor.area]
    return list(decision.lines)


def title_for(decision: Decision, actor: Actor) -> str:
    """Return its name with the number of lines that the actor may see: the total would tell of other areas."""
    return f"{decision.label}（{decision.number}，{len(lines_for(decision, actor))} 家）"


def approved_actions() -> list[tuple[str, str]]:
    """Return action and label of every step that a decision prepares."""
    steps = [step for each in all_processes() for step in each.table.steps if step.approved_by]
    return list(dict.fromkeys((step.action, step.label) for step in steps))


def _approver_obstacle(decision: Decision, actor: Actor) -> str:
    """Return why the actor may not settle this decision, or ""."""
    step = process_named(decision.resource).table.step(decision.action)
    lead = step.approved_by
    if lead is None or actor.role is not lead or not access.may(actor, "approve", "decision"):
        return f"“{step.label}”由{lead.label if lead else '他人'}审签，{actor.role.label}不能审签。"
    return "拟办人不能审签自己拟办的事项。" if actor.username == decision.prepared_by else ""


def sweep(*, now: datetime) -> int:
    """Carry out the decisions that a crash left approved and return how many; runs at start and every ten minutes.

    One that cannot be carried out keeps no other waiting. Raises PolicyError naming those, after the rest is done.
    """
    ended, stuck = 0, []
    for decision in Decision.objects(state=DecisionState.APPROVED.value):
        lead = User.objects(username=decision.decided_by).first()
        if lead is None:
            continue
        try:
            carrying.carry_out(decision, by=By(lead.actor(source="job"), now))
            ended += 1
        except PolicyError as refusal:
            stuck.append(f"{decision.number}：{refusal}")
    if stuck:
        raise PolicyError("；".join(stuck))
    return ended
