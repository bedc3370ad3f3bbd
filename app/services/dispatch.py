"""Signing and issuing of papers that belong to no decision; what a crash leaves in between is ended by the sweep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.policy import access
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import NumberState, PaperState, Role
from app.services import drafting, files, messages, numbers, papers, records
from app.services.paper_values import thawed
from models.database import transact
from models.files import Attachment
from models.papers import Number, Paper, PaperBatch
from models.people import User

ABANDONED = timedelta(minutes=10)  # a number whose paper is gone waits this long before it is voided


def sign(paper: Paper, *, actor: Actor, now: datetime, seen: int | None = None) -> Paper:
    """The lead signs what he did not draft. Raises NotAllowed, Conflict."""

    def work() -> Paper:
        fresh = Paper.objects.get(pk=paper.pk)
        if why := why_not_sign(fresh, actor):
            raise NotAllowed(why)
        if seen is not None and fresh.version != seen:
            raise records.stale(fresh)
        papers.demand_complete(fresh, thawed(fresh.kind, fresh.inputs))
        signed = papers.sign(fresh, actor=actor, now=now)
        _tell(signed, "已审签，可以编号印发", now=now)
        return signed

    return transact(work)


def why_not_sign(paper: Paper, actor: Actor) -> str:
    """ "" or the sentence that says why this paper is not his to sign now."""
    if not access.may(actor, "approve", "paper") or catalogue.KINDS[paper.kind].signed_by is not actor.role:
        return f"公文由{Role.CITY_LEAD.label}审签，{actor.role.label}不能审签。"
    if actor.username == paper.drafted_by or actor.username in paper.editors:
        return "拟稿人不能审签自己拟制或修改的公文。"
    if paper.decision_id:
        return "这份公文随审批单一并审签。"
    if paper.state != PaperState.SUBMITTED.value:
        return f"公文{paper.get_state_display()}，不能审签。"
    return ""


def send_back(paper: Paper, answer: str, *, actor: Actor, now: datetime, seen: int | None = None) -> Paper:
    """The lead returns a draft with what is to be changed."""
    if not answer.strip():
        raise NotAllowed("退回须填写意见。")

    def work() -> Paper:
        fresh = Paper.objects.get(pk=paper.pk)
        if why := why_not_sign(fresh, actor):
            raise NotAllowed(why)
        version = fresh.version if seen is None else seen
        values = {"state": PaperState.DRAFTED.value}
        fresh = records.write(
            fresh, values, version=version, actor=actor, now=now, verb="退回拟稿", reason=answer
        )
        _tell(fresh, f"被退回：{answer}", now=now)
        return fresh

    return transact(work)


def issue(paper: Paper, *, kept: Any = None, actor: Actor, now: datetime) -> Paper:
    """Number, bytes and digest for a signed paper; safe to call again, the same number is used. Raises NotAllowed."""
    if kept:  # first: whose number has gone meanwhile chooses another, the sweep does not choose for him
        demand_issuable(Paper.objects.get(pk=paper.pk), actor)
        numbers.give(Number.objects.get(pk=kept), paper)
    _begin(paper, actor=actor)
    return _finish(Paper.objects.get(pk=paper.pk), actor=actor, now=now)


def issue_many(papers_in_order: Sequence[Paper], *, actor: Actor, now: datetime) -> list[tuple[Paper, str]]:
    """Issue signed papers with numbers in list order; each row's result beside it: "" or why not.

    First all are begun, then all numbers are reserved, then one is finished after the other: what a crash
    leaves, the sweep ends with the same numbers.
    """
    results: dict[Any, str] = {}
    for paper in papers_in_order:
        try:
            _begin(paper, actor=actor)
            results[paper.pk] = ""
        except PolicyError as refusal:
            results[paper.pk] = str(refusal)
    for paper, why in _finish_all(
        [one for one in papers_in_order if not results[one.pk]], actor=actor, now=now
    ):
        results[paper.pk] = why
    return [(paper, results[paper.pk]) for paper in papers_in_order]


def _finish_all(begun: Sequence[Paper], *, actor: Actor, now: datetime) -> Iterator[tuple[Paper, str]]:
    for paper in begun:
        if paper.series:
            numbers.reserve(paper, now.year, now=now)
    for paper in begun:
        try:
            _finish(Paper.objects.get(pk=paper.pk), actor=actor, now=now)
            yield paper, ""
        except PolicyError as refusal:
            yield paper, str(refusal)


def demand_issuable(paper: Paper, actor: Actor) -> None:
    """Raise NotAllowed when this paper is not the actor's to issue now."""
    if not drafting.may_draft(actor):
        raise NotAllowed("公文由市局经办编号印发。")
    if paper.decision_id:
        raise NotAllowed("这份公文随审批单一并印发。")
    if paper.state != PaperState.SIGNED.value:
        raise NotAllowed(f"公文{paper.get_state_display()}，审签之后才能编号印发。")


def _begin(paper: Paper, *, actor: Actor) -> None:
    """From here on the paper will be issued, by this call or by the sweep."""
    fresh = Paper.objects.get(pk=paper.pk)
    demand_issuable(fresh, actor)
    papers.demand_complete(fresh, thawed(fresh.kind, fresh.inputs))
    Paper.objects(pk=paper.pk, state=PaperState.SIGNED.value).modify(
        set__issuing_by=actor.username, inc__version=1
    )


def _finish(paper: Paper, *, actor: Actor, now: datetime) -> Paper:
    if paper.state != PaperState.SIGNED.value:
        return paper  # the sweep, or another click, was faster
    try:
        return _complete(paper, actor=actor, now=now)
    except NotAllowed:
        # As it is it will never be issued: its number may be voided and the draft withdrawn.
        Paper.objects(pk=paper.pk, state=PaperState.SIGNED.value).modify(unset__issuing_by=1, inc__version=1)
        raise


def _complete(paper: Paper, *, actor: Actor, now: datetime) -> Paper:
    inputs = thawed(paper.kind, paper.inputs)
    papers.demand_complete(paper, inputs)
    if paper.final_id:
        number = numbers.of(paper)
        attachment = Attachment.objects.get(pk=paper.final_id)
        _demand_current(paper, attachment, number, now)
    else:
        number, attachment, _ = papers.prepare(paper, inputs, actor=actor, now=now)

    def work() -> Paper:
        fresh = Paper.objects.get(pk=paper.pk)
        if fresh.state != PaperState.SIGNED.value:
            return fresh
        return papers.issue(fresh, number, attachment, inputs, actor=actor, now=now)

    return transact(work)


def _demand_current(paper: Paper, attachment: Attachment, number: Number | None, now: datetime) -> None:
    """The finished file is looked at again: its bytes are those that were checked and signed, its number is still ours."""
    if paper.series and number is None:
        raise NotAllowed("定稿上的文号已作废，请撤稿后重新拟制。")
    if number is not None and number.year != now.year:
        raise NotAllowed(f"定稿上的{number.text}是{number.year}年的文号，请撤稿后重新拟制。")
    faults = drafting.faults_of(paper, files.content(attachment), number.text if number else "")
    if faults:
        raise NotAllowed("定稿未通过检查：" + "；".join(faults[:12]) + "。请重新上传定稿。")


def _tell(paper: Paper, words: str, *, now: datetime) -> None:
    link = f"/admin/paper/details/?id={paper.pk}"
    messages.send(
        [paper.drafted_by],
        f"paper:{paper.pk}:{paper.version}",
        f"公文《{paper.title}》{words}。",
        link,
        now=now,
    )


# --- after a crash ----------------------------------------------------------------------------------


def sweep(*, now: datetime) -> int:
    """End what stopped between reserving a number and issuing, and void numbers that no paper will use."""
    return _finish_papers(now) + _void_orphans(now)


def _finish_papers(now: datetime) -> int:
    ended = 0
    for batch in PaperBatch.objects(issuing_by__ne=None):
        waiting = Paper.objects(pk__in=batch.paper_ids, state=PaperState.SIGNED.value)
        ended += _finish_for(batch.issuing_by, _in_order(waiting, batch.paper_ids), now)
        settle(batch, now=now)
    alone = Paper.objects(state=PaperState.SIGNED.value, decision_id=None, issuing_by__ne=None).order_by("id")
    for paper in alone:
        ended += _finish_for(paper.issuing_by, [paper], now)
    return ended


def _finish_for(username: str, begun: Sequence[Paper], now: datetime) -> int:
    """In the name of the one who began it; a paper that cannot be finished keeps its number, its page says why."""
    issuer = User.objects(username=username).first()
    if issuer is None:
        return 0
    return sum(not why for _, why in _finish_all(begun, actor=issuer.actor(source="job"), now=now))


def _in_order(rows: Iterable[Paper], keys: Sequence[Any]) -> list[Paper]:
    return sorted(rows, key=lambda paper: keys.index(paper.pk))


def settle(batch: PaperBatch, *, now: datetime) -> None:
    """Nothing is under way any more; a batch is done when nothing of it waits to be issued.

    What was refused, or is signed only later, goes out when somebody asks for it, not by the sweep.
    """
    waiting = Paper.objects(pk__in=batch.paper_ids, state=PaperState.SIGNED.value).first()
    done = {} if waiting else {"set__issued_at": now}
    PaperBatch.objects(pk=batch.pk).modify(unset__issuing_by=1, inc__version=1, **done)


def _void_orphans(now: datetime) -> int:
    reserved = Number.objects(
        state=NumberState.RESERVED.value, paper_id__ne=None, reserved_at__lt=now - ABANDONED
    )
    ended = 0
    for number in reserved:
        paper = Paper.objects(pk=number.paper_id).first()
        if paper is None or paper.state == PaperState.DROPPED.value:
            numbers.void(number, "公文已撤稿，未使用", actor=Actor.system("finish-papers"), now=now)
            ended += 1
    return ended
