"""Inputs of papers as plain data for the record, and back again."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args, get_type_hints

from app.policy import papers as catalogue


def frozen(value: Any) -> Any:
    """A document's inputs as plain data for the record: dataclasses as mappings, days as ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: frozen(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [frozen(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def thawed(kind: str, stored: dict[str, Any]) -> Any:
    """The inputs that a record keeps, as the dataclass of its kind; fields that it does not know are left out."""
    return _thaw(catalogue.KINDS[kind].inputs, stored)


def types_of(cls: type) -> dict[str, Any]:
    """Field → type of a dataclass, in its order."""
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def row_type(hint: Any) -> type | None:
    """The dataclass of a table's rows, None where the field is no table."""
    row = next(iter(get_args(hint)), None)
    return row if isinstance(row, type) and dataclasses.is_dataclass(row) else None


def _thaw(hint: Any, value: Any) -> Any:
    if isinstance(hint, UnionType):
        return (
            None
            if value is None
            else _thaw(next(one for one in get_args(hint) if one is not type(None)), value)
        )
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        known = types_of(hint)
        return hint(**{name: _thaw(known[name], one) for name, one in value.items() if name in known})
    if isinstance(value, list):
        return tuple(_thaw(get_args(hint)[0], one) for one in value)
    if hint in (date, datetime) and isinstance(value, str):
        return hint.fromisoformat(value)
    return value
