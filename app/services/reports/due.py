"""Who owes an annual report (第十八条): every unit and kind with an entry of any level, filed or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bson import ObjectId

from app.policy import access, deadlines
from app.policy.access import Actor
from app.policy.reports import duty, steps
from app.policy.terms import Level, ReportStage
from app.services.core import rules, scope
from app.services.core.by import By
from models.lists import Listing
from models.reports import AnnualReport

ENTRY_FIELDS = ("unit_id", "unit_name", "area", "kind", "level", "entered_on", "removed_on", "in_force")

Entry = dict[str, Any]
UnitAndKind = tuple[ObjectId, str]


@dataclass(frozen=True)
class DueReport:
    """A report due from a unit for a kind, with the levels of its list entries."""

    unit_id: ObjectId
    unit_name: str
    area: str
    kind: str
    levels: tuple[str, ...]
    due: date
    today: date
    report: AnnualReport | None

    @property
    def filed(self) -> bool:
        return self.report is not None and ReportStage(self.report.stage) in steps.FILED

    @property
    def late(self) -> bool:
        """Return whether the report reached the platform after the due day."""
        return self.report is not None and self.filed and duty.is_late(self.report.submitted_on, self.due)

    @property
    def overdue(self) -> bool:
        """Return whether the due day is over and nothing is filed; computed, never stored."""
        return not self.filed and self.today > self.due

    @property
    def declined(self) -> bool:
        return self.report is not None and self.report.stage == ReportStage.DECLINED

    @property
    def state(self) -> str:
        if self.report is None:
            return "未填报"
        return ReportStage(self.report.stage).label


def expected_reports(year: int, today: date, actor: Actor | None = None, area: str = "") -> list[DueReport]:
    """Return a report for each unit and kind that owes one, filed or not, within the actor's rows or an area.

    第十八条: an entry of any level that was published before 04-15 and is in force on that day.
    """
    due = deadlines.legal_date(rules.pack(), "annual_report", year)
    entries = _entries_owing(due, today, actor, area)
    unit_ids = [unit_id for unit_id, _ in entries]
    reports = {
        (report.unit_id, report.kind): report
        for report in AnnualReport.objects(year=year, unit_id__in=unit_ids)
    }
    return [
        _due_report(rows, due=due, today=today, report=reports.get(unit_and_kind))
        for unit_and_kind, rows in entries.items()
    ]


def _entries_owing(due: date, today: date, actor: Actor | None, area: str) -> dict[UnitAndKind, list[Entry]]:
    rows = Listing.objects if actor is None else scope.rows(By.on(actor, today), Listing)
    if area:
        rows = rows.filter(area=area)
    rows = rows.filter(entered_on__lt=due).order_by("area", "unit_name").only(*ENTRY_FIELDS)
    entries: dict[UnitAndKind, list[Entry]] = {}
    # As stored: a hundred thousand entries through the mapper take as long as reminding of them all.
    for entry in rows.as_pymongo():
        removed_on = entry["removed_on"].date() if entry.get("removed_on") else None
        if duty.owes_report(entry["entered_on"].date(), removed_on, entry["in_force"], due):
            entries.setdefault((entry["unit_id"], entry["kind"]), []).append(entry)
    return entries


def _due_report(entries: list[Entry], *, due: date, today: date, report: AnnualReport | None) -> DueReport:
    first, levels = entries[0], {entry["level"] for entry in entries}
    return DueReport(
        unit_id=first["unit_id"],
        unit_name=first["unit_name"],
        area=first["area"],
        kind=first["kind"],
        levels=tuple(level.value for level in Level if level.value in levels),
        due=due,
        today=today,
        report=report,
    )


def owing_reports(year: int, today: date, actor: Actor | None = None, area: str = "") -> list[DueReport]:
    """Return the expected reports not filed: never started, draft, returned or refused in writing."""
    return [due_report for due_report in expected_reports(year, today, actor, area) if not due_report.filed]


def may_start_report(owed: DueReport, actor: Actor) -> bool:
    """Return whether the actor may start this report: nobody has yet."""
    return owed.report is None and access.may(actor, "create", "annualreport")
