"""Annual figures as a workbook: a template to fill in, one row a unit, and the filled-in one read back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.exchange import cells, normalise, report_parts, sandbox, tables
from app.exchange.columns import compact
from app.exchange.errors import ExchangeError
from app.exchange.report_parts import CODE, NAME, Stated, place
from app.policy.reports.indicators import Definition, Form, Indicator
from app.policy.terms import Kind

MOST_BYTES = 10 * 1024 * 1024
SECONDS, MEMORY = 20, 512 * 1024 * 1024
SKIPPED = "不涉及"
# Head of the form: field → heading.
HEAD = {
    "platform_receipt": "管理平台受理号",
    "submitted_on": "管理平台提交日期",
    "stated_name": "表头单位名称",
    "stated_address": "表头生产地址",
    "stated_boundary": "表头边界四至",
}
# Units that a heading may name instead of the form's own: how many of the form's unit one of them is.
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
class Line:
    """One unit of a template: what is known already."""

    code: str
    name: str
    head: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    skipped: Iterable[str] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    statements: Sequence[Mapping[str, Any]] = ()


def heads(definition: Definition) -> dict[str, str]:
    """The head as this kind of unit fills it in: only parks have boundaries."""
    return {
        name: label
        for name, label in HEAD.items()
        if name != "stated_boundary" or definition.kind == Kind.PARK
    }


def template(definition: Definition, year: int, lines: Sequence[Line], *, created: datetime) -> bytes:
    """The workbook to fill in: figures, self-check, changes; title, headings, a line of hints, one row a unit."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    tables.stamp(book, created)
    page = book.add_worksheet("填报")
    bold = book.add_format({"bold": True, "font_size": 14})
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#e4f1ea"}
    )
    hint = book.add_format(
        {"font_color": "#606060", "text_wrap": True, "valign": "top", "border": 1, "font_size": 9}
    )
    text = book.add_format({"num_format": "@", "border": 1})
    figure = book.add_format({"border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "border": 1})
    page.write_string(0, 0, title(definition, year), bold)
    inputs, head = definition.inputs, heads(definition)
    for column, label in enumerate((CODE, NAME, *head.values(), *(one.heading for one in inputs))):
        page.write_string(1, column, label, heading)
    for column, words in enumerate(
        (
            "按本列对应单位，请勿改动",
            "",
            *("年-月-日" if name == "submitted_on" else "" for name in head),
            *(hint_of(one) for one in inputs),
        )
    ):
        page.write_string(2, column, words, hint)
    first = 2 + len(head)
    for row, line in enumerate(lines, start=3):
        page.write_string(row, 0, line.code, text)
        page.write_string(row, 1, line.name, text)
        for column, name in enumerate(head, start=2):
            _write(page, row, column, line.head.get(name), day if name == "submitted_on" else text)
        for column, one in enumerate(inputs, start=first):
            value = SKIPPED if one.key in set(line.skipped) else line.values.get(one.key)
            _write(page, row, column, value, text if one.form == Form.TEXT else figure)
    last = max(3, 2 + len(lines))
    for column, one in enumerate(inputs, start=first):
        if one.form == Form.FLAG:
            page.data_validation(3, column, last, column, {"validate": "list", "source": ["是", "否"]})
    page.set_row(1, 48)
    page.set_row(2, 60)
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 28)
    page.set_column(2, first + len(inputs) - 1, 15)
    page.freeze_panes(3, 2)
    report_parts.write(book, {"bold": bold, "heading": heading, "hint": hint, "text": text}, lines)
    book.close()
    return stream.getvalue()


def title(definition: Definition, year: int) -> str:
    return f"{year} 年度动态管理表填报模板：{definition.title}"


def hint_of(one: Indicator) -> str:
    """What a cell wants, in a few words."""
    parts = ["必填" if one.required else "选填"]
    if one.skippable:
        parts.append(f"没有的填“{SKIPPED}”")
    if one.form == Form.FLAG:
        parts.append("填是或否")
    return "；".join([*parts, *(text for text in (one.note.rstrip("。"), one.proof) if text)])


def _write(page: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, Decimal):
        page.write_number(row, column, float(value), style) if _exact(value) else page.write_string(
            row, column, f"{value:f}", style
        )
    elif hasattr(value, "isoformat"):
        page.write_datetime(row, column, value, style)
    else:
        page.write_string(row, column, str(value), style)


def _exact(value: Decimal) -> bool:
    return Decimal(repr(float(value))) == value


@dataclass(frozen=True)
class Given:
    """One unit that came back: raw text a cell, where it stands, what could not be read, what it states."""

    row: int
    code: str
    name: str
    head: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)  # key → the cell, as C5
    stated: Stated | None = None


def read(data: bytes, definition: Definition) -> list[Given]:
    """The rows of a filled-in template. Raises ExchangeError in words for what is no such table."""
    if len(data) > MOST_BYTES:
        raise ExchangeError(f"文件超过 {MOST_BYTES >> 20}MB，请拆分后上传。")
    found: list[Given] | None = None
    stated: dict[str, Stated] = {}
    for sheet in sandbox.run(cells.read, data, seconds=SECONDS, memory=MEMORY):
        rows = sheet["rows"]
        top = next(
            (n for n, row in enumerate(rows[:20]) if any(_heading(cell) == CODE for cell in row)), None
        )
        if top is None:
            continue
        if report_parts.is_part(rows[top]):
            report_parts.read(sheet["name"], rows, top, stated)
        elif found is None:
            columns = _columns(rows[top], definition)
            found = [
                _given(number, row, columns)
                for number, row in enumerate(rows[top + 1 :], top + 2)
                if _filled(row, columns)
            ]
    if found is None and not stated:
        raise ExchangeError(f"没有找到“{CODE}”一列；请使用本系统下载的模板。")
    return list(_joined(found or [], stated))


def _joined(found: Sequence[Given], stated: Mapping[str, Stated]) -> Iterator[Given]:
    """Each unit once, with what it states; a unit that only states something comes last."""
    left = dict(stated)
    for one in found:
        yield replace(one, stated=left.pop(one.code, None))
    for code, part in left.items():
        yield Given(part.row, code, part.name, stated=part)


Column = tuple[str, Indicator | None, Decimal]


def _columns(headings: Sequence[Any], definition: Definition) -> dict[int, Column]:
    """Place → what stands there and by what to multiply. Raises ExchangeError for unknown or repeated headings."""
    known = {CODE: "code", NAME: "name", **{label: name for name, label in HEAD.items()}}
    found: dict[int, Column] = {}
    unknown = []
    for column, cell in enumerate(headings):
        label = _heading(cell)
        if not label:
            continue
        if label in known:
            found[column] = (known[label], None, Decimal(1))
        elif known_as := _indicator(label, definition):
            found[column] = known_as
        else:
            unknown.append(str(cell))
    names = [one[0] for one in found.values()]
    if unknown:
        raise ExchangeError(
            f"表中有本年度指标之外的列：{'、'.join(unknown[:5])}；请改正列名或单位，或删去后重新上传。"
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ExchangeError(
            f"有重复的列：{'、'.join(definition.names.get(name, name) for name in twice)}；请删去多余的列。"
        )
    return found


def _heading(cell: Any) -> str:
    return compact(cell) if isinstance(cell, str) else ""


def _indicator(label: str, definition: Definition) -> Column | None:
    for one in definition.inputs:
        if label in (compact(one.heading), compact(one.name)):
            return one.key, one, Decimal(1)
        for unit, factor in FACTORS.get(one.unit, {}).items():
            if label == compact(f"{one.name}（{unit}）"):
                return one.key, one, factor
    return None


def _filled(row: Sequence[Any], columns: Mapping[int, Column]) -> bool:
    """A row of a unit: it has a code that is none of the hints, or figures without one."""
    held = {name: row[column] for column, (name, _, _) in columns.items() if column < len(row)}
    code = held.get("code")
    if isinstance(code, str) and code.startswith("按本列"):
        return False
    return any(value not in (None, "") for value in held.values())


def _given(number: int, row: Sequence[Any], columns: Mapping[int, Column]) -> Given:
    texts: dict[str, str] = {}
    skipped: list[str] = []
    problems: list[str] = []
    for column, (name, one, factor) in columns.items():
        try:
            text = _text(row[column] if column < len(row) else None)
            if one is not None and text == SKIPPED:
                skipped.append(name)
                continue
            texts[name] = (
                text
                if factor == 1 or not text
                else str((Decimal(text.replace(",", "")) * factor).normalize())
            )
        except (normalise.Problem, ArithmeticError) as problem:
            words = str(problem) if isinstance(problem, normalise.Problem) else "不是数字，不能换算单位"
            problems.append(
                f"{place(number, column)} “{one.name if one else HEAD.get(name, name)}”：{words}。"
            )
    head = {name: texts.pop(name) for name in (*HEAD, "code", "name") if name in texts}
    code, shown = head.pop("code", "").upper().replace(" ", ""), head.pop("name", "")
    places = {name: place(number, column) for column, (name, _, _) in columns.items()}
    return Given(number, code, shown, head, texts, tuple(skipped), tuple(problems), places)


def _text(cell: Any) -> str:
    value, _ = normalise.plain(cell)
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return normalise.clean(value) if isinstance(value, str) else normalise.shown(value)
