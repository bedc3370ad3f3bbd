"""Where the year stands, in the actor's rows: the funnel of applications, and the areas side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.policy.filing import cultivation
from app.policy.pack import Area
from app.services import reminders
from app.services.core import scope
from app.services.core.by import By
from app.services.reports import due as reports_due
from models.filing.applications import Application
from models.lists import Listing


@dataclass(frozen=True)
class AreaFigures:
    """One area's year: applications by how far they came, entries in force, annual reports (第十八条)."""

    area: Area
    reached: tuple[int, ...]  # one a row of the funnel
    listed: int
    due: int
    filed: int
    overdue: int


@dataclass(frozen=True)
class Figures:
    """The year of the actor's areas, and all of them together."""

    funnel: tuple[int, ...]
    areas: tuple[AreaFigures, ...]
    due: int
    filed: int
    overdue: int


def of_year(by: By) -> Figures:
    """The figures of this year: applications of the year, entries in force today, reports due this year."""
    stages = _stages(by)
    listed = _listed(by)
    expected = reports_due.expected(by.now.year, by.today, by.actor)
    areas = tuple(
        AreaFigures(
            one.area,
            _reached(stages[one.area.code]),
            listed.get(one.area.code, 0),
            one.due,
            one.filed,
            one.overdue,
        )
        for one in reminders.area_standings(expected, by.actor)
    )
    return Figures(
        _reached(sum(stages.values(), Counter())),
        areas,
        len(expected),
        sum(one.filed for one in expected),
        sum(one.overdue for one in expected),
    )


def _stages(by: By) -> dict[str, Counter[str]]:
    """This year's applications: area → stage → how many."""
    rows = scope.rows(by, Application).filter(year=by.now.year)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows.aggregate([{"$group": {"_id": {"area": "$area", "stage": "$stage"}, "n": {"$sum": 1}}}]):
        found[row["_id"]["area"]][row["_id"]["stage"]] = row["n"]
    return found


def _reached(counts: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(cultivation.reached(counts).values())


def _listed(by: By) -> dict[str, int]:
    rows = scope.rows(by, Listing).filter(in_force=True)
    return {row["_id"]: row["n"] for row in rows.aggregate([{"$group": {"_id": "$area", "n": {"$sum": 1}}}])}
