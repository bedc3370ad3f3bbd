"""Figures of the year in the actor's rows: the funnel of applications, and the areas side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.policy.filing import cultivation
from app.policy.pack_tables import Area
from app.services import reminders, reports
from app.services.core import scope
from app.services.core.by import By
from models.filing.applications import Application
from models.lists import Listing


@dataclass(frozen=True)
class AreaFigures:
    """An area's year: applications by stage reached, entries in force, annual reports (第十八条)."""

    area: Area
    reached: tuple[int, ...]  # in the order of cultivation.FUNNEL
    listed: int
    due: int
    filed: int
    overdue: int


@dataclass(frozen=True)
class YearFigures:
    """The year of the actor's areas, one by one and in total."""

    funnel: tuple[int, ...]
    areas: tuple[AreaFigures, ...]
    due: int
    filed: int
    overdue: int


def year_figures(by: By) -> YearFigures:
    """Return this year's figures: applications of the year, entries in force today, reports due this year."""
    stages, listed = _stages(by), _listed(by)
    expected = reports.expected_reports(by.now.year, by.today, by.actor)
    areas = tuple(
        AreaFigures(
            standing.area,
            _reached(stages[standing.area.code]),
            listed.get(standing.area.code, 0),
            standing.due,
            standing.filed,
            standing.overdue,
        )
        for standing in reminders.area_standings(expected, by.actor)
    )
    return YearFigures(
        _reached(sum(stages.values(), Counter())),
        areas,
        len(expected),
        sum(report.filed for report in expected),
        sum(report.overdue for report in expected),
    )


def _stages(by: By) -> dict[str, Counter[str]]:
    """Count this year's applications: area → stage → number."""
    rows = scope.rows(by, Application).filter(year=by.now.year)
    pipeline = [{"$group": {"_id": {"area": "$area", "stage": "$stage"}, "n": {"$sum": 1}}}]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows.aggregate(pipeline):
        counts[row["_id"]["area"]][row["_id"]["stage"]] = row["n"]
    return counts


def _reached(counts: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(cultivation.funnel_counts(counts).values())


def _listed(by: By) -> dict[str, int]:
    rows = scope.rows(by, Listing).filter(in_force=True)
    return {row["_id"]: row["n"] for row in rows.aggregate([{"$group": {"_id": "$area", "n": {"$sum": 1}}}])}
