"""Obligations: one function a rule yields those not fulfilled that have a reminder step today."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from app.policy import deadlines
from app.policy.reminders import Obligation
from app.policy.terms import Kind, ReportStage, Stage
from app.services import reports
from app.services.core import rules, scope
from models.filing.applications import Application
from models.lists import Listing
from models.reports import AnnualReport

HasStep = Callable[[date], bool]  # whether a due day has a step today: what has none is not even read
Source = Callable[[date, HasStep], Iterable[Obligation]]

LABELS = dict(Kind.choices())
_FIELDS = ("id", "unit_id", "unit_name", "area", "kind", "year")


def annual_reports(day: date, hit: HasStep) -> Iterable[Obligation]:
    """Yield every unit and kind in a list of any level whose report is not filed (第十八条)."""
    due = deadlines.legal_date(rules.pack(), "annual_report", day.year)
    if not hit(due):
        return
    # Area by area: what has been told need not stay in memory while the rest is read.
    for area in sorted(Listing.objects.distinct("area")):
        for due_report in reports.owing_reports(day.year, day, None, area):
            yield Obligation(
                "annual_report",
                str(due_report.unit_id),
                display_name(due_report.unit_name, due_report.kind),
                due_report.area,
                day.year,
                due,
                kind=due_report.kind,
                unit_id=due_report.unit_id,
                link=f"/admin/annualreport/details/?id={due_report.report.pk}"
                if due_report.report
                else "/admin/annualreport/",
            )


def applications(day: date, hit: HasStep) -> Iterable[Obligation]:
    """Yield drafts whose evaluation report is due on 04-30 (第十二条); steps may begin a year before."""
    for year in (day.year, day.year + 1):
        due = deadlines.legal_date(rules.pack(), "application", year)
        if hit(due):
            rows = Application.objects.at(Stage.DRAFT).filter(year=year).only(*_FIELDS)
            yield from (_obligation(row, "application", due) for row in rows.no_cache())


def county_lists(day: date, hit: HasStep) -> Iterable[Obligation]:
    """Yield areas with applications not recommended yet, due on 05-20 (第十三条)."""
    due = deadlines.legal_date(rules.pack(), "county", day.year)
    if not hit(due):
        return
    waiting = Application.objects.at(Stage.COUNTY_REVIEW).filter(year=day.year)
    names = {area.code: area.name for area in rules.pack().areas}
    counts = waiting.aggregate([{"$group": {"_id": "$area", "n": {"$sum": 1}}}, {"$sort": {"_id": 1}}])
    for row in counts:
        code = row["_id"]
        yield Obligation(
            "county_list",
            code,
            f"{names.get(code, code)}有{row['n']}件申报待推荐",
            code,
            day.year,
            due,
            link="/admin/application/?tab=county_review",
        )


def corrections(day: date, hit: HasStep) -> Iterable[Obligation]:
    """Yield applications returned for correction (第十三、十四条)."""
    yield from _returned(Application.objects.at(Stage.RETURNED), "correction", hit)


def report_corrections(day: date, hit: HasStep) -> Iterable[Obligation]:
    """Yield annual reports returned for correction (第十八条)."""
    yield from _returned(AnnualReport.objects.at(ReportStage.RETURNED), "report_correction", hit)


def _returned(rows: Any, rule: str, hit: HasStep) -> Iterable[Obligation]:
    """Yield returned records by the earliest due day of their corrections."""
    for row in rows.only(*_FIELDS, "corrections").no_cache():
        due = min((correction.due for correction in row.corrections), default=None)
        if due and hit(due):
            yield _obligation(row, rule, due)


def lapses(day: date, hit: HasStep) -> Iterable[Obligation]:
    """Yield cultivation objects whose three years end (第十四条)."""
    cultivated = Application.objects.at(Stage.CULTIVATED)
    ends = [_day(moment) for moment in cultivated.distinct("cultivation_ends") if moment]
    for due in filter(hit, ends):
        for row in cultivated.filter(cultivation_ends=due).only(*_FIELDS).no_cache():
            yield _obligation(row, "lapse", due, year=due.year)


SOURCES: dict[str, Source] = {
    "annual_report": annual_reports,
    "application": applications,
    "county_list": county_lists,
    "correction": corrections,
    "report_correction": report_corrections,
    "lapse": lapses,
}


def _obligation(row: Application | AnnualReport, rule: str, due: date, year: int | None = None) -> Obligation:
    return Obligation(
        rule,
        str(row.unit_id),
        display_name(row.unit_name, row.kind),
        row.area,
        year or row.year,
        due,
        kind=row.kind,
        unit_id=row.unit_id,
        link=f"/admin/{scope.resource_of(row)}/details/?id={row.pk}",
    )


def display_name(name: str, kind: str) -> str:
    """Return the unit's name with its obliged kind, as the ledger shows it."""
    return f"{name}（{LABELS.get(kind, kind)}）"


def _day(value: Any) -> date:
    return value.date() if hasattr(value, "date") else value
