"""Write the rows of a previewed workbook."""

from __future__ import annotations

from app.policy.flow import PolicyError
from app.policy.terms import RowOutcome
from app.services.core.by import By
from app.services.reports import drafts, filling
from app.services.reports.filling import Filing
from app.services.reports.import_plan import ImportPlan, PlannedRow
from models.database import transactional
from models.reports import AnnualReport


def commit_import(plan: ImportPlan, *, by: By) -> list[tuple[str, str, AnnualReport | None]]:
    """Write every row that passed; each by itself, its result beside it: unit, why not, report."""
    results: list[tuple[str, str, AnnualReport | None]] = []
    for row in plan.rows:
        if row.outcome not in (RowOutcome.NEW, RowOutcome.CHANGED) or row.filing is None:
            results.append((row.name, "；".join(row.problems) or "与现有内容相同，没有改动。", row.report))
            continue
        try:
            results.append((row.name, "", _write(row, plan, by)))
        except PolicyError as refusal:
            results.append((row.name, str(refusal), row.report))
    return results


@transactional
def _write(row: PlannedRow, plan: ImportPlan, by: By) -> AnnualReport:
    report = row.report or drafts.start_report(row.unit_id, plan.kind, plan.year, by=by)
    return filling.save_report(report, row.filing or Filing(), version=report.version, by=by)
