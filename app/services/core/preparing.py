"""Preparing a decision: the rows that pass wait for it, its paper is drafted, the leads are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.policy import access
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Step
from app.services.core import messages, records, workflow
from app.services.core.by import By
from app.services.core.process import Process, StepInput, press_in_use, process_of
from app.services.core.workflow import Verdict
from models.database import transactional
from models.decisions import Decision, DecisionLine


def prepare(
    action: str,
    rows: Sequence[Any],
    *,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    by: By,
) -> Decision:
    """Prepare a decision on the rows that pass; the failing ones stay on it as refused, with why.

    Raises NotAllowed when no row passes or the step's questions are not answered.
    """
    if not rows:
        raise NotAllowed("没有选择记录，请先选择。")
    process = process_of(rows[0])
    step = process.table.step(action)
    if not step.taken_by(by.actor.role) or not access.may(by.actor, "create", "decision"):
        raise NotAllowed(
            f"“{step.label}”由市局经办拟办（细则第{step.article}条），{by.actor.role.label}不能拟办。"
        )
    StepInput(reason=reason).demand(step)
    checked = process.checked(action, details or {}, by=by)
    return _prepare(process, step, [row.pk for row in rows], reason, checked, by=by)


@transactional
def _prepare(
    process: Process, step: Step, keys: list[Any], reason: str, details: dict[str, Any], *, by: By
) -> Decision:
    fresh = sorted(process.model.objects(pk__in=keys), key=lambda row: keys.index(row.pk))
    verdicts = workflow.preflight(step.action, fresh, by=by)
    passing = [verdict.record for verdict in verdicts if not verdict.why]
    if not passing:
        raise NotAllowed(
            "所选记录都不能办理：" + "；".join(f"{verdict.record}：{verdict.why}" for verdict in verdicts[:5])
        )
    decision = _insert(process, step, verdicts, reason, details, by=by)
    for record in passing:
        _bind(record, decision)
    if step.papers:
        inputs = process.papers[step.action](decision, passing, by.now)
        decision.paper_id = press_in_use().draft(step.papers[0], inputs, decision, by=by)
        Decision.objects(pk=decision.pk).update(set__paper_id=decision.paper_id)
    messages.decision_prepared(decision, now=by.now)
    return decision


def _insert(
    process: Process,
    step: Step,
    verdicts: list[Verdict],
    reason: str,
    details: dict[str, Any],
    *,
    by: By,
) -> Decision:
    passing = [verdict.record for verdict in verdicts if not verdict.why]
    decision = Decision(
        number=_number(by.now),
        resource=process.resource,
        action=step.action,
        label=step.label,
        year=by.now.year,
        lines=[_line(verdict) for verdict in verdicts],
        areas=sorted({record.area for record in passing if hasattr(record, "area")}),
        unit_ids=[record.unit_id for record in passing if hasattr(record, "unit_id")],
        reason=reason,
        details=details,
        prepared_by=by.actor.username,
        prepared_name=by.actor.name,
        prepared_at=by.now,
    )
    return records.insert(decision, by=by, verb=Verb.DECISION_PREPARED)


def _line(verdict: Verdict) -> DecisionLine:
    return DecisionLine(
        record_id=verdict.record.pk,
        unit_id=getattr(verdict.record, "unit_id", None),
        label=str(verdict.record),
        area=getattr(verdict.record, "area", None),
        result="refused" if verdict.why else "",
        why=verdict.why,
    )


def _number(now: datetime) -> str:
    """Return the next number, “审批2026-0007”; of two at once the unique index refuses the slower one."""
    prefix = f"审批{now.year}-"
    last = Decision.objects(number__gte=prefix, number__lt=prefix + "~").order_by("-number").first()
    return f"{prefix}{int(last.number.removeprefix(prefix)) + 1 if last else 1:04d}"


def _bind(record: Any, decision: Decision) -> None:
    """Make a record wait for this decision; a second one at the same moment loses the race."""
    bound = (
        type(record)
        .objects(pk=record.pk, version=record.version, decision_id=None)
        .modify(set__decision_id=decision.pk, inc__version=1)
    )
    if bound is None:
        raise records.stale(record)
