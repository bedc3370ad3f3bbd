"""Annual figures read back from a filled-in workbook, one row a unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from app.exchange import cells, normalise, report_parts, sandbox
from app.exchange.columns import compact
from app.exchange.errors import ExchangeError
from app.exchange.report_parts import CODE, NAME, Statements, cell_name
from app.exchange.report_template import HEAD, SKIPPED
from app.policy.reports.indicators import Definition, Indicator

MAX_BYTES = 10 * 1024 * 1024
MAX_SECONDS, MAX_MEMORY = 20, 512 * 1024 * 1024
HEADINGS_WITHIN = 20  # rows
# Units that a heading may name instead of the form's own, with their factor to it.
FACTORS: dict[str, dict[str, Decimal]] = {
    "tce": {
        "kgce": Decimal("0.001"),
        "万tce": Decimal(10_000),
        "吨标准煤": Decimal(1),
        "万吨标准煤": Decimal(10_000),
    },
    "万元": {"元": Decimal("0.0001"), "千元": Decimal("0.1"), "亿元": Decimal(10_000)},
    "t": {"kg": Decimal("0.001"), "吨": Decimal(1), "万吨": Decimal(10_000), "万t": Decimal(10_000)},
    "m³": {
        "立方米": Decimal(1),
        "万m³": Decimal(10_000),
        "万立方米": Decimal(10_000),
        "m3": Decimal(1),
        "万m3": Decimal(10_000),
    },
    "万kWh": {
        "kWh": Decimal("0.0001"),
        "千瓦时": Decimal("0.0001"),
        "万千瓦时": Decimal(1),
        "亿kWh": Decimal(10_000),
    },
    "tCO₂": {"kgCO₂": Decimal("0.001"), "万tCO₂": Decimal(10_000), "tCO2": Decimal(1)},
}


@dataclass(frozen=True)
class UnitRow:
    """One unit of an uploaded workbook: raw text by key, unreadable cells in words, statements."""

    row: int
    code: str
    name: str
    head: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)  # key → the cell, as C5
    stated: Statements | None = None


def read(data: bytes, definition: Definition) -> list[UnitRow]:
    """Return the units of a filled-in template. Raises ExchangeError in words for any other file."""
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"文件超过 {MAX_BYTES >> 20}MB，请拆分后上传。")
    figures: list[UnitRow] | None = None
    stated: dict[str, Statements] = {}
    for sheet in sandbox.run(cells.read, data, seconds=MAX_SECONDS, memory=MAX_MEMORY):
        rows = sheet["rows"]
        top = _heading_row(rows)
        if top is None:
            continue
        if report_parts.is_part(rows[top]):
            report_parts.read(sheet["name"], rows, top, stated)
        elif figures is None:
            figures = _figures(rows, top, definition)
    if figures is None and not stated:
        raise ExchangeError(f"没有找到“{CODE}”一列；请使用本系统下载的模板。")
    return list(_joined(figures or [], stated))


def _heading_row(rows: Sequence[Sequence[Any]]) -> int | None:
    numbered = enumerate(rows[:HEADINGS_WITHIN])
    return next((number for number, row in numbered if any(_heading(cell) == CODE for cell in row)), None)


def _figures(rows: Sequence[Sequence[Any]], top: int, definition: Definition) -> list[UnitRow]:
    columns = _columns(rows[top], definition)
    numbered = enumerate(rows[top + 1 :], top + 2)
    return [_unit_row(number, row, columns) for number, row in numbered if _is_unit(row, columns)]


def _joined(figures: Sequence[UnitRow], stated: Mapping[str, Statements]) -> Iterator[UnitRow]:
    """Yield each unit once with its statements; units that only state something come last."""
    left = dict(stated)
    for given in figures:
        yield replace(given, stated=left.pop(given.code, None))
    for code, part in left.items():
        yield UnitRow(part.row, code, part.name, stated=part)


Column: TypeAlias = tuple[str, Indicator | None, Decimal]  # key, indicator, factor to its unit


def _columns(headings: Sequence[Any], definition: Definition) -> dict[int, Column]:
    """Return the column at each index. Raises ExchangeError for unknown or repeated headings."""
    fixed = {CODE: "code", NAME: "name", **{label: name for name, label in HEAD.items()}}
    columns: dict[int, Column] = {}
    unknown = []
    for index, cell in enumerate(headings):
        label = _heading(cell)
        if not label:
            continue
        if label in fixed:
            columns[index] = (fixed[label], None, Decimal(1))
        elif column := _indicator_column(label, definition):
            columns[index] = column
        else:
            unknown.append(str(cell))
    if unknown:
        raise ExchangeError(
            f"表中有本年度指标之外的列：{'、'.join(unknown[:5])}；请改正列名或单位，或删去后重新上传。"
        )
    _refuse_repeated([key for key, _, _ in columns.values()], definition)
    return columns


def _refuse_repeated(keys: Sequence[str], definition: Definition) -> None:
    if repeated := sorted({key for key in keys if keys.count(key) > 1}):
        names = "、".join(definition.names.get(key, key) for key in repeated)
        raise ExchangeError(f"有重复的列：{names}；请删去多余的列。")


def _heading(cell: Any) -> str:
    return compact(cell) if isinstance(cell, str) else ""


def _indicator_column(label: str, definition: Definition) -> Column | None:
    for indicator in definition.inputs:
        if label in (compact(indicator.heading), compact(indicator.name)):
            return indicator.key, indicator, Decimal(1)
        for unit, factor in FACTORS.get(indicator.unit, {}).items():
            if label == compact(f"{indicator.name}（{unit}）"):
                return indicator.key, indicator, factor
    return None


def _is_unit(row: Sequence[Any], columns: Mapping[int, Column]) -> bool:
    """Return whether a row is a unit's: not the hints, and with at least one value."""
    values = {key: row[index] for index, (key, _, _) in columns.items() if index < len(row)}
    code = values.get("code")
    if isinstance(code, str) and code.startswith("按本列"):
        return False
    return any(value not in (None, "") for value in values.values())


def _unit_row(number: int, row: Sequence[Any], columns: Mapping[int, Column]) -> UnitRow:
    texts: dict[str, str] = {}
    skipped: list[str] = []
    problems: list[str] = []
    for index, (key, indicator, factor) in columns.items():
        try:
            text = _text(row[index] if index < len(row) else None)
            if indicator is not None and text == SKIPPED:
                skipped.append(key)
            else:
                texts[key] = _converted(text, factor)
        except (normalise.Problem, ArithmeticError) as error:
            label = indicator.name if indicator else HEAD.get(key, key)
            problems.append(f"{cell_name(number, index)} “{label}”：{_reason(error)}。")
    head = {key: texts.pop(key) for key in (*HEAD, "code", "name") if key in texts}
    code, name = head.pop("code", "").upper().replace(" ", ""), head.pop("name", "")
    places = {key: cell_name(number, index) for index, (key, _, _) in columns.items()}
    return UnitRow(number, code, name, head, texts, tuple(skipped), tuple(problems), places)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, normalise.Problem) else "不是数字，不能换算单位"


def _converted(text: str, factor: Decimal) -> str:
    if factor == 1 or not text:
        return text
    return str((Decimal(text.replace(",", "")) * factor).normalize())


def _text(cell: Any) -> str:
    value, _ = normalise.plain(cell)
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return normalise.clean(value) if isinstance(value, str) else normalise.shown(value)
