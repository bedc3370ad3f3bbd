"""Checks of an annual report against the unit's own years, its industry in the city, its registered data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from app.policy.reports import calculation, doubts
from app.policy.reports.doubts import Context, Doubt, Known, Past
from app.policy.reports.indicators import Definition
from app.services.core import scope
from app.services.core.by import By
from app.services.reports import definitions
from models.registry.units import Unit
from models.reports import AnnualReport, ReportFinding

YEARS_BACK = 3


def comparison_context(report: AnnualReport) -> Context:
    """Return the city's data to compare a report with; other units' figures appear as medians only."""
    own = list(AnnualReport.objects(unit_id=report.unit_id, kind=report.kind, year__lt=report.year).filed())
    others = _others(report)
    definition_of = definitions.definitions_of([*own, *others])
    figures = {other.pk: calculation.figures(definition_of(other), other.cells) for other in others}
    by_year = sorted(others, key=lambda other: other.year)
    latest = {other.unit_id: figures[other.pk] for other in by_year if _is_comparable(report, other)}
    return Context(
        year=report.year,
        past=[Past(mine.year, calculation.figures(definition_of(mine), mine.cells)) for mine in own],
        peers=list(latest.values()),
        twins=[figures[other.pk] for other in others if other.year == report.year],
        known=_known(Unit.objects(pk=report.unit_id).first(), report.kind),
    )


def previous_report(report: AnnualReport, *, by: By) -> AnnualReport | None:
    """Return the unit's latest report of an earlier year and the same kind that was filed."""
    same = scope.rows(by, AnnualReport).filter(unit_id=report.unit_id, kind=report.kind)
    return same.filter(year__lt=report.year).filed().order_by("-year").first()


def _others(report: AnnualReport) -> list[AnnualReport]:
    rows = AnnualReport.objects(kind=report.kind, year__gt=report.year - YEARS_BACK, year__lte=report.year)
    return list(
        rows.filed()
        .filter(unit_id__ne=report.unit_id)
        .only("unit_id", "kind", "year", "industry", "figures", "standard_id")
    )


def _is_comparable(report: AnnualReport, other: AnnualReport) -> bool:
    """Return whether both belong to one industry division (两位大类); parks and leaders need none."""
    return not report.industry or (other.industry or "")[:2] == report.industry[:2]


def _known(unit: Unit | None, kind: str) -> Known:
    if unit is None:
        return Known()
    registered = {"output": unit.output_value, "energy": unit.energy} if kind == "factory" else {}
    return Known(
        names=tuple(unit.names()),
        addresses=tuple(each.text for each in (unit.production, unit.registered) if each and each.text),
        boundary=(unit.park.boundary or "") if unit.park and kind == "park" else "",
        numbers={key: value for key, value in registered.items() if value},
    )


def doubts_of(
    report: AnnualReport,
    definition: Definition,
    cells: Mapping[str, Any],
    head: Mapping[str, str],
    declared: Collection[str],
) -> list[Doubt]:
    """Return every doubt about these values as they would be saved."""
    return doubts.doubts(definition, cells, comparison_context(report), head, declared)


def current_findings(report: AnnualReport, definition: Definition) -> list[ReportFinding]:
    """Return the doubts about a report as it stands; explanations of the same two cells are kept."""
    before = {finding.identity: finding for finding in report.findings}
    declared = {statement.kind for statement in report.statements}
    current = doubts_of(report, definition, report.cells, report.head, declared)
    return [before.get(doubt.identity) or _finding(doubt) for doubt in current]


def _finding(doubt: Doubt) -> ReportFinding:
    return ReportFinding(
        code=doubt.code,
        key=doubt.key,
        other=doubt.other,
        identity=doubt.identity,
        cell=doubt.cell,
        other_cell=doubt.other_cell,
        ratio=doubt.ratio,
        text=doubt.text,
    )
