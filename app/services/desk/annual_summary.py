"""Inputs of the annual summary 年度总结统计表: each area's figures of the year."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from app.documents.kinds.yearly import AreaLine
from app.policy.filing import cultivation
from app.policy.terms import Level
from app.services import reports
from app.services.core import rules
from models.filing.applications import Application
from models.lists import Listing
from models.papers import Paper

Figures = dict[str, Counter[str]]  # field of AreaLine → area → count


def annual_summary_inputs(today: date) -> dict[str, Any]:
    """Return a row of figures for every area, in the official order."""
    counts = _application_figures(today.year) | _list_figures(today.year) | _report_figures(today)
    counts["changed"] = _changes(today.year)
    return {
        "rows": tuple(
            AreaLine(area.name, **{field: by_area[area.code] for field, by_area in counts.items()})
            for area in rules.pack().areas
        )
    }


def _application_figures(year: int) -> Figures:
    stages: dict[str, Counter[str]] = defaultdict(Counter)
    for area, stage in Application.objects(year=year).scalar("area", "stage"):
        stages[area][stage] += 1
    reached = {area: cultivation.funnel_counts(by_stage) for area, by_stage in stages.items()}
    columns = {"applied": "filed", "recommended": "recommended", "cultivated": "cultivated"}
    return {
        field: Counter({area: counts[step] for area, counts in reached.items()})
        for field, step in columns.items()
    }


def _list_figures(year: int) -> Figures:
    municipal = Listing.objects(level=Level.MUNICIPAL.value)
    removed = municipal.filter(removed_on__gte=date(year, 1, 1), removed_on__lte=date(year, 12, 31))
    return {
        "listed": Counter(municipal.filter(year=year, revoked_on=None).scalar("area")),
        "in_force": Counter(municipal.filter(in_force=True).scalar("area")),
        "removed": Counter(removed.scalar("area")),
    }


def _report_figures(today: date) -> Figures:
    due = reports.expected_reports(today.year, today)
    return {
        "reports_due": Counter(report.area for report in due),
        "reports_filed": Counter(report.area for report in due if report.filed),
    }


def _changes(year: int) -> Counter[str]:
    """Count the opinions on changes that were issued in this year."""
    opinions = Paper.objects(
        kind="change_opinion", issued_on__gte=date(year, 1, 1), issued_on__lte=date(year, 12, 31)
    )
    return Counter(area for areas in opinions.scalar("areas") for area in areas)
