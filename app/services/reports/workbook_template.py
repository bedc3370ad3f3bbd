"""The workbook to fill in: a row for each unit that owes a report, with the stored values."""

from __future__ import annotations

from typing import Any

from app.exchange import report_template
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import Kind
from app.services.core import audit
from app.services.core.by import By
from app.services.reports import definitions, drafts, due
from app.services.reports.due import DueReport
from models.database import transact
from models.registry.units import Unit


def template_workbook(kind: str, year: int, *, by: By, unit_id: Any = None) -> bytes:
    """Build a workbook of the actor's units that owe a report of this kind, or of one unit, prefilled."""
    if kind not in {each.value for each in Kind}:
        raise NotAllowed("请选择类别。")
    drafts.demand_year(year)
    _, definition = definitions.definition_in_force(kind, year)
    owed = [
        due_report for due_report in due.expected_reports(year, by.today, by.actor) if due_report.kind == kind
    ]
    if unit_id is not None:
        owed = [due_report for due_report in owed if due_report.unit_id == unit_id]
    if not owed:
        raise NotAllowed(f"{year} 年度没有应填报的{Kind(kind).label}。")
    codes = {
        unit.pk: unit.credit_code
        for unit in Unit.objects(pk__in=[due_report.unit_id for due_report in owed]).only("credit_code")
    }
    transact(lambda: audit.record(Verb.EXPORT, by=by, reason=f"{year} 年度动态管理表模板（{len(owed)} 家）"))
    rows = [_line(due_report, codes.get(due_report.unit_id, "")) for due_report in owed]
    return report_template.template(definition, year, rows, created=by.now)


def _line(owed: DueReport, code: str) -> report_template.Line:
    report = owed.report
    if report is None:
        return report_template.Line(code, owed.unit_name)
    head = {name: getattr(report, name) for name in report_template.HEAD}
    return report_template.Line(
        code,
        owed.unit_name,
        head,
        report.cells,
        report.skipped,
        report.answers,
        [
            statement.to_mongo().to_dict() | {"changed_on": statement.changed_on}
            for statement in report.statements
        ],
    )
