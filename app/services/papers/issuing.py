"""Issuing of free papers: numbers in list order, then bytes and records a few papers at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.exchange.uploads import Examined
from app.policy.access import Actor
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import PaperState
from app.services.core import files
from app.services.core.by import By
from app.services.papers import drafts, finals, number_blocks, numbers, rendering, transitions
from app.services.papers.values import from_plain
from models.database import transact
from models.files import Attachment
from models.papers import Number, Paper

Refused = dict[Any, PolicyError]  # key of a paper → why it was not issued
CHUNK_SIZE = 10  # papers that one transaction issues: whoever waits for one of them waits for few


def issue(paper: Paper, *, reserved_id: Any = None, by: By) -> Paper:
    """Issue a signed paper; a repeated call uses the same number. Raises NotAllowed, Conflict."""
    if reserved_id:  # first: when the number has gone, the issuer picks another, not the recovery job
        demand_issuable(Paper.objects.get(pk=paper.pk), by.actor)
        number_blocks.assign_reserved(Number.objects.get(pk=reserved_id), paper)
    for refusal in _issue([paper], by=by).values():
        raise refusal
    return Paper.objects.get(pk=paper.pk)


def issue_many(papers_in_order: Sequence[Paper], *, by: By) -> list[tuple[Paper, str]]:
    """Issue signed papers with numbers in list order; return each with its refusal, or ""."""
    refused = _issue(papers_in_order, by=by)
    return [(paper, str(refused.get(paper.pk, ""))) for paper in papers_in_order]


def _issue(chosen: Sequence[Paper], *, by: By) -> Refused:
    """Mark all papers as being issued, reserve all numbers, then finish them chunk by chunk.

    After a crash the recovery job finishes them with the same numbers.
    """
    refused = _begin(chosen, by=by)
    begun = [paper for paper in chosen if paper.pk not in refused]
    return refused | finish_papers(begun, by=by)


def demand_issuable(paper: Paper, actor: Actor) -> None:
    """Raise NotAllowed when the actor may not issue this paper now."""
    if not drafts.may_draft(actor):
        raise NotAllowed("公文由市局经办编号印发。")
    if paper.decision_id:
        raise NotAllowed("这份公文随审批单一并印发。")
    if paper.state != PaperState.SIGNED.value:
        raise NotAllowed(f"公文{paper.get_state_display()}，审签之后才能编号印发。")


def _begin(chosen: Sequence[Paper], *, by: By) -> Refused:
    """Mark the papers as being issued, so that the recovery job may finish them; return those refused."""
    refused: Refused = {}
    for paper in reload_papers(chosen):
        try:
            demand_issuable(paper, by.actor)
            inputs = from_plain(paper.kind, paper.inputs)
            rendering.demand_complete(paper, inputs)
            rendering.demand_timely(inputs, by.today)
        except PolicyError as refusal:
            refused[paper.pk] = refusal
    keys = [paper.pk for paper in chosen if paper.pk not in refused]
    Paper.objects(pk__in=keys, state=PaperState.SIGNED.value).update(
        set__issuing_by=by.actor.username, inc__version=1
    )
    return refused


def reload_papers(rows: Sequence[Paper]) -> list[Paper]:
    """Return the papers as they are now, in the same order."""
    current = {paper.pk: paper for paper in Paper.objects(pk__in=[paper.pk for paper in rows])}
    return [current[paper.pk] for paper in rows]


def finish_papers(begun: Sequence[Paper], *, by: By) -> Refused:
    """Issue papers already marked as being issued; return those refused."""
    bare = [paper for paper in begun if paper.series and not paper.final_id]  # a finished file has its own
    held = numbers.reserve_numbers(bare, by.now.year, now=by.now)
    refused: Refused = {}
    for start in range(0, len(begun), CHUNK_SIZE):
        refused |= _finish_chunk(begun[start : start + CHUNK_SIZE], held, by=by)
    return refused


def _finish_chunk(chunk: Sequence[Paper], held: Mapping[Any, Number], *, by: By) -> Refused:
    """Issue a few papers in one transaction; when one is refused, try each alone."""
    refused: Refused = {}
    ready: list[_Ready] = []
    for paper in reload_papers(chunk):
        if paper.state != PaperState.SIGNED.value:
            continue  # the sweep, or another click, was faster
        try:
            ready.append(_ready(paper, held.get(paper.pk), by.now))
        except PolicyError as refusal:
            refused[paper.pk] = _abandon(paper, refusal)
    rendered = {item.paper.pk: item.content for item in ready if item.content is not None}
    stored = files.store_many(list(rendered.values()), by=by) if rendered else []
    attachments = dict(zip(rendered, stored, strict=True))

    def work() -> None:
        for item in ready:
            _write(item, attachments, by=by)

    try:
        transact(work)
        return refused
    except PolicyError as refusal:
        if len(ready) == 1:
            return refused | {ready[0].paper.pk: _abandon(ready[0].paper, refusal)}
    for item in ready:
        refused |= _finish_chunk([item.paper], held, by=by)
    return refused


@dataclass(frozen=True)
class _Ready:
    """A paper ready to be issued; no content when a finished file was uploaded."""

    paper: Paper
    inputs: Any
    number: Number | None
    content: tuple[Examined, bytes] | None


def _ready(paper: Paper, number: Number | None, now: datetime) -> _Ready:
    """Return a paper with its inputs, number and bytes. Raises NotAllowed."""
    inputs = from_plain(paper.kind, paper.inputs)
    rendering.demand_complete(paper, inputs)
    rendering.demand_timely(inputs, now.date())
    if paper.final_id:
        number = numbers.number_of(paper)
        _demand_final_valid(paper, Attachment.objects.get(pk=paper.final_id), number, now)
        return _Ready(paper, inputs, number, None)
    return _Ready(paper, inputs, number, rendering.render_with_meta(paper, inputs, number, now=now))


def _write(ready: _Ready, attachments: Mapping[Any, Attachment], *, by: By) -> None:
    """Record the issue of one paper unless another process has done so."""
    fresh = Paper.objects.get(pk=ready.paper.pk)
    if fresh.state == PaperState.SIGNED.value:
        attachment = attachments.get(fresh.pk) or Attachment.objects.get(pk=fresh.final_id)
        transitions.record_issue(fresh, ready.number, attachment, ready.inputs, by=by)


def _abandon(paper: Paper, refusal: PolicyError) -> PolicyError:
    """Unmark a paper that can never be issued as it is, so that it can be withdrawn; return the refusal."""
    if isinstance(refusal, NotAllowed):
        Paper.objects(pk=paper.pk, state=PaperState.SIGNED.value).modify(unset__issuing_by=1, inc__version=1)
    return refusal


def _demand_final_valid(paper: Paper, attachment: Attachment, number: Number | None, now: datetime) -> None:
    """Raise NotAllowed unless the finished file is still the one checked and its number still valid."""
    if paper.series and number is None:
        raise NotAllowed("定稿上的文号已作废，请撤稿后重新拟制。")
    if number is not None and number.year != now.year:
        raise NotAllowed(f"定稿上的{number.text}是{number.year}年的文号，请撤稿后重新拟制。")
    faults = finals.final_faults(paper, files.content(attachment), number.text if number else "")
    if faults:
        raise NotAllowed("定稿未通过检查：" + "；".join(faults[:12]) + "。请重新上传定稿。")
