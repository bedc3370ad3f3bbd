"""Scores of an application: the reviewers' totals (第十五条) and the label copied from its report."""

from __future__ import annotations

from decimal import Decimal

from app.policy.audit import Verb
from app.policy.filing import cultivation
from app.policy.flow import NotAllowed
from app.policy.terms import Stage
from app.services.core import records
from app.services.core.by import By
from models.database import transactional
from models.filing.applications import Application, Score
from models.filing.evaluations import Evaluation


@transactional
def score_application(
    application: Application, total: Decimal, remark: str, *, version: int, by: By
) -> Application:
    """Record the actor's own total (0–100) and remark; while in review a second replaces their first."""
    cultivation.TABLE.demand_act("score", Stage(application.stage), by.actor.role)
    if not Decimal(0) <= total <= Decimal(100):
        raise NotAllowed("评审得分应在 0 至 100 之间。")
    if not remark.strip():
        raise NotAllowed("请填写评审意见。")
    fresh = Application.objects.get(pk=application.pk)
    if fresh.version != version:
        raise records.stale(fresh)
    others = [score for score in fresh.scores if score.reviewer != by.actor.username]
    own = Score(reviewer=by.actor.username, name=by.actor.name, total=total, remark=remark, at=by.now)
    return records.write(fresh, {"scores": [*others, own]}, version=version, by=by, verb=Verb.SCORED)


def refresh_score(report: Evaluation) -> None:
    """Copy a report's score into the label of its application, inside the report's transaction."""
    application = Application.objects(unit_id=report.unit_id, kind=report.kind, year=report.year)
    application.update(set__score=report.score)
