"""Third-party institutions in the registry and the units that engage them (第十二条)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.policy.flow import NotAllowed
from app.services.core import records, scope
from app.services.core.by import By
from models.database import transactional
from models.filing.evaluations import Evaluation
from models.registry.evaluators import Engagement, Evaluator

# Filled in by the institution itself; its name and code are the bureau's to change.
SELF_FIELDS = (
    "address",
    "legal_person",
    "contacts",
    "staff_intermediate",
    "staff_senior",
    "qualifications",
    "services",
)
EVALUATOR_FIELDS = ("name", "credit_code", *SELF_FIELDS)


def register_evaluator(values: Mapping[str, Any], *, by: By) -> Evaluator:
    """Enter an institution in the registry."""
    return records.create(Evaluator(**values), by=by)


@transactional
def update_evaluator(evaluator: Evaluator, values: Mapping[str, Any], *, version: int, by: By) -> Evaluator:
    """Update an entry whose fields the caller has checked; a new name reaches its engagements and reports."""
    fresh = records.update(evaluator, values, version=version, by=by)
    if fresh.name != evaluator.name:
        _relabel(fresh)
    return fresh


def _relabel(evaluator: Evaluator) -> None:
    Engagement.objects(evaluator_id=evaluator.pk).update(set__evaluator_name=evaluator.name)
    for report in Evaluation.objects(evaluator_id=evaluator.pk):
        report.evaluator_name = evaluator.name
        report.clean()
        Evaluation.objects(pk=report.pk).update(
            set__evaluator_name=evaluator.name, set__search_text=report.search_text
        )


def engage_evaluator(values: Mapping[str, Any], *, by: By) -> Engagement:
    """Record that a unit has engaged an institution. Raises NotAllowed if the institution is under sanction."""
    evaluator = scope.find(by, Evaluator, values.get("evaluator_id"))
    if evaluator is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    if sanction := evaluator.sanction_on(by.today):
        raise NotAllowed(
            f"{evaluator.name}的评价报告不再采信（至{sanction.until}）：{sanction.facts}（第二十二条），不能选用。"
        )
    return records.create(Engagement(**{**values, "evaluator_name": evaluator.name}), by=by)
