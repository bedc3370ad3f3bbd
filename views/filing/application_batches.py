"""Batches of applications: the steps of the table, and the recheck of article 10."""

from typing import Any

from flask import flash, redirect, request, url_for

from app.policy.flow import Step
from app.services import filing
from app.services.core import decisions, workflow
from models.filing.applications import Application
from views import by
from views.filing import county_lists
from views.panel import step_inputs
from views.panel.batches import Batch, Verdicts


def of_step(step: Step) -> Batch:
    """Return the batch of a step: on the county's list, as one decision, or row by row."""
    if step.through:
        return Batch(run=county_lists.page)

    def judge(rows: list[Application]) -> Verdicts:
        verdicts = workflow.preflight(step.action, rows, by=by())
        return [(verdict.record, verdict.why) for verdict in verdicts]

    def advance(view: Any, rows: list[Application]) -> Any:
        return view.tell(f"办理结果：{step.label}", workflow.advance_many(rows, step.action, by=by()))

    def prepare(view: Any, rows: list[Application]) -> Any:
        given = step_inputs.posted_step(step.asks)
        decision = decisions.prepare(step.action, rows, reason=given.reason, details=given.details, by=by())
        flash(f"已拟办，待{step.approved_by.label}审签。", "success")
        return redirect(url_for("decision.details_view", id=decision.pk))

    return Batch(
        run=prepare if step.approved_by else advance,
        judge=judge,
        fields=step_inputs.inputs(step.asks),
        needs_reason=bool(step_inputs.reason_label(step.asks)),
    )


def _run_recheck(view: Any, rows: list[Application]) -> Any:
    rechecked = filing.recheck_grounds(rows, source=request.form.get("source", ""), by=by())
    return view.tell("办理结果：第十条当日复核", [(row, "") for row in rechecked])


RECHECK = Batch(
    run=_run_recheck,
    judge=lambda rows: [(row, "") for row in rows],
    fields=(
        {
            "name": "source",
            "label": "查询来源",
            "required": True,
            "help": "如：信用中国、国家企业信用信息公示系统；查询结果须仍为“无”。",
        },
    ),
)
