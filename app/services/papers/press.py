"""Papers of decisions, as the workflow engine asks for them (core.process.Press)."""

from __future__ import annotations

from typing import Any

from app.policy.flow import NotAllowed
from app.services.core.by import By
from app.services.papers import drafts, rendering, transitions
from models.decisions import Decision
from models.files import Attachment
from models.papers import Number, Paper

Prepared = tuple[Number | None, Attachment]


def draft(kind: str, inputs: Any, decision: Decision, *, by: By) -> Any:
    """Draft the paper of a decision and return its key. Raises NotAllowed when it is incomplete."""
    paper = drafts.draft_for_decision(kind, inputs, decision, by=by)
    rendering.demand_complete(paper, inputs)
    rendering.demand_timely(inputs, by.today)
    return paper.pk


def paper_of(decision: Decision) -> Paper | None:
    """Return the paper of a decision, or None."""
    return Paper.objects(pk=decision.paper_id).first() if decision.paper_id else None


def sign(paper: Paper, *, by: By) -> None:
    """Sign a paper. Raises NotAllowed for whoever drafted or edited it."""
    if by.actor.username in paper.editors:  # the clerk who worded it may be the lead of today
        raise NotAllowed("拟稿人不能审签自己拟制或修改的公文。")
    transitions.record_signature(paper, by=by)


def prepare(paper: Paper, inputs: Any, *, by: By) -> Prepared:
    """Reserve the number and store the bytes, outside any transaction; return both for `issue`."""
    return transitions.prepare_issue(paper, inputs, by=by)


def issue(paper: Paper, prepared: Prepared, inputs: Any, *, by: By) -> Paper:
    """Issue a prepared paper inside the transaction of its stages and return it."""
    number, attachment = prepared
    return transitions.record_issue(Paper.objects.get(pk=paper.pk), number, attachment, inputs, by=by)


def drop(paper: Paper, reason: str, *, by: By) -> None:
    """Withdraw a paper that will not be issued, and void its number."""
    drafts.discard(paper, reason, by=by)
