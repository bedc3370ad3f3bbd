"""Inputs of the minutes of the review 评审会议纪要 (第十五条) from the year's scored applications."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.documents.kinds.review import ReviewLine
from app.policy.filing import cultivation, scoring
from app.policy.terms import Kind, Stage
from app.services.core import rules
from models.filing.applications import Application


def review_minutes_inputs(today: date) -> dict[str, Any]:
    """Return the reviewers of this year and each unit's scores and result."""
    applications = Application.objects(review_year=today.year, scores__0__exists=True)
    reviewers: set[str] = set()
    rows = []
    for application in applications.order_by("kind", "unit_name"):
        reviewers.update(score.name for score in application.scores)
        rows.append(_review_line(application))
    return {"rows": tuple(rows), "panel": tuple(sorted(reviewers))}


def _review_line(application: Application) -> ReviewLine:
    values = rules.values()
    totals = [(score.reviewer, score.total) for score in application.scores]
    compared = scoring.compare(totals, int(values["review_scores"]), values["review_difference"])
    first, second, third = [*(_plain_number(total) for _, total in totals), "", "", ""][:3]
    return ReviewLine(
        name=application.unit_name,
        kind_label=Kind(application.kind).label,
        first=first,
        second=second,
        third=third,
        total=_plain_number(compared.final),
        result=_result(Stage(application.stage)),
    )


def _result(stage: Stage) -> str:
    if stage in cultivation.SHORTLISTED_OR_LATER:
        return "拟入选"
    return "评审中" if stage is Stage.REVIEW else "未入选"


def _plain_number(total: Any) -> str:
    """Write 86.50 as 86.5 and 90.00 as 90."""
    return "" if total is None else f"{scoring.to_decimal(total):.2f}".rstrip("0").rstrip(".")
