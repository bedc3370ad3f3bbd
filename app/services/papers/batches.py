"""Batches of letters: gathered, submitted, signed and issued together in list order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed, PolicyError
from app.policy.terms import PaperState
from app.services.core import audit, records
from app.services.core.by import By
from app.services.papers import drafting, drafts, issuing, recovery, rendering, signing
from app.services.papers.values import from_plain
from models.database import transactional
from models.papers import Paper, PaperBatch

MAX_PAPERS = 300
RowResults = list[tuple[Paper, str]]


def gather_batch(chosen: Sequence[Paper], title: str, *, by: By) -> PaperBatch:
    """Make a batch of drafts of one kind, in the given order. Raises NotAllowed."""
    chosen = [Paper.objects.get(pk=paper.pk) for paper in chosen]
    if len({paper.kind for paper in chosen}) != 1:
        raise NotAllowed("一批须是同一种公文。")
    if taken := [paper.title for paper in chosen if paper.batch_id or paper.decision_id or not paper.open]:
        raise NotAllowed(f"只有未送签、不属于其他批次的拟稿可以成批：{'、'.join(taken[:5])}。")
    return create_batch(title or chosen[0].title, chosen[0].kind, chosen, by=by)


@transactional
def create_batch(title: str, kind: str, rows: Sequence[Paper], *, by: By) -> PaperBatch:
    """Insert a batch and bind its papers to it. Raises NotAllowed, Conflict."""
    if not drafts.may_draft(by.actor):
        raise NotAllowed("成批公文由市局经办办理。")
    batch = PaperBatch(
        title=title,
        kind=kind,
        paper_ids=[paper.pk for paper in rows],
        prepared_by=by.actor.username,
        prepared_name=by.actor.name,
        prepared_at=by.now,
    )
    saved = records.insert(batch, by=by, verb=Verb.BATCH_CREATED)
    for paper in rows:
        if not Paper.objects(pk=paper.pk, batch_id=None).modify(set__batch_id=saved.pk, inc__version=1):
            raise Conflict(f"《{paper.title}》已属于另一批次，请刷新后重试。")
    return saved


def papers_of(batch: PaperBatch) -> list[Paper]:
    """Return the papers of a batch in list order."""
    current = {paper.pk: paper for paper in Paper.objects(pk__in=batch.paper_ids)}
    return [current[key] for key in batch.paper_ids if key in current]


def batch_figures(batch: PaperBatch) -> list[tuple[str, int]]:
    """Count the letters: all, issued, and the others by state."""
    rows = papers_of(batch)
    issued = [paper for paper in rows if paper.attachment_id]
    others = Counter(paper.get_state_display() for paper in rows if not paper.attachment_id)
    return [("共", len(rows)), ("已印发", len(issued)), *others.items()]


def preflight_batch(batch: PaperBatch, actor: Actor) -> RowResults:
    """Return each paper not issued yet with the reason it cannot be issued now, or ""; change nothing."""
    return [(paper, _issue_obstacle(paper, actor)) for paper in papers_of(batch) if not paper.attachment_id]


def _issue_obstacle(paper: Paper, actor: Actor) -> str:
    """Return why the actor cannot issue a paper now, or ""."""
    try:
        issuing.demand_issuable(paper, actor)
        rendering.demand_complete(paper, from_plain(paper.kind, paper.inputs))
    except PolicyError as refusal:
        return str(refusal)
    return ""


def submit_all(batch: PaperBatch, *, by: By) -> RowResults:
    """Submit every draft of a batch and return each paper with its refusal, or ""."""
    waiting = [paper for paper in papers_of(batch) if paper.open]
    return _apply_to_each(waiting, lambda paper: drafting.submit(paper, version=paper.version, by=by))


def sign_all(batch: PaperBatch, *, by: By) -> RowResults:
    """Sign every submitted paper of a batch and return each paper with its refusal, or ""."""
    waiting = [paper for paper in papers_of(batch) if paper.state == PaperState.SUBMITTED.value]
    return _apply_to_each(waiting, lambda paper: signing.sign(paper, by=by))


def issue_all(batch: PaperBatch, *, by: By) -> RowResults:
    """Issue every signed paper with its number in list order; a second call resumes an interrupted one."""
    if not drafts.may_draft(by.actor):
        raise NotAllowed("公文由市局经办编号印发。")
    waiting = [paper for paper in papers_of(batch) if paper.state == PaperState.SIGNED.value]
    if not waiting:
        raise NotAllowed("这一批没有已审签、待印发的公文。")

    _begin_issue(batch, len(waiting), by)
    results = issuing.issue_many(waiting, by=by)
    recovery.settle_batch(batch, now=by.now)
    return results


@transactional
def _begin_issue(batch: PaperBatch, count: int, by: By) -> None:
    PaperBatch.objects(pk=batch.pk).modify(set__issuing_by=by.actor.username, inc__version=1)
    audit.record(Verb.BATCH_ISSUED, by=by, subject=batch, reason=f"{count} 份")


def _apply_to_each(rows: Sequence[Paper], act: Any) -> RowResults:
    """Apply an act to each paper and return each paper with its refusal, or ""."""
    results = []
    for paper in rows:
        try:
            act(paper)
            results.append((paper, ""))
        except PolicyError as refusal:
            results.append((paper, str(refusal)))
    return results
