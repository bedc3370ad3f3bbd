"""The workbook of annual figures to fill in: one row a unit, known values already in it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.exchange import report_parts, tables
from app.exchange.report_parts import CODE, NAME
from app.policy.reports.indicators import Definition, Form, Indicator
from app.policy.terms import Kind

SKIPPED = "不涉及"
# Head of the form: field → heading.
HEAD = {
    "platform_receipt": "管理平台受理号",
    "submitted_on": "管理平台提交日期",
    "stated_name": "表头单位名称",
    "stated_address": "表头生产地址",
    "stated_boundary": "表头边界四至",
}
TITLE_ROW, HEADING_ROW, HINT_ROW, FIRST_ROW = 0, 1, 2, 3
HEAD_COLUMN = 2  # after code and name


@dataclass(frozen=True)
class Line:
    """One unit of a template, with the values known already."""

    code: str
    name: str
    head: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    skipped: Iterable[str] = ()
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    statements: Sequence[Mapping[str, Any]] = ()


def template(definition: Definition, year: int, lines: Sequence[Line], *, created: datetime) -> bytes:
    """Return the workbook: figures, self-check and changes, each with title, headings, hints and rows."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    tables.stamp(book, created)
    _Figures(book, definition).write(title(definition, year), lines)
    book.close()
    return stream.getvalue()


class _Figures:
    """The sheet of figures in the making, and the styles it shares with the other sheets."""

    def __init__(self, book: xlsxwriter.Workbook, definition: Definition) -> None:
        self.book = book
        self.page = book.add_worksheet("填报")
        self.styles = _styles(book)
        self.head = heads(definition)
        self.inputs = definition.inputs

    def write(self, words: str, lines: Sequence[Line]) -> None:
        self.page.write_string(TITLE_ROW, 0, words, self.styles["bold"])
        self._headings()
        for row, line in enumerate(lines, start=FIRST_ROW):
            self._row(row, line)
        self._choices(max(FIRST_ROW, FIRST_ROW - 1 + len(lines)))
        self._lay_out()
        report_parts.write(self.book, self.styles, lines)

    def _headings(self) -> None:
        labels = (CODE, NAME, *self.head.values(), *(indicator.heading for indicator in self.inputs))
        hints = (
            "按本列对应单位，请勿改动",
            "",
            *("年-月-日" if name == "submitted_on" else "" for name in self.head),
            *(hint_of(indicator) for indicator in self.inputs),
        )
        for column, (label, hint) in enumerate(zip(labels, hints, strict=True)):
            self.page.write_string(HEADING_ROW, column, label, self.styles["heading"])
            self.page.write_string(HINT_ROW, column, hint, self.styles["hint"])

    def _row(self, row: int, line: Line) -> None:
        text, figure, day = (self.styles[name] for name in ("text", "figure", "day"))
        self.page.write_string(row, 0, line.code, text)
        self.page.write_string(row, 1, line.name, text)
        for column, name in enumerate(self.head, start=HEAD_COLUMN):
            _write(self.page, row, column, line.head.get(name), day if name == "submitted_on" else text)
        skipped = set(line.skipped)
        for column, indicator in self._indicator_columns():
            value = SKIPPED if indicator.key in skipped else line.values.get(indicator.key)
            _write(self.page, row, column, value, text if indicator.form == Form.TEXT else figure)

    def _choices(self, last_row: int) -> None:
        for column, indicator in self._indicator_columns():
            if indicator.form == Form.FLAG:
                choices = {"validate": "list", "source": ["是", "否"]}
                self.page.data_validation(FIRST_ROW, column, last_row, column, choices)

    def _indicator_columns(self) -> Iterator[tuple[int, Indicator]]:
        return enumerate(self.inputs, start=HEAD_COLUMN + len(self.head))

    def _lay_out(self) -> None:
        self.page.set_row(HEADING_ROW, 48)
        self.page.set_row(HINT_ROW, 60)
        self.page.set_column(0, 0, 22)
        self.page.set_column(1, 1, 28)
        self.page.set_column(2, HEAD_COLUMN + len(self.head) + len(self.inputs) - 1, 15)
        self.page.freeze_panes(FIRST_ROW, 2)


def _styles(book: xlsxwriter.Workbook) -> dict[str, Any]:
    return {
        "bold": book.add_format({"bold": True, "font_size": 14}),
        "heading": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#e4f1ea"}
        ),
        "hint": book.add_format(
            {"font_color": "#606060", "text_wrap": True, "valign": "top", "border": 1, "font_size": 9}
        ),
        "text": book.add_format({"num_format": "@", "border": 1}),
        "figure": book.add_format({"border": 1}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "border": 1}),
    }


def heads(definition: Definition) -> dict[str, str]:
    """Return the head for this kind of unit: only parks have boundaries."""
    return {
        name: label
        for name, label in HEAD.items()
        if name != "stated_boundary" or definition.kind == Kind.PARK
    }


def title(definition: Definition, year: int) -> str:
    """Return the title of the sheet."""
    return f"{year} 年度动态管理表填报模板：{definition.title}"


def hint_of(indicator: Indicator) -> str:
    """Return the hint under a heading, in a few words."""
    parts = ["必填" if indicator.required else "选填"]
    if indicator.skippable:
        parts.append(f"没有的填“{SKIPPED}”")
    if indicator.form == Form.FLAG:
        parts.append("填是或否")
    return "；".join([*parts, *(text for text in (indicator.note.rstrip("。"), indicator.proof) if text)])


def _write(page: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_string(row, column, "是" if value else "否", style)
    elif isinstance(value, Decimal) and _is_exact(value):
        page.write_number(row, column, float(value), style)
    elif isinstance(value, Decimal):
        page.write_string(row, column, f"{value:f}", style)
    elif hasattr(value, "isoformat"):
        page.write_datetime(row, column, value, style)
    else:
        page.write_string(row, column, str(value), style)


def _is_exact(value: Decimal) -> bool:
    return Decimal(repr(float(value))) == value
