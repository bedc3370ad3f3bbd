"""Records of the list as rows of a paper's tables, so that no name is typed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from app.documents.kinds.columns import RemovedLine, UnitLine
from app.documents.kinds.nomination import ConsultedLine, NominatedLine
from app.documents.kinds.yearly import ReportingLine
from app.policy.filing import industries
from app.policy.terms import Kind, Level
from app.services.core import rules
from models.lists import Listing
from models.registry.units import Unit


def _unit(entry: Listing, now: datetime) -> UnitLine:
    return UnitLine(entry.unit_name, _kind(entry), _area(entry), _industry(entry))


def _reporting(entry: Listing, now: datetime) -> ReportingLine:
    found = Listing.objects(unit_id=entry.unit_id, kind=entry.kind, in_force=True).scalar("level")
    levels = "、".join(level.label for level in Level if level.value in set(found))
    return ReportingLine(entry.unit_name, levels, _kind(entry), _area(entry))


def _consulted(entry: Listing, now: datetime) -> ConsultedLine:
    return ConsultedLine(entry.unit_name, entry.credit_code or "", _kind(entry), _area(entry))


def _nominated(entry: Listing, now: datetime) -> NominatedLine:
    return NominatedLine(
        entry.unit_name,
        entry.credit_code or "",
        _kind(entry),
        _area(entry),
        _industry(entry),
        str(entry.year),
        "",
    )


def _removed(entry: Listing, now: datetime) -> RemovedLine:
    return RemovedLine(entry.unit_name, _kind(entry), _area(entry), str(entry.year), "", now.date())


def _kind(entry: Listing) -> str:
    return Kind(entry.kind).label


def _area(entry: Listing) -> str:
    return rules.pack().area(entry.area).name


def _industry(entry: Listing) -> str:
    unit = Unit.objects(pk=entry.unit_id).only("industries").first()
    return "、".join(industries.name(code) for code in unit.industries[:1]) if unit else ""


MAKERS: dict[type, Callable[[Listing, datetime], Any]] = {
    UnitLine: _unit,
    ReportingLine: _reporting,
    ConsultedLine: _consulted,
    NominatedLine: _nominated,
    RemovedLine: _removed,
}


def rows_of(row: type, entries: Iterable[Listing], now: datetime) -> tuple[Any, ...]:
    """Entries of the list as rows of this type."""
    return tuple(MAKERS[row](entry, now) for entry in entries)
