"""Figures of filed reports over the years, by area, industry or unit: sums, and intensities of sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.policy.filing import industries
from app.policy.reports import calculation, formula_values, formulas
from app.policy.reports.indicators import Definition, Indicator, Nature
from app.services.core import rules, scope
from app.services.core.by import By
from app.services.reports import definitions
from models.reports import AnnualReport

Figures = dict[str, Decimal]

ALL_UNITS = "全部"
MAX_TREND_LINES = 8


@dataclass(frozen=True)
class TrendLine:
    """One group's values, a year each; None where nothing was filed."""

    code: str
    name: str
    values: tuple[Decimal | None, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Trend:
    """One figure over the years of filing; the data are those of the year before each."""

    indicator: Indicator
    years: tuple[int, ...]
    lines: tuple[TrendLine, ...]


@dataclass(frozen=True)
class TrendChoice:
    """Selection of a trend: kind, grouping and filters."""

    kind: str = "factory"
    by: str = "area"  # area, industry, unit, all
    area: str = ""
    industry: str = ""  # two-digit division
    unit_id: Any = None


def trends_of(choice: TrendChoice, keys: Iterable[str], *, by: By) -> list[Trend]:
    """Return the chosen figures; without keys those that the definition marks for trends."""
    _, definition = definitions.definition_in_force(choice.kind, by.today.year)
    chosen = [indicator for key in keys if (indicator := definition.get(key)) and indicator.is_number]
    shown = chosen or [indicator for indicator in definition.numbers if indicator.trend]
    reports = _chosen(choice, by)
    years = tuple(sorted({report.year for report in reports}))
    groups = {
        group: [(report.year, calculation.figures(definition, report.cells)) for report in members]
        for group, members in _grouped(reports, choice.by).items()
    }
    return [Trend(indicator, years, _lines(indicator, definition, groups, years)) for indicator in shown]


def _chosen(choice: TrendChoice, by: By) -> list[AnnualReport]:
    rows = scope.rows(by, AnnualReport).filter(kind=choice.kind).filed()
    if choice.area:
        rows = rows.filter(area=choice.area)
    if choice.unit_id:
        rows = rows.filter(unit_id=choice.unit_id)
    reports = rows.only("unit_id", "unit_name", "area", "industry", "kind", "year", "figures", "standard_id")
    return [report for report in reports if (report.industry or "").startswith(choice.industry)]


def _grouped(reports: Iterable[AnnualReport], by: str) -> dict[tuple[str, str], list[AnnualReport]]:
    name: dict[str, Callable[[AnnualReport], tuple[str, str]]] = {
        "area": lambda report: (report.area, _area(report.area)),
        "industry": lambda report: (
            (report.industry or "")[:2],
            industries.name((report.industry or "")[:2]) or "未填行业",
        ),
        "unit": lambda report: (str(report.unit_id), report.unit_name),
    }
    groups: dict[tuple[str, str], list[AnnualReport]] = defaultdict(list)
    for report in reports:
        groups[name.get(by, lambda report: ("", ALL_UNITS))(report)].append(report)
    return dict(
        sorted(groups.items(), key=lambda item: (_order(item[0][0]) if by == "area" else 0, -len(item[1])))
    )


def _order(code: str) -> int:
    """Return an area's place in official lists; an abolished one comes last."""
    try:
        return rules.pack().order(code)
    except KeyError:
        return len(rules.pack().areas) + 1


def _area(code: str) -> str:
    try:
        return rules.pack().area(code).name
    except KeyError:
        return code


def _lines(
    indicator: Indicator,
    definition: Definition,
    groups: Mapping[tuple[str, str], Sequence[tuple[int, Figures]]],
    years: tuple[int, ...],
) -> tuple[TrendLine, ...]:
    lines = []
    for (code, name), members in groups.items():
        filled = [[each for of, each in members if of == year and indicator.key in each] for year in years]
        values = tuple(_together(indicator, definition, each) for each in filled)
        if any(value is not None for value in values):
            lines.append(TrendLine(code, name, values, tuple(map(len, filled))))
    return tuple(lines)


def _together(indicator: Indicator, definition: Definition, rows: Sequence[Figures]) -> Decimal | None:
    """Return the group's figure: a sum, the formula of the sums, or the mean of rates that cannot be summed."""
    if not rows:
        return None
    if indicator.formula:
        sums = {
            key: sum((row[key] for row in rows if key in row), Decimal(0))
            for key in _leaves(indicator, definition)
            if any(key in row for row in rows)
        }
        return calculation.figures(definition, sums).get(indicator.key)
    total = sum((row[indicator.key] for row in rows), Decimal(0))
    return total / len(rows) if indicator.nature == Nature.RATE else total


def _leaves(indicator: Indicator, definition: Definition) -> set[str]:
    """Return the filled-in cells behind a computed one."""
    leaves: set[str] = set()
    for key in formula_values.references(formulas.parse(indicator.formula)):
        other = definition.get(key)
        if other is not None:
            leaves |= _leaves(other, definition) if other.formula else {key}
    return leaves
