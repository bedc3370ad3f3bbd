"""Entries of the list as rows of a paper's tables, so that no name is typed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from app.documents.kinds.columns import RemovedLine, UnitLine
from app.documents.kinds.nomination import ConsultedLine, NominatedLine
from app.documents.kinds.yearly import ReportingLine
from app.policy.filing import industries
from app.policy.terms import Kind, Level
from app.services.core import rules
from models.lists import Listing
from models.registry.units import Unit


def table_rows(row: type, entries: Iterable[Listing], today: date) -> tuple[Any, ...]:
    """Return entries of the list as rows of this type, which must be one of ROW_BUILDERS."""
    return tuple(ROW_BUILDERS[row](entry, today) for entry in entries)


def _unit_line(entry: Listing, _today: date) -> UnitLine:
    return UnitLine(entry.unit_name, _kind(entry), _area(entry), _industry(entry))


def _reporting_line(entry: Listing, _today: date) -> ReportingLine:
    listed_at = set(Listing.objects(unit_id=entry.unit_id, kind=entry.kind, in_force=True).scalar("level"))
    levels = "、".join(level.label for level in Level if level.value in listed_at)
    return ReportingLine(entry.unit_name, levels, _kind(entry), _area(entry))


def _consulted_line(entry: Listing, _today: date) -> ConsultedLine:
    return ConsultedLine(entry.unit_name, entry.credit_code or "", _kind(entry), _area(entry))


def _nominated_line(entry: Listing, _today: date) -> NominatedLine:
    return NominatedLine(
        name=entry.unit_name,
        credit_code=entry.credit_code or "",
        kind_label=_kind(entry),
        area_name=_area(entry),
        industry=_industry(entry),
        listed_year=str(entry.year),
        reason="",
    )


def _removed_line(entry: Listing, today: date) -> RemovedLine:
    return RemovedLine(entry.unit_name, _kind(entry), _area(entry), str(entry.year), "", today)


def _kind(entry: Listing) -> str:
    return Kind(entry.kind).label


def _area(entry: Listing) -> str:
    return rules.pack().area(entry.area).name


def _industry(entry: Listing) -> str:
    unit = Unit.objects(pk=entry.unit_id).only("industries").first()
    return "、".join(industries.name(code) for code in unit.industries[:1]) if unit else ""


ROW_BUILDERS: dict[type, Callable[[Listing, date], Any]] = {
    UnitLine: _unit_line,
    ReportingLine: _reporting_line,
    ConsultedLine: _consulted_line,
    NominatedLine: _nominated_line,
    RemovedLine: _removed_line,
}
