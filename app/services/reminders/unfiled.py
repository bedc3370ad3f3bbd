"""Annual reports not filed yet, with their reminders, and the letter to the areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.documents.kinds.yearly import AnnualReminderInputs, ReportingLine
from app.policy import deadlines
from app.policy.access import Actor
from app.policy.flow import NotAllowed
from app.policy.pack_tables import Area
from app.policy.reminders import DeliveryState
from app.policy.terms import Kind, Level, Role
from app.services import papers, reports
from app.services.core import rules
from app.services.core.by import By
from app.services.reminders.annex import ANNUAL_REPORT
from models.papers import Paper
from models.reminders.entries import ReminderEntry


@dataclass(frozen=True)
class AreaStanding:
    """Counts of one area's annual reports of a year."""

    area: Area
    due: int
    filed: int
    late: int
    overdue: int

    @property
    def open(self) -> int:
        return self.due - self.filed


@dataclass(frozen=True)
class UnfiledReport:
    """A report not filed, with its reminders and notes."""

    owed: reports.DueReport
    reminded: int
    last_at: datetime | None
    reached: bool
    notes: int


def area_standings(expected: Iterable[reports.DueReport], actor: Actor) -> list[AreaStanding]:
    """Return the counts of each area of the actor in the official order."""
    by_area: dict[str, list[reports.DueReport]] = defaultdict(list)
    for report in expected:
        by_area[report.area].append(report)
    return [
        AreaStanding(
            area,
            len(rows := by_area.get(area.code, [])),
            sum(report.filed for report in rows),
            sum(report.late for report in rows),
            sum(report.overdue for report in rows),
        )
        for area in rules.pack().areas
        if actor.area in ("", area.code)
    ]


def unfiled_reports(expected: Iterable[reports.DueReport], year: int) -> list[UnfiledReport]:
    """Return every report not filed, with the number, date and success of its reminders."""
    unfiled = [report for report in expected if not report.filed]
    entries_of: dict[tuple[Any, str], list[ReminderEntry]] = defaultdict(list)
    rows = ReminderEntry.objects(
        rule=ANNUAL_REPORT,
        year=year,
        recipient_role=Role.UNIT.value,
        unit_id__in=[report.unit_id for report in unfiled],
    )
    for entry in rows.only("unit_id", "kind", "at", "state", "notes"):
        entries_of[entry.unit_id, entry.kind].append(entry)
    return [_unfiled_report(report, entries_of[report.unit_id, report.kind]) for report in unfiled]


def _unfiled_report(owed: reports.DueReport, entries: Sequence[ReminderEntry]) -> UnfiledReport:
    return UnfiledReport(
        owed,
        len(entries),
        max((entry.at for entry in entries), default=None),
        any(entry.state == DeliveryState.SENT.value for entry in entries),
        sum(len(entry.notes) for entry in entries),
    )


def draft_letter(year: int, *, by: By) -> Paper:
    """Draft the 催报通知 to the areas with every unit that has not filed. Raises NotAllowed."""
    owed = reports.owing_reports(year, by.today, by.actor)
    if not owed:
        raise NotAllowed(f"{year}年度动态管理表已全部填报，不需要催报。")
    areas = [area.code for area in rules.pack().areas if area.code in {report.area for report in owed}]
    inputs = letter_inputs(year, owed, now=by.now)
    return papers.compose("annual_reminder", inputs, areas=areas, by=by)


def letter_inputs(year: int, owed: Iterable[reports.DueReport], *, now: datetime) -> AnnualReminderInputs:
    """Return the inputs of the letter, one line a unit and kind."""
    given = papers.default_inputs("annual_reminder", now) | {
        "year": year,
        "due": deadlines.legal_date(rules.pack(), ANNUAL_REPORT, year),
        "units": reporting_lines(owed),
    }
    return AnnualReminderInputs(**given)


def annual_call_inputs(today: date) -> dict[str, Any]:
    """Return the units that have to file this year, for the call 年度动态管理表填报通知."""
    return {"units": reporting_lines(reports.expected_reports(today.year, today))}


def reporting_lines(owed: Iterable[reports.DueReport]) -> tuple[ReportingLine, ...]:
    """Return one line a unit and kind, area by area, with every level of its list entries."""
    pack = rules.pack()
    return tuple(
        ReportingLine(
            report.unit_name,
            "、".join(Level(level).label for level in report.levels),
            Kind(report.kind).label,
            pack.area(report.area).name,
        )
        for report in sorted(
            owed, key=lambda report: (pack.order(report.area), report.unit_name, report.kind)
        )
    )
