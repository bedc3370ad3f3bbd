"""Parts of the workbench read when they come into sight: figures of the year, trends."""

from typing import Any

from flask import abort, render_template, request, url_for

from app.policy import access
from app.policy.access import Actor
from app.policy.filing import cultivation
from app.policy.terms import Kind
from app.services import desk, reports
from app.services.core.by import By
from views.reports import trends as report_trends

HEADINGS = (*(row.label for row in cultivation.FUNNEL), "在册条目", "年度表应报", "已报送", "逾期未报")
FRAGMENT = "X-Fragment"  # the script asks for the part alone


def parts(actor: Actor) -> list[dict[str, str]]:
    """Return heading and address of every part that the actor's workbench loads later."""
    offered = (
        ("export", "application", "本年度进展", "admin.figures"),
        ("export", "annualreport", "指标趋势", "admin.trends"),
    )
    return [
        {"title": title, "url": url_for(endpoint)}
        for verb, resource, title, endpoint in offered
        if access.may(actor, verb, resource)
    ]


def year(view: Any, by: By) -> str:
    """Render the figures of this year. Aborts with 403 without the right to export applications."""
    if not access.may(by.actor, "export", "application"):
        abort(403)
    figures = desk.year_figures(by)
    owing = url_for("annualreport.owing_view", year=by.now.year)
    return _part(
        view,
        "ui/figures.html",
        title=f"{by.now.year} 年度进展",
        year=by.now.year,
        funnel=[
            (row.label, count, url_for("application.index_view", flt0_stage_reached=row.code))
            for row, count in zip(cultivation.FUNNEL, figures.funnel, strict=True)
        ],
        headers=HEADINGS,
        areas=[_area_row(area, by.now.year) for area in figures.areas],
        annual={
            "received": figures.filed,
            "due": figures.due,
            "late": figures.overdue,
            "url": owing,
            "late_url": f"{owing}&only=overdue",
            "label": f"{by.now.year} 年度动态管理表",
        },
        bars={
            "names": [row.area.name for row in figures.areas],
            "series": [
                {"name": "已报送", "values": [row.filed for row in figures.areas]},
                {"name": "未报送", "values": [row.due - row.filed for row in figures.areas]},
            ],
        },
    )


def _area_row(figures: desk.AreaFigures, year: int) -> dict[str, Any]:
    code = figures.area.code

    def applications(reached: str) -> str:
        return url_for("application.index_view", flt0_area=code, flt1_stage_reached=reached)

    def owing(only: str) -> str:
        return url_for("annualreport.owing_view", year=year, area=code, only=only)

    steps = [
        (count, applications(row.code), False)
        for row, count in zip(cultivation.FUNNEL, figures.reached, strict=True)
    ]
    listed = url_for("listing.index_view", year="all", flt0_area=code, flt1_in_force="1")
    return {
        "name": figures.area.name,
        "url": applications(cultivation.FUNNEL[0].code),
        "count": figures.reached[0],
        "cells": [
            *steps,
            (figures.listed, listed, False),
            (figures.due, owing(""), False),
            (figures.filed, owing("filed"), False),
            (figures.overdue, owing("overdue"), True),
        ],
    }


def trends(view: Any, by: By) -> str:
    """Render the trends of the indicators. Aborts with 403 without the right to export annual reports."""
    if not access.may(by.actor, "export", "annualreport"):
        abort(403)
    choice = reports.TrendChoice()
    return _part(
        view,
        "ui/trends.html",
        title="指标趋势",
        kind=Kind(choice.kind).label,
        trends=report_trends.cards(choice, (), by),
        most=reports.MAX_TREND_LINES,
        all_url=url_for("annualreport.trend_view"),
    )


def _part(view: Any, template: str, **context: Any) -> str:
    if request.headers.get(FRAGMENT):
        return render_template(template, **context)
    return view.render("ui/alone.html", fragment=template, home_url=url_for("admin.index"), **context)
