"""Figures of annual reports over the years, as charts with their tables: a page of its own, and on the workbench."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for

from app.policy import access
from app.policy.access import Actor
from app.policy.filing import industries
from app.policy.reports import cell_values
from app.policy.terms import Kind
from app.services import reports
from app.services.core.by import By
from views.panel import formats
from views.panel.fields import object_id

BY = (("area", "县（市、区）"), ("industry", "行业大类"), ("unit", "单位"), ("all", "合计"))


def page(view: Any, by: By) -> str:
    choice = _choice(by.actor)
    _, definition = reports.definition_in_force(choice.kind, by.today.year)
    keys = [key for key in request.args.getlist("indicator") if definition.get(key)]
    return view.render(
        "ui/report_trend.html",
        title="年度指标趋势",
        choice=choice,
        kinds=Kind.choices(),
        by=BY,
        areas=formats.areas() if access.rows(by.actor, "annualreport") is access.Rows.ALL else [],
        divisions=divisions(),
        options=[(indicator.key, indicator.heading) for indicator in definition.numbers],
        chosen=keys,
        trends=cards(choice, keys, by),
        most=reports.MAX_TREND_LINES,
        return_url=view.get_url(".index_view"),
    )


def cards(choice: reports.TrendChoice, keys: Sequence[str], by: By) -> list[dict[str, Any]]:
    """Return each figure as its chart and its table."""
    return [_trend(trend, choice) for trend in reports.trends_of(choice, keys, by=by)]


def _choice(actor: Actor) -> reports.TrendChoice:
    kind, by = request.args.get("kind", Kind.FACTORY.value), request.args.get("by", "area")
    industry = request.args.get("industry", "")
    return reports.TrendChoice(
        kind=kind if kind in dict(Kind.choices()) else Kind.FACTORY.value,
        by=by if by in dict(BY) else "area",
        area=request.args.get("area", "") if request.args.get("area", "") in dict(formats.areas()) else "",
        industry=industry if industry in dict(divisions()) else "",
        unit_id=object_id(request.args["unit"]) if request.args.get("unit") else None,
    )


def divisions() -> list[tuple[str, str]]:
    """Return the divisions of manufacturing as choices."""
    return [(str(number), name) for number in range(13, 44) if (name := industries.name(f"{number}"))]


def _trend(trend: reports.Trend, choice: reports.TrendChoice) -> dict[str, Any]:
    years = [year - 1 for year in trend.years]
    drawn = trend.lines[: reports.MAX_TREND_LINES]
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
            (line.name, [_cell(line, place, year, choice) for place, year in enumerate(trend.years)])
            for line in trend.lines
        ],
    }


def _drawn(value: Any) -> float | None:
    return None if value is None else float(cell_values.rounded(value))


def _cell(line: reports.TrendLine, place: int, year: int, choice: reports.TrendChoice) -> dict[str, Any]:
    value = line.values[place]
    area = line.code if choice.by == "area" else choice.area
    conditions = {"flt0_year": year, "flt2_kind": choice.kind} | ({"flt1_area": area} if area else {})
    division = line.code if choice.by == "industry" else choice.industry
    conditions |= {"flt3_industry": division} if division else {}
    conditions |= {"search": line.name} if choice.by == "unit" else {}
    return {
        "value": "" if value is None else cell_values.plain(cell_values.rounded(value)),
        "count": line.counts[place],
        "url": url_for("annualreport.index_view", **conditions),
    }
