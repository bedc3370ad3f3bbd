"""Annual figures read back from a filled-in workbook, one row a unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeAlias

from app.exchange import cells, normalise, quantities, report_parts, sandbox
from app.exchange.columns import compact
from app.exchange.errors import ExchangeError
from app.exchange.places import cell_name
from app.exchange.report_parts import CODE, NAME, YEARS, Statements
from app.exchange.report_template import HEAD, SKIPPED
from app.policy import measures, spelling
from app.policy.reports import cell_values
from app.policy.reports.indicators import Definition, Indicator

MAX_BYTES = 10 * 1024 * 1024
MAX_SECONDS, MAX_MEMORY = 20, 512 * 1024 * 1024
HEADINGS_WITHIN = 20  # rows


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
    remarks: tuple[str, ...] = ()  # figures converted by a standard


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
            figures = _figures(rows, top, definition, bool(sheet.get("from_1904")))
    if figures is None and not stated:
        raise ExchangeError(f"没有找到“{CODE}”一列；请使用本系统下载的模板。")
    return list(_joined(figures or [], stated))


def _heading_row(rows: Sequence[Sequence[Any]]) -> int | None:
    numbered = enumerate(rows[:HEADINGS_WITHIN])
    return next((number for number, row in numbered if any(_heading(cell) == CODE for cell in row)), None)


def _figures(
    rows: Sequence[Sequence[Any]], top: int, definition: Definition, from_1904: bool
) -> list[UnitRow]:
    columns = _columns(rows[top], definition)
    numbered = enumerate(rows[top + 1 :], top + 2)
    return [_unit_row(number, row, columns, from_1904) for number, row in numbered if _is_unit(row, columns)]


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
        stated = _stated_unit(label, compact(indicator.name))
        if stated and (factor := measures.factor_of_report(indicator.unit, stated)) is not None:
            return indicator.key, indicator, factor
    return None


def _stated_unit(label: str, name: str) -> str:
    """Return what a heading says beyond a name: the unit in brackets of any kind, or after a stroke."""
    return label[len(name) :].strip("()[]【】/:").removeprefix("单位:") if label.startswith(name) else ""


def _is_unit(row: Sequence[Any], columns: Mapping[int, Column]) -> bool:
    """Return whether a row is a unit's: not the hints, and with at least one value."""
    values = {key: row[index] for index, (key, _, _) in columns.items() if index < len(row)}
    code = values.get("code")
    if isinstance(code, str) and code.startswith("按本列"):
        return False
    return not all(map(normalise.is_blank, values.values()))


def _unit_row(number: int, row: Sequence[Any], columns: Mapping[int, Column], from_1904: bool) -> UnitRow:
    texts: dict[str, str] = {}
    skipped: list[str] = []
    problems: list[str] = []
    for index, (key, indicator, factor) in columns.items():
        cell = row[index] if index < len(row) else None
        try:
            text = _figure(cell, indicator, factor) if indicator else _head(cell, key, from_1904)
        except normalise.Problem as problem:
            label = indicator.name if indicator else HEAD.get(key, key)
            problems.append(f"{cell_name(number, index)} “{label}”：{problem}。")
            continue
        if indicator is not None and text == SKIPPED:
            skipped.append(key)
        else:
            texts[key] = text
    head = {key: texts.pop(key) for key in (*HEAD, "code", "name") if key in texts}
    code, name = head.pop("code", ""), head.pop("name", "")
    places = {key: cell_name(number, index) for index, (key, _, _) in columns.items()}
    remarks = tuple(_remarks(row, columns, number))
    return UnitRow(number, code, name, head, texts, tuple(skipped), tuple(problems), places, remarks=remarks)


def _head(cell: Any, key: str, from_1904: bool) -> str:
    """Return a cell of the head as text. Raises Problem."""
    value, _ = normalise.plain(cell)
    if normalise.is_blank(value):
        return ""
    if key == "code":
        if not isinstance(value, str):
            return str(normalise.digits(value)[0])
        return spelling.code(value)
    if key == "platform_receipt":
        return str(normalise.digits(value)[0])
    if key == "submitted_on":
        day, _ = quantities.day(value, YEARS, from_1904)
        return day.isoformat() if day else ""
    return normalise.clean(value)


def _figure(cell: Any, indicator: Indicator, factor: Decimal) -> str:
    """Return a figure as text in the unit of the form. Raises Problem."""
    value, _ = normalise.plain(cell)
    if normalise.is_blank(value):
        return ""
    if isinstance(value, normalise.Percent):
        if indicator.unit != "%":
            raise normalise.Problem(f"“{value}”是百分数，本项单位为{indicator.unit or '无'}；请核对后填写")
        return str(value).removesuffix("%")
    if isinstance(value, float):
        if abs(value) >= normalise.EXACT_INTEGERS:
            raise normalise.Problem("数字过大，末位可能已丢失；请核对后填写")
        value = Decimal(f"{value:.15g}")
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f"{_plain_number(Decimal(value) * factor)}"
    return _converted(normalise.clean(value), factor)


def _plain_number(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


def _converted(text: str, factor: Decimal) -> str:
    """Return typed text in the unit of the form; a number with a unit of its own is left to the form."""
    bare = compact(text).replace(",", "")
    if factor == 1 or not text or text in cell_values.BLANK_MARKS or text == SKIPPED:
        return text
    try:
        return _plain_number(Decimal(bare) * factor)
    except ArithmeticError:
        raise normalise.Problem(f"“{text[:20]}”不是数字，不能换算单位") from None


def _remarks(row: Sequence[Any], columns: Mapping[int, Column], number: int) -> Iterator[str]:
    """Yield a remark for each figure that a standard converts."""
    for index, (_, indicator, factor) in columns.items():
        converted = indicator is not None and indicator.unit == "tce" and measures.is_by_joules(factor)
        if converted and index < len(row) and not normalise.is_blank(row[index]):
            yield f"{cell_name(number, index)} “{indicator.name}”按 {measures.JOULES} 折算。"  # type: ignore[union-attr]
