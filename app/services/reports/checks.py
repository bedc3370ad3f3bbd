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
    """Everything that the city holds about it; other units' figures appear as medians only."""
    own = list(AnnualReport.objects(unit_id=report.unit_id, kind=report.kind, year__lt=report.year).filed())
    others = _others(report)
    definition_of = definitions.definitions_of([*own, *others])
    found = {one.pk: calculation.figures(definition_of(one), one.cells) for one in others}
    latest = {
        one.unit_id: found[one.pk] for one in sorted(others, key=lambda one: one.year) if _near(report, one)
    }
    return Context(
        year=report.year,
        past=[Past(one.year, calculation.figures(definition_of(one), one.cells)) for one in own],
        peers=list(latest.values()),
        twins=[found[one.pk] for one in others if one.year == report.year],
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


def _near(report: AnnualReport, other: AnnualReport) -> bool:
    """Of the same industry division (两位大类); parks and leaders are compared among themselves."""
    return not report.industry or (other.industry or "")[:2] == report.industry[:2]


def _known(unit: Unit | None, kind: str) -> Known:
    if unit is None:
        return Known()
    registered = {"output": unit.output_value, "energy": unit.energy} if kind == "factory" else {}
    return Known(
        names=tuple(unit.names()),
        addresses=tuple(one.text for one in (unit.production, unit.registered) if one and one.text),
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
    """Every doubt about these values as they would be saved."""
    return doubts.doubts(definition, cells, comparison_context(report), head, declared)


def current_findings(report: AnnualReport, definition: Definition) -> list[ReportFinding]:
    """Return the doubts about a report as it stands; explanations of the same two cells are kept."""
    before = {one.identity: one for one in report.findings}
    declared = {one.kind for one in report.statements}
    found = doubts_of(report, definition, report.cells, report.head, declared)
    return [before.get(one.identity) or _finding(one) for one in found]


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
