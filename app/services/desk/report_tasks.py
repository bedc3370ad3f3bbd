"""Tasks about annual reports, their extensions and the indicator definitions (第十八条)."""

from __future__ import annotations

from app.policy import access, deadlines
from app.policy.reports import steps
from app.policy.terms import ExtensionState, ReportStage, Role
from app.services import reports
from app.services.core import rules, scope
from app.services.core.by import By
from app.services.desk.tasks import CountedTasks, Task
from models.reports import AnnualReport, Standard


def annual_report_tasks(by: By) -> CountedTasks:
    """Yield annual reports that the actor owes, and those that wait for a check."""
    if access.may(by.actor, "create", "annualreport"):
        yield _owed_reports(by)
    rows = scope.rows(by, AnnualReport)
    for waiting in steps.REPORT_TABLE.waiting.get(by.actor.role, ()):
        task = Task(waiting.text, "annualreport", {"tab": waiting.stage.value}, article=18)
        yield task, rows.filter(stage=waiting.stage.value, year=by.now.year)


def _owed_reports(by: By) -> tuple[Task, int]:
    due = deadlines.legal_date(rules.pack(), "annual_report", by.now.year)
    task = Task(
        "报送年度动态管理表", "annualreport", {"only": "owing"}, due, by.today > due, 18, "owing_view"
    )
    return task, len(reports.owing_reports(by.now.year, by.today, by.actor))


def extension_tasks(by: By) -> CountedTasks:
    """Yield returned reports whose request for more time is unanswered."""
    if by.actor.role is Role.CITY:
        requested = AnnualReport.objects.at(ReportStage.RETURNED).filter(
            extensions__state=ExtensionState.OPEN.value
        )
        yield (
            Task("答复延期补正申请", "annualreport", {"tab": "returned", "year": "all"}, article=18),
            requested,
        )


def definition_tasks(by: By) -> CountedTasks:
    """Yield indicator definitions that wait for the actor's role."""
    for waiting in steps.STANDARD_TABLE.waiting.get(by.actor.role, ()):
        task = Task(waiting.text, "standard", {"tab": waiting.stage.value}, article=18)
        yield task, Standard.objects(stage=waiting.stage.value)
