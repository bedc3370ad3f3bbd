"""Carrying out an approved decision: number and bytes first, then paper, stages and effects in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import DecisionState, Role
from app.services.core import messages, records, rules, workflow
from app.services.core.by import By
from app.services.core.process import Process, press_in_use, process_named
from app.services.core.workflow import Verdict
from models.database import transactional
from models.decisions import Decision

ATTEMPTS = 5  # rounds of judging again before the sweep is left to finish


class RowsChanged(Exception):
    """Answer of a row's guards that changed between judging and writing: judge again."""


@dataclass(frozen=True)
class Prepared:
    """Paper of a decision with its inputs and its prepared rendering."""

    paper: Any
    inputs: Any
    by_press: Any


def carry_out(decision: Decision, *, by: By) -> Decision:
    """Carry out an approved decision. Safe to repeat: finished rows stay, a reserved number is used again."""
    for _ in range(ATTEMPTS):
        decision = Decision.objects.get(pk=decision.pk)
        if decision.state != DecisionState.APPROVED.value:
            return decision  # the sweep, or the web process, was faster
        try:
            return _attempt(decision, _judge_again(decision, by.now), by=by)
        except (RowsChanged, Conflict):
            continue
    raise Conflict("办理中数据多次被他人改动，未能一次办完；系统将在一分钟内自动续办，请稍后查看。")


def _judge_again(decision: Decision, now: datetime) -> list[Verdict]:
    process = process_named(decision.resource)
    waiting = [line.record_id for line in decision.lines if not line.result]
    rows = process.model.objects(pk__in=waiting, decision_id=decision.pk)
    ordered = sorted(rows, key=lambda row: waiting.index(row.pk))
    moment = rules.moment(now)
    return [workflow.judge(record, decision.action, Role.CITY, moment, approved=True) for record in ordered]


def details_today(decision: Decision, *, by: By) -> dict[str, Any]:
    """Return the inputs of a decision as they are to be carried out today. Raises NotAllowed when they cannot be."""
    return process_named(decision.resource).checked(decision.action, decision.details, by=by)


def _attempt(decision: Decision, verdicts: Sequence[Verdict], *, by: By) -> Decision:
    process, press = process_named(decision.resource), press_in_use()
    try:
        decision.details = details_today(decision, by=by)
    except NotAllowed as refusal:  # approved in time, carried out after a crash on a later day
        verdicts = [Verdict(verdict.record, verdict.why or str(refusal)) for verdict in verdicts]
    passing = [verdict.record for verdict in verdicts if not verdict.why]
    paper = press.paper_of(decision)
    if paper is None or not passing:
        return _finish(process, decision, verdicts, None, by=by)
    inputs = process.papers[decision.action](decision, passing, by.now)
    prepared = Prepared(paper, inputs, press.prepare(paper, inputs, by=by))
    return _finish(process, decision, verdicts, prepared, by=by)


@transactional
def _finish(
    process: Process,
    decision: Decision,
    verdicts: Sequence[Verdict],
    prepared: Prepared | None,
    *,
    by: By,
) -> Decision:
    """Issue the paper, move the rows and close the decision. Raises RowsChanged when rows must be judged again."""
    paper = _settle_paper(decision, prepared, by=by)
    fresh = Decision.objects.get(pk=decision.pk)
    if fresh.state != DecisionState.APPROVED.value:
        raise records.stale(fresh)
    fresh.details = decision.details
    details = {**fresh.details, "paper_id": paper.pk if paper is not None else None}
    if prepared is not None and (carry := process.carried.get(fresh.action)):
        passing = [verdict.record for verdict in verdicts if not verdict.why]
        details |= carry(paper, prepared.inputs, passing, by)
    moment = rules.moment(by.now)
    for verdict in verdicts:
        line = fresh.line(verdict.record.pk)
        if verdict.why:
            line.result, line.why = "refused", verdict.why
            _release(verdict.record, fresh)
            continue
        try:
            workflow.take_approved(verdict.record, fresh, details, moment, by=by)
        except NotAllowed as refusal:
            raise RowsChanged(str(refusal)) from refusal
        line.result = "done"
    values = {"state": DecisionState.DONE.value, "lines": fresh.lines}
    done = records.write(fresh, values, version=fresh.version, by=by, verb=Verb.DECISION_DONE)
    messages.decision_settled(done, "批准", now=by.now)
    return done


def _settle_paper(decision: Decision, prepared: Prepared | None, *, by: By) -> Any:
    """Issue the prepared paper and return it, or drop the draft that no row is left for."""
    press = press_in_use()
    if prepared is not None:
        return press.issue(prepared.paper, prepared.by_press, prepared.inputs, by=by)
    if (unused := press.paper_of(decision)) is not None:
        press.drop(unused, "审签时没有可办理的对象", by=by)
    return unused


def _release(record: Any, decision: Decision) -> None:
    rows = type(record).objects(pk=record.pk, decision_id=decision.pk)
    rows.update(unset__decision_id=1, inc__version=1)
