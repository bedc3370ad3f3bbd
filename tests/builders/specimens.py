"""A record of any unit's resource, its fields filled by their types."""

from datetime import date
from typing import Any

from mongoengine import DateField, IntField, StringField

from models.registry.units import Unit
from models.unit_record import UnitRecord

DAY = date(2026, 5, 6)


def specimen(model: type[UnitRecord], of: Unit) -> UnitRecord:
    """Return an unsaved record of the unit whose required fields hold something that its form takes."""
    record = model(**{name: _value(field) for name, field in model._fields.items() if _asked(name, field)})
    record.copy_unit(of)
    return record


def _asked(name: str, field: Any) -> bool:
    return field.required and name not in UnitRecord._fields


def _value(field: Any) -> Any:
    if field.choices:
        return field.choices[0][0]
    match field:
        case DateField():
            return DAY
        case IntField():
            return field.min_value or 1
        case StringField():
            return f"虚构的{field.name}"
    raise TypeError(f"{field.name}: say here how a specimen fills a {type(field).__name__}")
