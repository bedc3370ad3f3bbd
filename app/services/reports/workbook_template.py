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
    if kind not in {one.value for one in Kind}:
        raise NotAllowed("请选择类别。")
    drafts.demand_year(year)
    _, definition = definitions.definition_in_force(kind, year)
    owed = [one for one in due.expected_reports(year, by.today, by.actor) if one.kind == kind]
    if unit_id is not None:
        owed = [one for one in owed if one.unit_id == unit_id]
    if not owed:
        raise NotAllowed(f"{year} 年度没有应填报的{Kind(kind).label}。")
    codes = {
        one.pk: one.credit_code
        for one in Unit.objects(pk__in=[one.unit_id for one in owed]).only("credit_code")
    }
    transact(lambda: audit.record(Verb.EXPORT, by=by, reason=f"{year} 年度动态管理表模板（{len(owed)} 家）"))
    rows = [_line(one, codes.get(one.unit_id, "")) for one in owed]
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
        [one.to_mongo().to_dict() | {"changed_on": one.changed_on} for one in report.statements],
    )
