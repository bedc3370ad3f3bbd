"""Labels of a unit on its records: name, former names and area follow the registry (第二十条)."""

from __future__ import annotations

from typing import Any

from models.registry.units import Unit
from models.unit_record import UnitRecord, unit_records


def move_records(unit: Unit) -> None:
    """Move the unit's records to its present area, which decides who may see them."""
    for model in unit_records():
        model.objects(unit_id=unit.pk).update(set__area=unit.area)


def rename_records(unit: Unit) -> None:
    """Show the unit's present name on its records and find them by its former names, too."""
    former = [former.name for former in unit.former_names]
    for model in unit_records():
        if not model.FOLLOWS_NAME:
            continue
        own = model.objects(unit_id=unit.pk)
        own.update(set__unit_name=unit.name, set__former_names=former)
        for record in own if model.SEARCHED else ():
            model.objects(pk=record.pk).update(**_search_fields(record))


def _search_fields(record: UnitRecord) -> dict[str, Any]:
    record.refresh_search()
    names = [name for name in ("terms", "search_text") if name in record._fields]
    return {f"set__{name}": record[name] for name in names}
