"""Pages around annual reports: what is owed, the detail's tables, doubts, batches, workbooks, trends."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from markupsafe import Markup
from mongoengine import QuerySet

from app import clock
from app.exchange.errors import ExchangeError
from app.exchange.uploads import examine
from app.policy import access, deadlines, industries, reporting
from app.policy.access import Actor
from app.policy.flow import PolicyError
from app.policy.terms import FileState, Kind, Level, ReportStage, RowOutcome
from app.services import files, indicators, reports, reports_excel, reports_trend, rules
from app.services.reports import Owed
from models.reports import AnnualReport
from views import acting, detail, formats
from views.fields import object_id

MOST_FILE = 10 * 1024 * 1024
MOST_CHANGES = 12  # shown of one unit in a preview
ONLY: dict[str, Callable[[Owed], bool]] = {
    "": lambda one: True,
    "owing": lambda one: not one.filed,
    "late": lambda one: one.late or one.overdue,
}
BY = (("area", "县（市、区）"), ("industry", "行业大类"), ("unit", "单位"), ("all", "合计"))


def _badge(text: str, colour: str) -> Markup:
    return Markup('<span class="badge badge-{}">{}</span>').format(colour, text)


# --- who owes ---------------------------------------------------------------------------------------------


def owing(view: Any, actor: Actor, today: Any) -> str:
    year = request.args.get("year", today.year, type=int)
    year = year if 2025 <= year <= 2100 else today.year
    area, kind = request.args.get("area", ""), request.args.get("kind", "")
    every = reports.expected(year, today, actor)
    only = request.args.get("only", "")
    shown = [
        one for one in every
        if (not area or one.area == area) and (not kind or one.kind == kind) and ONLY.get(only, ONLY[""])(one)
    ]  # fmt: skip
    due = deadlines.legal_date(rules.pack(), "annual_report", year)
    return view.render(
        "ui/report_owing.html",
        title=f"{year} 年度应报清单",
        year=year,
        years=range(today.year + 1, 2024, -1),
        area=area,
        kind=kind,
        only=only,
        areas=formats.areas() if access.rows(actor, "annualreport") is access.Rows.ALL else [],
        kinds=Kind.choices(),
        due=due,
        days=(due - today).days,
        counts=[
            ("应报", len(every), ""),
            ("已报送", sum(one.filed for one in every), "ok"),
            ("未报送", sum(not one.filed for one in every), ""),
            ("逾期未报", sum(one.overdue for one in every), "late"),
            ("逾期报送", sum(one.late for one in every), "late"),
        ],
        rows=[_owed(view, one) for one in shown],
        return_url=view.get_url(".index_view"),
        help_articles=detail.articles((18, 21)),
    )


def _owed(view: Any, one: Owed) -> dict[str, Any]:
    report = one.report
    stage = ReportStage(report.stage) if report else None
    return {
        "owed": one,
        "kind": Kind(one.kind).label,
        "area": formats.area_name(one.area),
        "levels": "、".join(Level(level).label for level in one.levels),
        "url": view.get_url(".details_view", id=report.pk) if report else "",
        "unit_url": url_for("unit.details_view", id=one.unit_id),
        "state": stage.label if stage else "未填报",
        "badge": stage.badge if stage else "secondary",
        "may_start": report is None and view.can_create,
    }


# --- figures and trends -----------------------------------------------------------------------------------


def figures(query: QuerySet) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of every figure of these reports; one column an indicator, whatever version asked it."""
    found = list(query)
    definition_of = indicators.of(found)
    columns: dict[str, str] = {}
    for report in found:
        for one in definition_of(report).indicators:
            columns.setdefault(one.key, one.heading)
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
    cells = {**report.cells, **reporting.figures(definition, report.cells)}
    derived = {one.key for one in definition.indicators if one.formula}
    shown = [
        reporting.rounded(cells[key]) if key in derived and key in cells else cells.get(key)
        for key in columns
    ]
    head = [
        report.unit_name, report.credit_code, formats.area_name(report.area), Kind(report.kind).label, report.year,
        ReportStage(report.stage).label, report.submitted_on,
    ]  # fmt: skip
    skipped = set(report.skipped)
    return head + ["不涉及" if key in skipped else value for key, value in zip(columns, shown, strict=True)]


def trends(view: Any, actor: Actor, today: Any) -> str:
    choice = _choice(actor)
    _, definition = indicators.definition_for(choice.kind, today.year)
    keys = [key for key in request.args.getlist("indicator") if definition.get(key)]
    found = reports_trend.trends(choice, keys, actor=actor, today=today)
    return view.render(
        "ui/report_trend.html",
        title="年度指标趋势",
        choice=choice,
        kinds=Kind.choices(),
        by=BY,
        areas=formats.areas() if access.rows(actor, "annualreport") is access.Rows.ALL else [],
        divisions=divisions(),
        options=[(one.key, one.heading) for one in definition.numbers],
        chosen=keys,
        trends=[_trend(view, one, choice) for one in found],
        most=reports_trend.MOST_LINES,
        return_url=view.get_url(".index_view"),
    )


def _choice(actor: Actor) -> reports_trend.Choice:
    kind, by = request.args.get("kind", Kind.FACTORY.value), request.args.get("by", "area")
    industry = request.args.get("industry", "")
    return reports_trend.Choice(
        kind=kind if kind in dict(Kind.choices()) else Kind.FACTORY.value,
        by=by if by in dict(BY) else "area",
        area=request.args.get("area", "") if request.args.get("area", "") in dict(formats.areas()) else "",
        industry=industry if industry in dict(divisions()) else "",
        unit_id=object_id(request.args["unit"]) if request.args.get("unit") else None,
    )


def divisions() -> list[tuple[str, str]]:
    """Divisions of manufacturing as choices."""
    return [(str(number), name) for number in range(13, 44) if (name := industries.name(f"{number}"))]


def _trend(view: Any, trend: reports_trend.Trend, choice: reports_trend.Choice) -> dict[str, Any]:
    years = [year - 1 for year in trend.years]
    drawn = trend.lines[: reports_trend.MOST_LINES]
    return {
        "title": trend.indicator.name,
        "unit": trend.indicator.unit,
        "chart": {
            "years": years,
            "series": [
                {"name": line.name, "values": [_drawn(value) for value in line.values]} for line in drawn
            ],
        },
        "years": years,
        "cut": len(trend.lines) > len(drawn),
        "rows": [
            (line.name, [_cell(view, line, place, year, choice) for place, year in enumerate(trend.years)])
            for line in trend.lines
        ],
    }


def _drawn(value: Any) -> float | None:
    return None if value is None else float(reporting.rounded(value))


def _cell(
    view: Any, line: reports_trend.Line, place: int, year: int, choice: reports_trend.Choice
) -> dict[str, Any]:
    value = line.values[place]
    area = line.code if choice.by == "area" else choice.area
    conditions = {"flt0_year": year, "flt2_kind": choice.kind} | ({"flt1_area": area} if area else {})
    division = line.code if choice.by == "industry" else choice.industry
    conditions |= {"flt3_industry": division} if division else {}
    conditions |= {"search": line.name} if choice.by == "unit" else {}
    return {
        "value": "" if value is None else reporting.plain(reporting.rounded(value)),
        "count": line.counts[place],
        "url": view.get_url(".index_view", **conditions),
    }


# --- workbooks --------------------------------------------------------------------------------------------


def import_start(view: Any, error: str = "") -> Any:
    year = clock.today().year
    kinds = Kind.choices()
    years = [(str(one), f"{one} 年度") for one in range(year, 2024, -1)]
    chosen_kind, chosen_year = (
        request.values.get("kind", Kind.FACTORY.value),
        request.values.get("year", str(year)),
    )
    return view.render(
        "ui/report_import.html",
        title="用表格填报年度动态管理表",
        error=error,
        kinds=kinds,
        years=years,
        kind=chosen_kind,
        year=chosen_year,
        templates=[
            (label, view.get_url(".template_view", kind=kind, year=chosen_year)) for kind, label in kinds
        ],
        post_url=view.get_url(".import_view"),
        return_url=view.get_url(".index_view"),
        max_size=f"{MOST_FILE >> 20} MB",
    )


def upload(view: Any) -> Any:
    """Keep the file as staging and show what it would do."""
    posted, year = request.files.get("file"), request.form.get("year", type=int) or clock.today().year
    kind = request.form.get("kind", "")
    try:
        if posted is None or not posted.filename:
            raise ExchangeError("请选择文件。")
        content = posted.read(MOST_FILE + 1)
        examined = examine(content, posted.filename, allowed=("xlsx",), max_size=MOST_FILE)
        who = {"actor": acting(), "now": clock.now()}
        reports_excel.plan(content, kind, year, **who)
        stored = files.store(examined, content, **who)
    except (ExchangeError, PolicyError) as refusal:
        return import_start(view, str(refusal))
    return redirect(view.get_url(".preview_view", file=stored.pk, kind=kind, year=year))


def import_preview(view: Any) -> Any:
    stored = files.fetch(acting(), request.args.get("file"), clock.today())
    if stored is None or stored.state != FileState.STAGING:
        abort(404)
    kind, year = request.args.get("kind", ""), request.args.get("year", type=int) or abort(404)
    who = {"actor": acting(), "now": clock.now()}
    try:
        plan = reports_excel.plan(files.content(stored), kind, year, **who)
    except (ExchangeError, PolicyError) as refusal:
        flash(str(refusal), "error")
        return redirect(view.get_url(".import_view"))
    if request.method == "POST":
        if request.form.get("digest") == plan.digest:
            return _imported(view, reports_excel.commit(plan, **who))
        flash("预览之后数据有了变化，请重新核对后再确认。", "error")
    good = plan.count(RowOutcome.NEW) + plan.count(RowOutcome.CHANGED)
    return view.render(
        "ui/import_preview.html",
        title=f"核对：{stored.filename}",
        counts=[("新建", plan.count(RowOutcome.NEW), "success"), ("更新", plan.count(RowOutcome.CHANGED), "success"),
                ("无变化", plan.count(RowOutcome.SAME), ""), ("未通过", plan.count(RowOutcome.REFUSED), "danger")],
        headers=("单位名称", "变化", "数据疑点"),
        rows=[
            {"number": row.row, "state": row.outcome.label, "badge": row.outcome.badge, "problems": row.problems,
             "cells": (row.name, _changes(row), "；".join(row.doubts[:5]))}
            for row in plan.rows
        ],
        note="“未通过”的行不会写入，其余各行可先导入；数据疑点不影响导入，报送前须更正或说明。",
        can_apply=good > 0,
        apply_label=f"确认导入 {good} 家",
        hidden=[("digest", plan.digest)],
        post_url=view.get_url(".preview_view", file=stored.pk, kind=kind, year=year),
    )  # fmt: skip


def _changes(row: reports_excel.Planned) -> str:
    shown = [f"{label}：{old or '空'} → {new or '空'}" for label, old, new in row.differences[:MOST_CHANGES]]
    more = f"等 {len(row.differences)} 项" if len(row.differences) > MOST_CHANGES else ""
    return "；".join(shown) + more


def _imported(view: Any, results: Iterable[tuple[str, str, AnnualReport | None]]) -> str:
    return view.render(
        "ui/result.html",
        title="导入结果",
        rows=[
            {
                "label": name,
                "url": view.get_url(".details_view", id=report.pk) if report else "",
                "ok": not why,
                "message": why,
            }
            for name, why, report in results
        ],
        back_url=view.get_url(".index_view"),
        at=formats.instant(view, clock.now(), ""),
        by=acting().name,
    )
