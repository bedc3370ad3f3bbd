"""What somebody must do now, by due date; the year's funnel; areas side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.policy import access, cultivation, deadlines, flow, listing
from app.policy.access import Actor
from app.policy.pack import Area
from app.policy.terms import DecisionState, ObjectionState, Role, Stage
from app.services import reports, rules, scope
from models.applications import Application
from models.decisions import Decision
from models.evaluators import Engagement, Evaluation
from models.listing import Objection
from models.reports import AnnualReport, Standard


@dataclass(frozen=True)
class Todo:
    """One line of the to-do list: how many, what, until when, by which article, and where."""

    text: str
    count: int
    resource: str
    query: dict[str, str]
    due: date | None = None
    late: bool = False
    article: int | None = None
    page: str = "index_view"


def todo(actor: Actor, now: datetime) -> list[Todo]:
    """Everything that waits for the actor, what is late first, then by due date."""
    lines = [
        line
        for make in (_stages, _decisions, _objections, _notices_over, _reports, _annual, _definitions)
        for line in make(actor, now)
    ]
    return sorted(lines, key=lambda line: (not line.late, line.due or date.max))


def _stages(actor: Actor, now: datetime) -> list[Todo]:
    waiting = cultivation.WAITING.get(actor.role, ())
    if not waiting:
        return []
    counts = _count(actor, now, {"decision_id": None, "year": now.year})
    lines = []
    for stage, text, key in waiting:
        if count := counts.get(stage.value, 0):
            due = deadlines.legal_date(rules.pack(), key, now.year) if key else None
            article = rules.pack().dates[key].article if key else _article(stage, actor.role)
            query = {"tab": stage.value}
            lines.append(
                Todo(text, count, "application", query, due, bool(due and now.date() > due), article)
            )
    return lines


def _article(stage: Stage, role: Role) -> int | None:
    offered = flow.offered(cultivation.STEPS, stage, role)
    return offered[0].article if offered else None


def _count(actor: Actor, now: datetime, conditions: dict[str, Any]) -> dict[str, int]:
    rows = scope.rows(actor, Application, now.date()).filter(**conditions)
    return {row["_id"]: row["n"] for row in rows.aggregate([{"$group": {"_id": "$stage", "n": {"$sum": 1}}}])}


def _decisions(actor: Actor, now: datetime) -> list[Todo]:
    if actor.role is not Role.CITY_LEAD:
        return []
    count = Decision.objects(state=DecisionState.PREPARED.value, prepared_by__ne=actor.username).count()
    return [Todo("审签审批单", count, "decision", {"tab": "prepared"})] if count else []


def _objections(actor: Actor, now: datetime) -> list[Todo]:
    if actor.role is not Role.CITY:
        return []
    count = Objection.objects(state=ObjectionState.OPEN.value).count()
    return [Todo("核查并办结异议", count, "objection", {"tab": "open"}, article=15)] if count else []


def _notices_over(actor: Actor, now: datetime) -> list[Todo]:
    if actor.role is not Role.CITY:
        return []
    ready = (
        Application.objects.at(Stage.PUBLIC_NOTICE)
        .filter(notice_last_day__lt=now.date(), decision_id=None)
        .count()
    )
    return (
        [Todo("公示期满，拟办列入名单", ready, "application", {"tab": "public_notice"}, article=15)]
        if ready
        else []
    )


def _reports(actor: Actor, now: datetime) -> list[Todo]:
    if actor.role is not Role.EVALUATOR:
        return []
    running = Engagement.objects.running(actor.evaluator_id, now.date()).filter(year=now.year)
    keys = {(one.unit_id, one.kind) for one in running}
    done = Evaluation.objects(evaluator_id=actor.evaluator_id, year=now.year, attachment_id__ne=None)
    owed = len(keys - {(one.unit_id, one.kind) for one in done})
    due = deadlines.legal_date(rules.pack(), "application", now.year)
    return [Todo("提交评价报告", owed, "engagement", {}, due, now.date() > due, 12)] if owed else []


def _annual(actor: Actor, now: datetime) -> list[Todo]:
    """Annual reports (第十八条): what is owed, and what waits for a check."""
    lines = []
    due = deadlines.legal_date(rules.pack(), "annual_report", now.year)
    if access.may(actor, "create", "annualreport") and (owed := len(reports.owing(now.year, now.date(), actor))):
        text, query = "报送年度动态管理表", {"only": "owing"}
        lines.append(Todo(text, owed, "annualreport", query, due, now.date() > due, 18, "owing_view"))
    rows = scope.rows(actor, AnnualReport, now.date())
    for stage, text in listing.REPORT_WAITING.get(actor.role, ()):
        if count := rows.filter(stage=stage.value, year=now.year).count():
            lines.append(Todo(text, count, "annualreport", {"tab": stage.value}, article=18))
    return lines


def _definitions(actor: Actor, now: datetime) -> list[Todo]:
    waiting = listing.STANDARD_WAITING.get(actor.role)
    if waiting is None:
        return []
    stage, text = waiting
    count = Standard.objects(stage=stage.value).count()
    return [Todo(text, count, "standard", {"tab": stage.value}, article=18)] if count else []


def funnel(actor: Actor, now: datetime) -> list[tuple[str, int]]:
    """申报 → 推荐 → 培育对象 → 拟入选 → 名单, of this year's applications in the actor's rows."""
    counts = _count(actor, now, {"year": now.year})
    return [
        (label, sum(counts.get(stage.value, 0) for stage in stages)) for label, stages in cultivation.FUNNEL
    ]


def by_area(actor: Actor, now: datetime) -> dict[str, int]:
    """This year's applications of each area in the actor's rows."""
    rows = scope.rows(actor, Application, now.date()).filter(year=now.year)
    return {row["_id"]: row["n"] for row in rows.aggregate([{"$group": {"_id": "$area", "n": {"$sum": 1}}}])}


def areas(actor: Actor) -> list[Area]:
    """The areas that the actor's figures are about: his own, or all."""
    every = rules.pack().areas
    return [area for area in every if actor.area in ("", area.code)]
