"""Deciding on proposed settings, discretionary values and holidays alike, and proposing the former ones again."""

from __future__ import annotations

from mongoengine import QuerySet

from app.policy import access
from app.policy.access import Actor
from app.policy.flow import NotAllowed, Offer
from app.policy.terms import ProposalState
from app.services.core import scope
from app.services.core.by import By
from app.services.settings import holidays, proposals, values
from models.settings.values import Proposal


def visible_changes(by: By) -> QuerySet:
    """Return the proposals that the actor may read, newest first."""
    return scope.rows(by, Proposal).order_by("-id")


def approve_change(proposal: Proposal, answer: str = "", *, seen: int, by: By) -> Proposal:
    """Put a change in force with its approval in one transaction; the audit entry names both people."""

    def put_in_force(decided: Proposal) -> None:
        reason = f"{decided.note}（{decided.prepared_name}提出，{decided.decided_name}批准）"
        put = holidays.put_days_in_force if _is_about_days(decided) else values.put_value_in_force
        put(decided, reason, by=by)

    return proposals.approve_proposal(proposal, answer, seen=seen, by=by, then=put_in_force)


def send_back_change(proposal: Proposal, answer: str, *, seen: int, by: By) -> Proposal:
    """Refuse a change with a reason. Raises NotAllowed, Conflict."""
    return proposals.send_back_proposal(proposal, answer, seen=seen, by=by)


def propose_reversal(proposal: Proposal, reason: str, *, by: By) -> Proposal:
    """Propose again the value that an approved change replaced; the second person decides anew."""
    if proposal.state != ProposalState.APPROVED.value:
        raise NotAllowed("只有已批准的修改可以改回。")
    if why := _reversal_obstacle(proposal):
        raise NotAllowed(why)
    if not _is_about_days(proposal):
        return values.propose_value(proposal.target, proposal.former, reason, by=by)
    proposals.demand_proposer(by.actor, Proposal)
    return holidays.propose_entries(dict(proposal.former), reason, by=by)


def change_offers(proposal: Proposal, *, actor: Actor) -> list[Offer]:
    """Return the decisions on a waiting change, or the reversal of an approved one still in force."""
    if proposal.state != ProposalState.APPROVED.value or not access.may(actor, "create", "proposal"):
        return proposals.proposal_offers(proposal, actor=actor)
    why = _reversal_obstacle(proposal)
    return [Offer("undo", "改回原来的取值", why, ("reason",), "改回也须由另一人审批。")]


def _reversal_obstacle(proposal: Proposal) -> str:
    in_force = holidays.are_days_in_force if _is_about_days(proposal) else values.is_value_in_force
    return "" if in_force(proposal) else "此后又有修改，现行取值已不是这一项。"


def _is_about_days(proposal: Proposal) -> bool:
    return proposal.target == holidays.HOLIDAYS
