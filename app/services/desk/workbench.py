"""What somebody must do now, by due date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from mongoengine import QuerySet

from app.policy import access, deadlines
from app.policy.filing import cultivation
from app.policy.reports import steps
from app.policy.terms import (
    DecisionState,
    ExtensionState,
    ObjectionState,
    PaperState,
    ProposalState,
    ReportStage,
    Role,
    Stage,
    Term,
)
from app.services.core import rules, scope
from app.services.core.by import By
from app.services.reports import due as reports_due
from models.decisions import Decision
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.lists import Objection
from models.papers import Paper, Wording
from models.registry.evaluators import Engagement
from models.reports import AnnualReport, Standard
from models.settings.values import Proposal


@dataclass(frozen=True)
class Todo:
    """One line of the to-do list: how many, what, until when, by which article, and where."""

    text: str
    resource: str
    query: dict[str, str]
    due: date | None = None
    late: bool = False
    article: int | None = None
    page: str = "index_view"
    count: int = 0


# A line, and the rows that it counts, or how many they are.
Asked = Iterator[tuple[Todo, QuerySet | int]]


def todo(by: By) -> list[Todo]:
    """Everything that waits for the actor, what is late first, then by due date."""
    asks = (
        _stages,
        _decisions,
        _papers,
        _proposals,
        _objections,
        _notices_over,
        _reports,
        _annual,
        _extensions,
        _definitions,
    )
    asked = [one for ask in asks for one in ask(by)]
    counts = _counted([rows for _, rows in asked])
    lines = [replace(line, count=count) for (line, _), count in zip(asked, counts, strict=True) if count]
    return sorted(lines, key=lambda line: (not line.late, line.due or date.max))


def _counted(asked: list[QuerySet | int]) -> list[int]:
    """How many each is, by one command whatever the number of questions: every page shows the sum."""
    counts = [0 if isinstance(rows, QuerySet) else rows for rows in asked]
    parts = [
        (rows, [{"$match": rows._query}, {"$group": {"_id": {"$literal": number}, "n": {"$sum": 1}}}])
        for number, rows in enumerate(asked)
        if isinstance(rows, QuerySet)
    ]
    if parts:
        (first, pipeline), *others = parts
        united = [{"$unionWith": {"coll": rows._collection.name, "pipeline": part}} for rows, part in others]
        for found in first._collection.aggregate([*pipeline, *united]):
            counts[found["_id"]] = found["n"]
    return counts


def _stages(by: By) -> Asked:
    pack, rows = rules.pack(), scope.rows(by, Application)
    for waiting in cultivation.TABLE.waiting.get(by.actor.role, ()):
        stage, key = waiting.stage, waiting.legal_date
        due = deadlines.legal_date(pack, key, by.now.year) if key else None
        article = pack.dates[key].article if key else _article(stage, by.actor.role)
        late = bool(due and by.today > due)
        # What has a legal date belongs to its year; what has none waits however old it is.
        years, query = ({"year": by.now.year}, {}) if key else ({}, {"year": "all"})
        line = Todo(waiting.text, "application", {"tab": stage.value} | query, due, late, article)
        yield line, rows.filter(stage=stage.value, decision_id=None, **years)


def _article(stage: Term, role: Role) -> int | None:
    offered = cultivation.TABLE.offered(stage, role)
    return offered[0].article if offered else None


def _decisions(by: By) -> Asked:
    if by.actor.role is Role.CITY_LEAD:
        rows = Decision.objects(state=DecisionState.PREPARED.value, prepared_by__ne=by.actor.username)
        yield Todo("审签审批单", "decision", {"tab": "prepared"}), rows


def _papers(by: By) -> Asked:
    """Free-standing papers; those of a decision move with it."""
    if by.actor.role is Role.CITY_LEAD:
        rows = Paper.objects(
            state=PaperState.SUBMITTED.value, decision_id=None, drafted_by__ne=by.actor.username
        )
        yield Todo("审签公文", "paper", {"tab": PaperState.SUBMITTED.value}), rows
    if by.actor.role is Role.CITY:
        rows = Paper.objects(state=PaperState.SIGNED.value, decision_id=None)
        yield Todo("编号印发公文", "paper", {"tab": PaperState.SIGNED.value}), rows


def _proposals(by: By) -> Asked:
    """Wording, discretionary values and holidays that somebody else prepared."""
    for model, text in ((Wording, "审批公文用语和模板"), (Proposal, "审批酌定事项和节假日的修改")):
        resource = scope.resource_of(model)
        if access.may(by.actor, "approve", resource):
            rows = model.objects(state=ProposalState.PREPARED.value, prepared_by__ne=by.actor.username)
            yield Todo(text, resource, {"tab": ProposalState.PREPARED.value}), rows


def _objections(by: By) -> Asked:
    if by.actor.role is Role.CITY:
        rows = Objection.objects(state=ObjectionState.OPEN.value)
        yield Todo("核查并办结异议", "objection", {"tab": "open"}, article=15), rows
    if access.may(by.actor, "note", "objection"):
        asked, today = scope.rows(by, Objection).filter(asked_due__ne=None), by.today
        line = Todo("答复市局交办的异议核查", "objection", {"tab": "open"}, article=15)
        yield replace(line, late=True), asked.filter(asked_due__lt=today)
        yield line, asked.filter(asked_due__gte=today)


def _notices_over(by: By) -> Asked:
    if by.actor.role is Role.CITY:
        shown = Application.objects.at(Stage.PUBLIC_NOTICE)
        line = Todo("公示期满，拟办列入名单", "application", {"tab": "public_notice"}, article=15)
        yield line, shown.filter(notice_last_day__lt=by.today, decision_id=None)


def _reports(by: By) -> Asked:
    if by.actor.role is Role.EVALUATOR:
        running = Engagement.objects.running(by.actor.evaluator_id, by.today).filter(year=by.now.year)
        keys = set(running.scalar("unit_id", "kind"))
        done = Evaluation.objects(
            evaluator_id=by.actor.evaluator_id, year=by.now.year, attachment_id__ne=None
        )
        due = deadlines.legal_date(rules.pack(), "application", by.now.year)
        line = Todo("提交评价报告", "engagement", {}, due, by.today > due, 12)
        yield line, len(keys - set(done.scalar("unit_id", "kind")))


def _annual(by: By) -> Asked:
    """Annual reports (第十八条): what is owed, and what waits for a check."""
    if access.may(by.actor, "create", "annualreport"):
        due = deadlines.legal_date(rules.pack(), "annual_report", by.now.year)
        line = Todo(
            "报送年度动态管理表", "annualreport", {"only": "owing"}, due, by.today > due, 18, "owing_view"
        )
        yield line, len(reports_due.owing(by.now.year, by.today, by.actor))
    rows = scope.rows(by, AnnualReport)
    for waiting in steps.REPORT_TABLE.waiting.get(by.actor.role, ()):
        line = Todo(waiting.text, "annualreport", {"tab": waiting.stage.value}, article=18)
        yield line, rows.filter(stage=waiting.stage.value, year=by.now.year)


def _extensions(by: By) -> Asked:
    if by.actor.role is Role.CITY:
        rows = AnnualReport.objects.at(ReportStage.RETURNED).filter(
            extensions__state=ExtensionState.OPEN.value
        )
        line = Todo("答复延期补正申请", "annualreport", {"tab": "returned", "year": "all"}, article=18)
        yield line, rows


def _definitions(by: By) -> Asked:
    for waiting in steps.STANDARD_TABLE.waiting.get(by.actor.role, ()):
        line = Todo(waiting.text, "standard", {"tab": waiting.stage.value}, article=18)
        yield line, Standard.objects(stage=waiting.stage.value)
