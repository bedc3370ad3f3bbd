"""Two people for one change: the city prepares it, its lead approves or sends it back; every one is kept."""

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
from models.database import transact
from models.record import Proposed

P = TypeVar("P", bound=Proposed)


def _nothing(proposal: Any) -> None: ...


def demand_proposer(actor: Actor, model: type[Proposed]) -> None:
    """Raise NotAllowed for everybody but those who prepare changes of this class."""
    if not access.may(actor, "create", scope.resource_of(model)):
        raise NotAllowed(f"{Role.CITY.label}拟办、{Role.CITY_LEAD.label}审批，{actor.role.label}不能修改。")


def prepare(proposal: P, note: str, *, verb: Verb, by: By, then: Callable[[P], None] = _nothing) -> P:
    """Keep it for the second person; nothing is in force yet. `then` joins the transaction.

    Raises NotAllowed without a reason, for who may not, and while another change of the same thing waits.
    """
    demand_proposer(by.actor, type(proposal))
    if not note.strip():
        raise NotAllowed("请填写修改理由。")
    proposal.note = note.strip()
    proposal.prepared_by, proposal.prepared_name, proposal.prepared_at = (
        by.actor.username,
        by.actor.name,
        by.now,
    )

    def work() -> P:
        waiting = type(proposal).objects(target=proposal.target, state=ProposalState.PREPARED.value)
        if waiting.first():
            raise NotAllowed(records.TAKEN["target"])
        saved = records.insert(proposal, by=by, verb=verb)
        then(saved)
        messages.proposal_prepared(saved, now=by.now)
        return saved

    return transact(work)


def approve(proposal: P, answer: str, *, seen: int, by: By, then: Callable[[P], None] = _nothing) -> P:
    """The second person says yes; what `then` puts in force is written in the same transaction."""
    return _decide(proposal, ProposalState.APPROVED, answer, then, seen=seen, by=by)


def send_back(proposal: P, answer: str, *, seen: int, by: By) -> P:
    """The second person says no, with a reason; what is in force stays."""
    if not answer.strip():
        raise NotAllowed("退回须填写意见。")
    return _decide(proposal, ProposalState.SENT_BACK, answer, _nothing, seen=seen, by=by)


def _decide(
    proposal: P,
    state: ProposalState,
    answer: str,
    then: Callable[[P], None],
    *,
    seen: int,
    by: By,
) -> P:
    def work() -> P:
        fresh = type(proposal).objects.get(pk=proposal.pk)
        if why := why_not(fresh, by.actor):
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
        approved = state is ProposalState.APPROVED
        verb = Verb.PROPOSAL_APPROVED if approved else Verb.SENT_BACK
        decided = records.write(fresh, values, version=seen, by=by, verb=verb, reason=answer)
        then(decided)
        messages.proposal_decided(decided, now=by.now)
        return decided

    return transact(work)


def why_not(proposal: Proposed, actor: Actor) -> str:
    """Why the actor may not decide on it, "" when he may."""
    if not access.may(actor, "approve", scope.resource_of(proposal)):
        return f"由{Role.CITY_LEAD.label}审批，{actor.role.label}不能审批。"
    return "拟办人不能审批自己拟办的修改。" if actor.username == proposal.prepared_by else ""


def offers(proposal: Proposed, *, actor: Actor) -> list[Offer]:
    """Approve and send back while it waits, greyed for his own."""
    waits = proposal.state == ProposalState.PREPARED.value
    if not waits or not access.may(actor, "approve", scope.resource_of(proposal)):
        return []
    why = why_not(proposal, actor)
    return [
        Offer("approve", "批准启用", why, ("answer",)),
        Offer("send_back", "退回", why, ("reason",), grave=True),
    ]
