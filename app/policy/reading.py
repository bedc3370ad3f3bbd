"""Reading of TOML tables into frozen dataclasses, collecting every problem."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Record = TypeVar("Record")

_NAMES = {str: "非空文字", int: "整数", bool: "true 或 false", date: "日期", Decimal: "数"}


def record(cls: type[Record], raw: Any, where: str, problems: list[str]) -> Record | None:
    """Read one table as `cls`; None, with a sentence added to `problems`, if it does not fit."""
    if not isinstance(raw, dict):
        problems.append(f"{where}：应为一组键值")
        return None
    before = len(problems)
    hints = get_type_hints(cls)
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    problems += [f"{where}：不认识的键 {key}" for key in raw if key not in known]
    values = {}
    for name, field in known.items():
        if name in raw:
            values[name] = _value(raw[name], hints[name], f"{where}：{name}", problems)
        elif field.default is MISSING and field.default_factory is MISSING:
            problems.append(f"{where}：缺少 {name}")
    return cls(**values) if len(problems) == before else None


def records(cls: type[Record], raw: Any, where: str, problems: list[str]) -> tuple[Record, ...]:
    """Read an array of tables; rows that do not fit are left out and named in `problems`."""
    if not isinstance(raw, list) or not raw:
        problems.append(f"{where}：至少要有一行")
        return ()
    rows = (record(cls, row, f"{where} 第{place}行", problems) for place, row in enumerate(raw, 1))
    return tuple(row for row in rows if row is not None)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def _value(value: Any, hint: Any, where: str, problems: list[str]) -> Any:
    if hint is Any:
        return _frozen(value)
    hint = _required_type(hint)
    if get_origin(hint) is tuple:
        return _tuple(value, hint, where, problems)
    if hint is Decimal and type(value) is int:
        value = Decimal(value)
    # type() and not isinstance(): true would pass for an integer
    if type(value) is not hint or (hint is str and not value.strip()):
        problems.append(f"{where} 应为{_NAMES[hint]}")
    return value


def _required_type(hint: Any) -> Any:
    """Return X of `X | None`, any other type as it is."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    return next(part for part in get_args(hint) if part is not type(None))


def _tuple(value: Any, hint: Any, where: str, problems: list[str]) -> tuple[Any, ...]:
    """Read a list as a tuple of one type, of fixed length unless the hint ends in an ellipsis."""
    first, *rest = get_args(hint)
    length = None if ... in rest else 1 + len(rest)
    if not isinstance(value, list) or (length is not None and len(value) != length):
        problems.append(f"{where} 应为{f'{length}项的' if length else ''}列表")
        return ()
    return tuple(_value(part, first, where, problems) for part in value)
