"""Conclusions of objections: the city proposes to uphold or reject, its lead settles (第十五条)."""

from __future__ import annotations

from app.policy import access
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import ObjectionState
from app.services.core import records
from app.services.core.by import By
from app.services.lists import messages
from app.services.lists.entries import find_entry
from app.services.lists.objections import PROPOSED, approver_obstacle, read_open
from models.database import transactional
from models.filing.applications import Application
from models.lists import Conclusion, Objection


@transactional
def propose_conclusion(
    objection: Objection, state: ObjectionState, text: str, *, version: int, by: By
) -> Objection:
    """Propose to uphold or reject an objection, with reasons; until the lead approves it stays open.

    Rejecting lets the unit through, so it needs the second pair of eyes as much as upholding.
    """
    if not access.may(by.actor, "edit", "objection"):
        raise NotAllowed(f"{by.actor.role.label}不能拟办异议结论。")
    if state is ObjectionState.OPEN or not text.strip():
        raise NotAllowed("办结异议须写明结论和理由。")
    fresh = read_open(objection)
    if fresh.proposal is not None:
        raise NotAllowed(PROPOSED)
    conclusion = Conclusion(
        state=state.value, text=text.strip(), by=by.actor.username, name=by.actor.name, at=by.now
    )
    saved = records.write(
        fresh, {"proposal": conclusion}, version=version, by=by, verb=Verb.CONCLUSION_PROPOSED
    )
    messages.conclusion_proposed(saved, now=by.now)
    return saved


@transactional
def settle_objection(objection: Objection, *, version: int, by: By) -> Objection:
    """Close an objection as proposed; an open question to the county lapses. Raises NotAllowed for its proposer."""
    fresh = read_open(objection)
    if why := approver_obstacle(fresh, by.actor):
        raise NotAllowed(why)
    values = {
        "state": fresh.proposal.state,
        "answer": fresh.proposal.text,
        "answered_by": by.actor.username,
        "answered_at": by.now,
        "asked_due": None,
    }
    saved = records.write(fresh, values, version=version, by=by, verb=Verb.OBJECTION_SETTLED)
    messages.conclusion_decided(saved, saved.proposal, "批准", now=by.now)
    application = Application.objects.get(pk=saved.application_id)
    if saved.state == ObjectionState.UPHELD.value and (entry := find_entry(application)):
        messages.entry_questioned(saved, entry, now=by.now)
    return saved


@transactional
def return_conclusion(objection: Objection, reason: str, *, version: int, by: By) -> Objection:
    """Send a proposed conclusion back with a reason; the objection waits for another one."""
    if not reason.strip():
        raise NotAllowed("退回须填写意见。")
    fresh = read_open(objection)
    if why := approver_obstacle(fresh, by.actor):
        raise NotAllowed(why)
    returned = fresh.proposal
    values = {"proposal": None}
    saved = records.write(
        fresh, values, version=version, by=by, verb=Verb.CONCLUSION_RETURNED, reason=reason.strip()
    )
    messages.conclusion_decided(saved, returned, f"退回：{reason.strip()}", now=by.now)
    return saved
