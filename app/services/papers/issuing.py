"""Signing and issuing of papers that belong to no decision; what a crash leaves in between is ended by the sweep."""

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


def issue(paper: Paper, *, kept: Any = None, by: By) -> Paper:
    """Number, bytes and digest for a signed paper; safe to call again, the same number is used. Raises NotAllowed."""
    if kept:  # first: whose number has gone meanwhile chooses another, the sweep does not choose for him
        demand_issuable(Paper.objects.get(pk=paper.pk), by.actor)
        number_blocks.assign_reserved(Number.objects.get(pk=kept), paper)
    for refusal in _issue([paper], by=by).values():
        raise refusal
    return Paper.objects.get(pk=paper.pk)


def issue_many(papers_in_order: Sequence[Paper], *, by: By) -> list[tuple[Paper, str]]:
    """Issue signed papers with numbers in list order; each row's result beside it: "" or why not."""
    refused = _issue(papers_in_order, by=by)
    return [(paper, str(refused.get(paper.pk, ""))) for paper in papers_in_order]


def _issue(chosen: Sequence[Paper], *, by: By) -> Refused:
    """First all are begun, then all numbers are reserved, then they are finished portion by portion.

    What a crash leaves, the sweep ends with the same numbers.
    """
    refused = _begin(chosen, actor=by.actor)
    begun = [paper for paper in chosen if paper.pk not in refused]
    return refused | finish_papers(begun, by=by)


def demand_issuable(paper: Paper, actor: Actor) -> None:
    """Raise NotAllowed when this paper is not the actor's to issue now."""
    if not drafts.may_draft(actor):
        raise NotAllowed("公文由市局经办编号印发。")
    if paper.decision_id:
        raise NotAllowed("这份公文随审批单一并印发。")
    if paper.state != PaperState.SIGNED.value:
        raise NotAllowed(f"公文{paper.get_state_display()}，审签之后才能编号印发。")


def _begin(chosen: Sequence[Paper], *, actor: Actor) -> Refused:
    """From here on these papers will be issued, by this call or by the sweep; those that may not be, with why."""
    refused: Refused = {}
    for paper in reload_papers(chosen):
        try:
            demand_issuable(paper, actor)
            rendering.demand_complete(paper, from_plain(paper.kind, paper.inputs))
        except PolicyError as refusal:
            refused[paper.pk] = refusal
    keys = [paper.pk for paper in chosen if paper.pk not in refused]
    Paper.objects(pk__in=keys, state=PaperState.SIGNED.value).update(
        set__issuing_by=actor.username, inc__version=1
    )
    return refused


def reload_papers(rows: Sequence[Paper]) -> list[Paper]:
    """The papers as they are now, in the same order."""
    found = {paper.pk: paper for paper in Paper.objects(pk__in=[paper.pk for paper in rows])}
    return [found[paper.pk] for paper in rows]


def finish_papers(begun: Sequence[Paper], *, by: By) -> Refused:
    bare = [paper for paper in begun if paper.series and not paper.final_id]  # a finished file has its own
    held = numbers.reserve_numbers(bare, by.now.year, now=by.now)
    refused: Refused = {}
    for start in range(0, len(begun), CHUNK_SIZE):
        refused |= _finish_chunk(begun[start : start + CHUNK_SIZE], held, by=by)
    return refused


def _finish_chunk(portion: Sequence[Paper], held: Mapping[Any, Number], *, by: By) -> Refused:
    """Bytes and records of a few papers; where one cannot be issued, each of them is tried by itself."""
    refused: Refused = {}
    ready: list[_Ready] = []
    for paper in reload_papers(portion):
        if paper.state != PaperState.SIGNED.value:
            continue  # the sweep, or another click, was faster
        try:
            ready.append(_ready(paper, held.get(paper.pk), by.now))
        except PolicyError as refusal:
            refused[paper.pk] = _abandon(paper, refusal)
    made = {one.paper.pk: one.content for one in ready if one.content is not None}
    stored = files.store_many(list(made.values()), by=by) if made else []
    given = dict(zip(made, stored, strict=True))

    def work() -> None:
        for one in ready:
            _write(one, given, by=by)

    try:
        transact(work)
        return refused
    except PolicyError as refusal:
        if len(ready) == 1:
            return refused | {ready[0].paper.pk: _abandon(ready[0].paper, refusal)}
    for one in ready:
        refused |= _finish_chunk([one.paper], held, by=by)
    return refused


@dataclass(frozen=True)
class _Ready:
    """A paper with all that its record will say; no content where a finished file was uploaded."""

    paper: Paper
    inputs: Any
    number: Number | None
    content: tuple[Examined, bytes] | None


def _ready(paper: Paper, number: Number | None, now: datetime) -> _Ready:
    inputs = from_plain(paper.kind, paper.inputs)
    rendering.demand_complete(paper, inputs)
    if paper.final_id:
        number = numbers.number_of(paper)
        _demand_final_valid(paper, Attachment.objects.get(pk=paper.final_id), number, now)
        return _Ready(paper, inputs, number, None)
    return _Ready(paper, inputs, number, rendering.render_with_meta(paper, inputs, number, now=now))


def _write(one: _Ready, given: Mapping[Any, Attachment], *, by: By) -> None:
    fresh = Paper.objects.get(pk=one.paper.pk)
    if fresh.state == PaperState.SIGNED.value:
        attachment = given.get(fresh.pk) or Attachment.objects.get(pk=fresh.final_id)
        transitions.record_issue(fresh, one.number, attachment, one.inputs, by=by)


def _abandon(paper: Paper, refusal: PolicyError) -> PolicyError:
    """As it is it will never be issued: its number may be voided and the draft withdrawn."""
    if isinstance(refusal, NotAllowed):
        Paper.objects(pk=paper.pk, state=PaperState.SIGNED.value).modify(unset__issuing_by=1, inc__version=1)
    return refusal


def _demand_final_valid(paper: Paper, attachment: Attachment, number: Number | None, now: datetime) -> None:
    """The finished file is looked at again: its bytes are those that were checked and signed, its number is still ours."""
    if paper.series and number is None:
        raise NotAllowed("定稿上的文号已作废，请撤稿后重新拟制。")
    if number is not None and number.year != now.year:
        raise NotAllowed(f"定稿上的{number.text}是{number.year}年的文号，请撤稿后重新拟制。")
    faults = finals.final_faults(paper, files.content(attachment), number.text if number else "")
    if faults:
        raise NotAllowed("定稿未通过检查：" + "；".join(faults[:12]) + "。请重新上传定稿。")
