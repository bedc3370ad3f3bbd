"""Inputs of papers as plain data for the record, and back again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args

from app.documents.kinds import KINDS
from app.documents.kinds.inputs import types_of


def to_plain(value: Any) -> Any:
    """Return inputs as plain data: dataclasses as mappings, days as ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [to_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def from_plain(kind: str, stored: Mapping[str, Any]) -> Any:
    """Return stored inputs as the dataclass of their kind; unknown fields are left out."""
    return _restore(KINDS[kind].inputs, stored)


def _restore(hint: Any, value: Any) -> Any:
    if isinstance(hint, UnionType):
        return None if value is None else _restore(required_type(hint), value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _restore_dataclass(hint, value)
    if isinstance(value, list):
        return tuple(_restore(get_args(hint)[0], item) for item in value)
    if hint in (date, datetime) and isinstance(value, str):
        return hint.fromisoformat(value)
    return value


def _restore_dataclass(inputs_type: Any, stored: Mapping[str, Any]) -> Any:
    hints = types_of(inputs_type)
    known = {name: value for name, value in stored.items() if name in hints}
    return inputs_type(**{name: _restore(hints[name], value) for name, value in known.items()})


def required_type(hint: Any) -> Any:
    """Return X of `X | None`, any other type as it is."""
    if not isinstance(hint, UnionType):
        return hint
    return next(each for each in get_args(hint) if each is not type(None))
