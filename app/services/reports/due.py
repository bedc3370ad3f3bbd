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


@dataclass(frozen=True)
class DueReport:
    """One report that is due: of a unit and kind, whatever the levels of its entries."""

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
        """Filed, but on the platform only after the due day."""
        return self.report is not None and self.filed and duty.is_late(self.report.submitted_on, self.due)

    @property
    def overdue(self) -> bool:
        """Not filed although the due day is over; computed, never stored."""
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
    """Every unit + kind that owes a report of this year, filed or not; within the actor's rows or an area where given.

    第十八条: an entry of any level that was published before 04-15 and is in force on that day.
    """
    due = deadlines.legal_date(rules.pack(), "annual_report", year)
    entries: dict[tuple[ObjectId, str], list[dict[str, Any]]] = {}
    rows = Listing.objects if actor is None else scope.rows(By.on(actor, today), Listing)
    rows = (
        rows.filter(entered_on__lt=due, **({"area": area} if area else {}))
        .order_by("area", "unit_name")
        .only(*ENTRY_FIELDS)
    )
    # As stored: a hundred thousand entries through the mapper take as long as reminding of them all.
    for entry in rows.as_pymongo():
        removed_on = entry["removed_on"].date() if entry.get("removed_on") else None
        if duty.owes_report(entry["entered_on"].date(), removed_on, entry["in_force"], due):
            entries.setdefault((entry["unit_id"], entry["kind"]), []).append(entry)
    reports = {
        (one.unit_id, one.kind): one
        for one in AnnualReport.objects(year=year, unit_id__in=[k[0] for k in entries])
    }
    return [
        DueReport(
            unit_id=key[0],
            unit_name=held[0]["unit_name"],
            area=held[0]["area"],
            kind=key[1],
            levels=tuple(level.value for level in Level if level.value in {one["level"] for one in held}),
            due=due,
            today=today,
            report=reports.get(key),
        )
        for key, held in entries.items()
    ]


def owing_reports(year: int, today: date, actor: Actor | None = None, area: str = "") -> list[DueReport]:
    """Those of `expected` that have not been filed: never begun, still a draft, returned, or refused in writing."""
    return [one for one in expected_reports(year, today, actor, area) if not one.filed]


def may_start_report(owed: DueReport, actor: Actor) -> bool:
    """Whether the actor may begin this report: nobody has yet."""
    return owed.report is None and access.may(actor, "create", "annualreport")
