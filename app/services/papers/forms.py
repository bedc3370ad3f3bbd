"""Texts of a form or a pasted table as the inputs of a paper; refusals name the field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from types import UnionType
from typing import Any, get_args
from zoneinfo import ZoneInfo

from app.documents.kinds import KINDS
from app.documents.kinds.inputs import labels_of, row_type, types_of
from app.policy.flow import NotAllowed
from app.services.papers.values import required_type

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAX_DIGITS = 9  # years, days, counts
YES = ("1", "是", "y", "true", "on")
FORMATS = {datetime: "“年-月-日 时:分”", date: "“年-月-日”", int: "整数"}


def build_inputs(kind: str, values: Mapping[str, Any]) -> Any:
    """Return the inputs from a form's texts and values, defaults for the rest. Raises NotAllowed."""
    inputs_type = KINDS[kind].inputs
    types, labels = types_of(inputs_type), labels_of(inputs_type)
    missing = [labels[name] for name in _required(inputs_type) if name not in values]
    if missing:
        raise NotAllowed(f"缺少：{'、'.join(missing)}。")
    known = {name: value for name, value in values.items() if name in types}
    return inputs_type(
        **{name: convert_text(types[name], value, labels[name]) for name, value in known.items()}
    )


def table_headings(row: type) -> list[str]:
    """Return the headings of a table to be pasted, in their order."""
    required = _required(row)
    return [label + ("" if name in required else "（可空）") for name, label in labels_of(row).items()]


def _required(cls: type) -> list[str]:
    return [
        field.name
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]


def convert_text(hint: Any, value: Any, label: str) -> Any:
    """Return a text as the type of its field, other values as they are. Raises NotAllowed naming the field."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if isinstance(hint, UnionType):
        return convert_text(required_type(hint), text, label) if text else None
    if row := row_type(hint):
        return parse_table(row, value, label)
    if get_args(hint):
        return tuple(line.strip() for line in text.splitlines() if line.strip())
    return _convert_scalar(hint, text, label)


def _convert_scalar(hint: Any, text: str, label: str) -> Any:
    try:
        if hint is datetime:
            return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        if hint is date:
            return date.fromisoformat(text)
        if hint is int:
            return _whole_number(text)
    except ValueError:
        raise NotAllowed(f"{label}应写成{FORMATS[hint]}，不能是“{text}”。") from None
    return text in YES if hint is bool else text


def _whole_number(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(text)
    return int(text)


def parse_table(row: type, text: str, label: str) -> tuple[Any, ...]:
    """Return rows pasted from a spreadsheet: a line a row, tabs between columns; headings are skipped.

    Raises NotAllowed naming line and column.
    """
    first_heading = next(iter(labels_of(row).values()))
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and cells[0] == first_heading:
            continue
        rows.append(_parse_row(row, cells, f"{label}第 {number} 行"))
    return tuple(rows)


def _parse_row(row: type, cells: list[str], place: str) -> Any:
    labels, types = labels_of(row), types_of(row)
    if not len(_required(row)) <= len(cells) <= len(labels):
        headings = "、".join(table_headings(row))
        raise NotAllowed(f"{place}有 {len(cells)} 栏，应依次为：{headings}（栏间用制表符）。")
    filled = zip(labels, cells, strict=False)  # columns at the end may be left out
    return row(**{name: convert_text(types[name], cell, f"{place}的{labels[name]}") for name, cell in filled})


def input_as_text(value: Any) -> Any:
    """Return an input as its form field shows it: tables with tabs, paragraphs by lines."""
    if isinstance(value, tuple):
        return "\n".join(_row_as_text(row) if dataclasses.is_dataclass(row) else row for row in value)
    return value


def _row_as_text(row: Any) -> str:
    return "\t".join(_cell_as_text(getattr(row, name)) for name in labels_of(type(row)))


def _cell_as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)
