"""Changes that need two people: the city prepares one, its lead approves or sends it back; every one is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ProposalState, Role
from app.services.core import messages, records, scope
from app.services.core.by import By
from models.database import transactional
from models.record import Proposed

P = TypeVar("P", bound=Proposed)


def _nothing(proposal: Any) -> None: ...


def demand_proposer(actor: Actor, model: type[Proposed]) -> None:
    """Raise NotAllowed for everybody but those who prepare changes of this class."""
    if not access.may(actor, "create", scope.resource_of(model)):
        raise NotAllowed(f"{Role.CITY.label}拟办、{Role.CITY_LEAD.label}审批，{actor.role.label}不能修改。")


def prepare_proposal(
    proposal: P, note: str, *, verb: Verb, by: By, then: Callable[[P], None] = _nothing
) -> P:
    """Store a change for the second person; nothing is in force yet. `then` joins the transaction.

    Raises NotAllowed without a reason or the right, and while another change of the same target waits.
    """
    demand_proposer(by.actor, type(proposal))
    if not note.strip():
        raise NotAllowed("请填写修改理由。")
    proposal.note = note.strip()
    proposal.prepared_by, proposal.prepared_name = by.actor.username, by.actor.name
    proposal.prepared_at = by.now
    return _insert(proposal, then, verb=verb, by=by)


@transactional
def _insert(proposal: P, then: Callable[[P], None], *, verb: Verb, by: By) -> P:
    waiting = type(proposal).objects(target=proposal.target, state=ProposalState.PREPARED.value)
    if waiting.first():
        raise NotAllowed(records.unique_message(proposal, "target"))
    saved = records.insert(proposal, by=by, verb=verb)
    then(saved)
    messages.proposal_prepared(saved, now=by.now)
    return saved


def approve_proposal(
    proposal: P, answer: str, *, seen: int, by: By, then: Callable[[P], None] = _nothing
) -> P:
    """Approve a change; `then` puts it in force in the same transaction. Raises NotAllowed, Conflict."""
    return _decide(
        proposal, ProposalState.APPROVED, answer, then, verb=Verb.PROPOSAL_APPROVED, seen=seen, by=by
    )


def send_back_proposal(proposal: P, answer: str, *, seen: int, by: By) -> P:
    """Refuse a change with a reason; the former value stays in force. Raises NotAllowed, Conflict."""
    if not answer.strip():
        raise NotAllowed("退回须填写意见。")
    return _decide(proposal, ProposalState.SENT_BACK, answer, _nothing, verb=Verb.SENT_BACK, seen=seen, by=by)


@transactional
def _decide(
    proposal: P,
    state: ProposalState,
    answer: str,
    then: Callable[[P], None],
    *,
    verb: Verb,
    seen: int,
    by: By,
) -> P:
    fresh = type(proposal).objects.get(pk=proposal.pk)
    if why := approval_obstacle(fresh, by.actor):
        raise NotAllowed(why)
    if fresh.state != ProposalState.PREPARED.value:
        raise records.stale(fresh)
    values = {
        "state": state.value,
        "answer": answer,
        "decided_by": by.actor.username,
        "decided_name": by.actor.name,
        "decided_at": by.now,
    }
    decided = records.write(fresh, values, version=seen, by=by, verb=verb, reason=answer)
    then(decided)
    messages.proposal_decided(decided, now=by.now)
    return decided


def approval_obstacle(proposal: Proposed, actor: Actor) -> str:
    """Return why the actor may not decide on a change, "" if they may."""
    if not access.may(actor, "approve", scope.resource_of(proposal)):
        return f"由{Role.CITY_LEAD.label}审批，{actor.role.label}不能审批。"
    return "拟办人不能审批自己拟办的修改。" if actor.username == proposal.prepared_by else ""


def proposal_offers(proposal: Proposed, *, actor: Actor) -> list[Offer]:
    """Return approval and return of a waiting change, greyed for whoever prepared it."""
    waits = proposal.state == ProposalState.PREPARED.value
    if not waits or not access.may(actor, "approve", scope.resource_of(proposal)):
        return []
    why = approval_obstacle(proposal, actor)
    return [
        Offer("approve", "批准启用", why, ("answer",)),
        Offer("send_back", "退回", why, ("reason",), grave=True),
    ]
