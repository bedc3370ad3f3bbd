"""Published lines of a public notice, each with the unit that it names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bson import ObjectId

from app.documents.kinds.columns import UnitLine
from app.services import papers
from models.lists import PublicNotice
from models.registry.units import Unit

UNIT = "unit_id"  # key of a stored line; a name may change, the unit does not


def stored_lines(lines: Iterable[UnitLine], unit_ids: Sequence[ObjectId]) -> list[str]:
    """Return the lines of a notice as they are stored, each with its unit."""
    return [
        PublicNotice.line(papers.to_plain(line) | {UNIT: str(unit_id)})
        for line, unit_id in zip(lines, unit_ids, strict=True)
    ]


def corrected_lines(notice: PublicNotice, lines: Iterable[dict[str, Any]]) -> list[str]:
    """Return the lines of a corrected notice as they are stored; a correction names the same units."""
    units = _units_by_name(notice)
    return [
        PublicNotice.line(dict(line) | {UNIT: str(units[line["name"]])} if line["name"] in units else line)
        for line in lines
    ]


def lines_by_unit(notice: PublicNotice) -> Iterator[tuple[ObjectId | None, UnitLine]]:
    """Yield unit and line; the unit of a line that was stored without one is found by its names."""
    units: dict[str, ObjectId] | None = None
    for line in map(json.loads, notice.lines):
        key = line.pop(UNIT, None)
        if key is None:
            units = _units_by_name(notice) if units is None else units
        yield (ObjectId(key) if key else (units or {}).get(line["name"])), UnitLine(**line)


def _units_by_name(notice: PublicNotice) -> dict[str, ObjectId]:
    """Return the notice's units by every name that they have or had, or are published under."""
    known: dict[str, ObjectId] = {}
    for unit in Unit.objects(pk__in=notice.unit_ids).only("name", "former_names"):
        known |= dict.fromkeys([unit.name, *(former.name for former in unit.former_names)], unit.pk)
    for line in map(json.loads, notice.lines):
        if UNIT in line:
            known[line["name"]] = ObjectId(line[UNIT])
    return known
