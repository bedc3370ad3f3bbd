"""Lines of published lists from applications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.documents.kinds.columns import UnitLine
from app.policy.filing import industries
from app.policy.terms import Kind
from app.services.core import rules
from app.services.papers.values import to_plain as to_plain
from models.registry.units import Unit


def unit_lines(rows: Iterable[Any]) -> tuple[UnitLine, ...]:
    """Return applications as lines of a published list, ordered by kind, area and name.

    A line holds name, kind, area and industry, and no code, score or contact.
    """
    rows = in_list_order(rows)
    units = {unit.pk: unit for unit in Unit.objects(pk__in=[row.unit_id for row in rows]).only("industries")}
    return tuple(
        UnitLine(
            row.unit_name,
            Kind(row.kind).label,
            rules.pack().area(row.area).name,
            "、".join(industries.name(code) for code in units[row.unit_id].industries[:1]),
        )
        for row in rows
    )


def in_list_order(rows: Iterable[Any]) -> list[Any]:
    """Return applications in the order of a published list: by kind, area and name."""
    order = {area.code: place for place, area in enumerate(rules.pack().areas)}
    return sorted(
        rows, key=lambda row: (list(Kind).index(Kind(row.kind)), order.get(row.area, 99), row.unit_name)
    )
