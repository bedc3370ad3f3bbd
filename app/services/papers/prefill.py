"""What the year's cases say already for papers that are drafted freely, so that nothing is typed twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from app.documents.kinds.review import ReviewLine
from app.documents.kinds.yearly import AreaLine
from app.policy.filing import cultivation, scoring
from app.policy.terms import Kind, Level, Stage
from app.services.core import rules
from app.services.reminders import ledger
from app.services.reports import due as reports_due
from models.filing.applications import Application
from models.lists import Listing
from models.papers import Paper


def known(kind: str, now: datetime) -> dict[str, Any]:
    """Inputs of a new draft that are taken from the cases of this year; {} for kinds that have none."""
    return _FROM_CASES[kind](now) if kind in _FROM_CASES else {}


def _review(now: datetime) -> dict[str, Any]:
    """评审会议纪要 (第十五条): who scored, and each unit's totals and result."""
    cases = Application.objects(review_year=now.year, scores__0__exists=True).order_by("kind", "unit_name")
    names = {score.name for case in cases for score in case.scores}
    return {"rows": tuple(_reviewed(case) for case in cases), "panel": tuple(sorted(names))}


def _reviewed(case: Application) -> ReviewLine:
    values = rules.values()
    totals = [(one.reviewer, one.total) for one in case.scores]
    compared = scoring.compare(totals, int(values["review_scores"]), values["review_difference"])
    first, second, third = [*(_plain(total) for _, total in totals), "", "", ""][:3]
    stage = Stage(case.stage)
    result = "拟入选" if stage in cultivation.SHORT else "评审中" if stage is Stage.REVIEW else "未入选"
    return ReviewLine(
        case.unit_name, Kind(case.kind).label, first, second, third, _plain(compared.final), result
    )


def _plain(total: Any) -> str:
    """86.50 as 86.5, 90.00 as 90."""
    return "" if total is None else f"{scoring.exact(total):.2f}".rstrip("0").rstrip(".")


def _owing(now: datetime) -> dict[str, Any]:
    """年度动态管理表填报通知 (第十八条): everybody who has to file this year."""
    return {"units": ledger.reporting_lines(reports_due.expected(now.year, now.date()))}


def _summary(now: datetime) -> dict[str, Any]:
    """年度总结统计表: each area's figures of the year."""
    start, end = date(now.year, 1, 1), date(now.year, 12, 31)
    municipal = Listing.objects(level=Level.MUNICIPAL.value)
    stages: dict[str, Counter[str]] = defaultdict(Counter)
    for area, stage in Application.objects(year=now.year).scalar("area", "stage"):
        stages[area][stage] += 1
    due = reports_due.expected(now.year, now.date())
    opinions = Paper.objects(kind="change_opinion", issued_on__gte=start, issued_on__lte=end).scalar("areas")
    by_area = {
        "listed": Counter(municipal.filter(year=now.year, revoked_on=None).scalar("area")),
        "in_force": Counter(municipal.filter(in_force=True).scalar("area")),
        "reports_due": Counter(one.area for one in due),
        "reports_filed": Counter(one.area for one in due if one.filed),
        "changed": Counter(area for areas in opinions for area in areas),
        "removed": Counter(municipal.filter(removed_on__gte=start, removed_on__lte=end).scalar("area")),
    }

    def line(code: str, name: str) -> AreaLine:
        came = cultivation.reached(stages[code])
        got = {"applied": came["filed"], "recommended": came["recommended"], "cultivated": came["cultivated"]}
        return AreaLine(name, **got, **{field: counts[code] for field, counts in by_area.items()})

    return {"rows": tuple(line(area.code, area.name) for area in rules.pack().areas)}


_FROM_CASES: dict[str, Callable[[datetime], dict[str, Any]]] = {
    "review_minutes": _review,
    "annual_call": _owing,
    "annual_summary": _summary,
}
