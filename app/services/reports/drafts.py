"""Drafts of annual reports: started for a unit that owes one, discarded before filing."""

from __future__ import annotations

from typing import Any

from app.policy import access
from app.policy.flow import NotAllowed
from app.policy.terms import Kind, ReportStage
from app.services.core import records, scope
from app.services.core.by import By
from app.services.reports import definitions, due
from models.registry.units import Unit
from models.reports import AnnualReport


def demand_year(year: int) -> None:
    """Raise NotAllowed unless the number is a plausible year."""
    if not 2000 <= year <= 2999:
        raise NotAllowed("年度应为四位年份，如 2026。")


def start_report(unit_id: Any, kind: str, year: int, *, by: By) -> AnnualReport:
    """Create a draft for a unit that owes this report. Raises NotAllowed (scope, nothing owed), Invalid (twice)."""
    demand_year(year)
    unit = scope.find(by, Unit, unit_id)
    if unit is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    if not any(
        due_report.unit_id == unit.pk and due_report.kind == kind
        for due_report in due.expected_reports(year, by.today, by.actor)
    ):
        label = Kind(kind).label if kind in {each.value for each in Kind} else "该类别"
        raise NotAllowed(
            f"{unit.name}在 {year} 年截止日前没有已公布且在册的{label}条目，不需要填报（第十八条）。"
        )
    standard_id, _ = definitions.definition_in_force(kind, year)
    report = AnnualReport(
        unit_id=unit.pk,
        kind=kind,
        year=year,
        standard_id=standard_id,
        industry=unit.industries[0] if unit.industries else None,
    )
    return records.create(report, by=by)


def was_filed(report: AnnualReport) -> bool:
    return any(entry.action == "submit" for entry in report.trail)


def discard_draft(report: AnnualReport, *, version: int, by: By) -> None:
    """Delete a draft that was never filed."""
    if report.stage != ReportStage.DRAFT or was_filed(report):
        raise NotAllowed("只有从未报送的草稿可以删除。")
    if not access.may(by.actor, "create", "annualreport"):
        raise NotAllowed(f"{by.actor.role.label}不能删除草稿。")
    records.delete(report, version=version, by=by)
