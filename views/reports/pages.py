"""Pages around annual reports: who owes one, and every figure of those filed."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from markupsafe import Markup
from mongoengine import QuerySet

from app.policy import access, deadlines
from app.policy.access import Actor
from app.policy.reports import calculation, cell_values
from app.policy.terms import Kind, Level, ReportStage
from app.services import reports
from app.services.core import rules
from app.services.core.by import By
from models.reports import AnnualReport
from views.panel import detail, formats

MOST_FILE = 10 * 1024 * 1024
ONLY: dict[str, Callable[[reports.DueReport], bool]] = {
    "": lambda due_report: True,
    "owing": lambda due_report: not due_report.filed,
    "filed": lambda due_report: due_report.filed,
    "overdue": lambda due_report: due_report.overdue,
    "late": lambda due_report: due_report.late or due_report.overdue,
}
BY = (("area", "县（市、区）"), ("industry", "行业大类"), ("unit", "单位"), ("all", "合计"))


def _badge(text: str, colour: str) -> Markup:
    return Markup('<span class="badge badge-{}">{}</span>').format(colour, text)


# --- who owes ---------------------------------------------------------------------------------------------


def owing(view: Any, by: By) -> str:
    year = request.args.get("year", by.today.year, type=int)
    year = year if 2025 <= year <= 2100 else by.today.year
    area, kind = request.args.get("area", ""), request.args.get("kind", "")
    every = reports.expected_reports(year, by.today, by.actor)
    only = request.args.get("only", "")
    shown = [
        due_report
        for due_report in every
        if (not area or due_report.area == area)
        and (not kind or due_report.kind == kind)
        and ONLY.get(only, ONLY[""])(due_report)
    ]
    due = deadlines.legal_date(rules.pack(), "annual_report", year)
    return view.render(
        "ui/report_owing.html",
        title=f"{year} 年度应报清单",
        year=year,
        years=range(by.today.year + 1, 2024, -1),
        area=area,
        kind=kind,
        only=only,
        areas=formats.areas() if access.rows(by.actor, "annualreport") is access.Rows.ALL else [],
        kinds=Kind.choices(),
        due=due,
        days=(due - by.today).days,
        counts=[
            ("应报", len(every), ""),
            ("已报送", sum(due_report.filed for due_report in every), "ok"),
            ("未报送", sum(not due_report.filed for due_report in every), ""),
            ("逾期未报", sum(due_report.overdue for due_report in every), "late"),
            ("逾期报送", sum(due_report.late for due_report in every), "late"),
        ],
        rows=[_owed(view, due_report, by.actor) for due_report in shown],
        return_url=view.get_url(".index_view"),
        help_articles=detail.articles((18, 21)),
    )


def _owed(view: Any, due_report: reports.DueReport, actor: Actor) -> dict[str, Any]:
    report = due_report.report
    stage = ReportStage(report.stage) if report else None
    return {
        "owed": due_report,
        "kind": Kind(due_report.kind).label,
        "area": formats.area_name(due_report.area),
        "levels": "、".join(Level(level).label for level in due_report.levels),
        "url": view.get_url(".details_view", id=report.pk) if report else "",
        "unit_url": url_for("unit.details_view", id=due_report.unit_id),
        "state": stage.label if stage else "未填报",
        "badge": stage.badge if stage else "secondary",
        "may_start": reports.may_start_report(due_report, actor),
    }


# --- figures ----------------------------------------------------------------------------------------------


def figures(query: QuerySet) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of every figure of these reports; one column an indicator, whatever version asked it."""
    found = list(query)
    definition_of = reports.definitions_of(found)
    columns: dict[str, str] = {}
    for report in found:
        for indicator in definition_of(report).indicators:
            columns.setdefault(indicator.key, indicator.heading)
    headers = [
        "单位名称",
        "统一社会信用代码",
        "县（市、区）",
        "类别",
        "填报年度",
        "环节",
        "管理平台提交日期",
        *columns.values(),
    ]
    return headers, [_figure_row(report, definition_of(report), columns) for report in found]


def _figure_row(report: AnnualReport, definition: Any, columns: dict[str, str]) -> list[Any]:
    cells = {**report.cells, **calculation.figures(definition, report.cells)}
    derived = {indicator.key for indicator in definition.indicators if indicator.formula}
    shown = [
        cell_values.rounded(cells[key]) if key in derived and key in cells else cells.get(key)
        for key in columns
    ]
    head = [
        report.unit_name,
        report.credit_code,
        formats.area_name(report.area),
        Kind(report.kind).label,
        report.year,
        ReportStage(report.stage).label,
        report.submitted_on,
    ]
    skipped = set(report.skipped)
    return head + ["不涉及" if key in skipped else value for key, value in zip(columns, shown, strict=True)]
