"""Signing and returning of free papers by the city's lead."""

from __future__ import annotations

from datetime import datetime

from app.policy import access
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import PaperState, Role
from app.services.core import messages, records
from app.services.core.by import By
from app.services.papers import rendering, transitions
from app.services.papers.values import from_plain
from models.database import transactional
from models.papers import Paper


@transactional
def sign(paper: Paper, *, by: By, seen: int | None = None) -> Paper:
    """Sign a submitted paper. Raises NotAllowed, also for its drafter and editors, and Conflict."""

    fresh = Paper.objects.get(pk=paper.pk)
    if why := signing_obstacle(fresh, by.actor):
        raise NotAllowed(why)
    if seen is not None and fresh.version != seen:
        raise records.stale(fresh)
    inputs = from_plain(fresh.kind, fresh.inputs)
    rendering.demand_complete(fresh, inputs)
    rendering.demand_timely(inputs, by.today)
    signed = transitions.record_signature(fresh, by=by)
    notify_drafter(signed, "已审签，可以编号印发", now=by.now)
    return signed


def signing_obstacle(paper: Paper, actor: Actor) -> str:
    """Return why the actor cannot sign this paper now, or ""."""
    if not access.may(actor, "approve", "paper") or catalogue.KINDS[paper.kind].signed_by is not actor.role:
        return f"公文由{Role.CITY_LEAD.label}审签，{actor.role.label}不能审签。"
    if actor.username == paper.drafted_by or actor.username in paper.editors:
        return "拟稿人不能审签自己拟制或修改的公文。"
    if paper.decision_id:
        return "这份公文随审批单一并审签。"
    if paper.state != PaperState.SUBMITTED.value:
        return f"公文{paper.get_state_display()}，不能审签。"
    return ""


@transactional
def send_back(paper: Paper, answer: str, *, by: By, seen: int | None = None) -> Paper:
    """Return a submitted draft to its drafter with the changes to make. Raises NotAllowed, Conflict."""
    if not answer.strip():
        raise NotAllowed("退回须填写意见。")

    fresh = Paper.objects.get(pk=paper.pk)
    if why := signing_obstacle(fresh, by.actor):
        raise NotAllowed(why)
    version = fresh.version if seen is None else seen
    values = {"state": PaperState.DRAFTED.value}
    fresh = records.write(fresh, values, version=version, by=by, verb=Verb.DRAFT_RETURNED, reason=answer)
    notify_drafter(fresh, f"被退回：{answer}", now=by.now)
    return fresh


def notify_drafter(paper: Paper, words: str, *, now: datetime) -> None:
    """Send the drafter a message about their paper."""
    link = f"/admin/paper/details/?id={paper.pk}"
    messages.send(
        [paper.drafted_by],
        f"paper:{paper.pk}:{paper.version}",
        f"公文《{paper.title}》{words}。",
        link,
        now=now,
    )
