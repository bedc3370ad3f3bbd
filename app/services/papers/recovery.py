"""Recovery of papers and numbers that a crash left between numbering and issue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.policy.access import Actor
from app.policy.terms import NumberState, PaperState
from app.services.core.by import By
from app.services.papers import numbers
from app.services.papers.issuing import finish_papers
from models.accounts.people import User
from models.papers import Number, Paper, PaperBatch

ABANDONED_AFTER = timedelta(minutes=10)  # a number whose paper is gone waits this long before it is voided


def finish_interrupted(*, now: datetime) -> int:
    """Finish interrupted issues and void numbers that no paper will use; return how many."""
    return _finish_papers(now) + _void_orphans(now)


def _finish_papers(now: datetime) -> int:
    """Finish the papers marked as being issued, batches in list order; return how many."""
    ended = 0
    for batch in PaperBatch.objects(issuing_by__ne=None):
        waiting = Paper.objects(pk__in=batch.paper_ids, state=PaperState.SIGNED.value)
        ended += _finish_for(batch.issuing_by, _in_order(waiting, batch.paper_ids), now)
        settle_batch(batch, now=now)
    alone = Paper.objects(state=PaperState.SIGNED.value, decision_id=None, issuing_by__ne=None).order_by("id")
    for paper in alone:
        ended += _finish_for(paper.issuing_by, [paper], now)
    return ended


def _finish_for(username: str, begun: Sequence[Paper], now: datetime) -> int:
    """Finish papers in the name of their issuer; one that cannot be finished keeps its number."""
    issuer = User.objects(username=username).first()
    if issuer is None:
        return 0
    return len(begun) - len(finish_papers(begun, by=By(issuer.actor(source="job"), now)))


def _in_order(rows: Iterable[Paper], keys: Sequence[Any]) -> list[Paper]:
    return sorted(rows, key=lambda paper: keys.index(paper.pk))


def settle_batch(batch: PaperBatch, *, now: datetime) -> None:
    """Unmark a batch, and mark it as done when none of its papers waits to be issued.

    Refused papers and those signed later are issued by an official, not by recovery.
    """
    waiting = Paper.objects(pk__in=batch.paper_ids, state=PaperState.SIGNED.value).first()
    done = {} if waiting else {"set__issued_at": now}
    PaperBatch.objects(pk=batch.pk).modify(unset__issuing_by=1, inc__version=1, **done)


def _void_orphans(now: datetime) -> int:
    """Void reserved numbers whose paper was withdrawn; return how many."""
    reserved = Number.objects(
        state=NumberState.RESERVED.value, paper_id__ne=None, reserved_at__lt=now - ABANDONED_AFTER
    )
    ended = 0
    for number in reserved:
        paper = Paper.objects(pk=number.paper_id).first()
        if paper is None or paper.state == PaperState.DROPPED.value:
            numbers.void_number(number, "公文已撤稿，未使用", by=By(Actor.system("finish-papers"), now))
            ended += 1
    return ended
