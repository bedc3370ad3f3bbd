"""Tables: repeated header, rows that never split, a new table every 500 rows."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from app.documents.layout.chinese import width
from app.documents.layout.ooxml import Element, clean, el, keep_with_next, qualified, run

MAX_ROWS = 500  # of one table
_TEXT = qualified("w:t")
_HEIGHT = qualified("w:trHeight")
_VALUE = qualified("w:val")

StyleId: TypeAlias = Callable[[str], str]  # name of a style → its id
BuiltTable: TypeAlias = tuple[Element, int, list[int]]  # element, header height, row heights


@dataclass(frozen=True)
class Column:
    """A column: heading, share of the width in twips (or the width itself), whether its cells are centred."""

    heading: str
    share: int
    centred: bool = False
    fixed: bool = False


SERIAL = Column("序号", 740, centred=True, fixed=True)


@dataclass(frozen=True)
class Table:
    """Rows of text under headings; landscape ones get pages of their own, crowded ones a smaller size."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    landscape: bool = False
    numbered: bool = True
    crowded: bool = False


@dataclass(frozen=True)
class Form:
    """Pairs of label and text, one pair a row: records and opinion sheets."""

    pairs: tuple[tuple[str, str], ...]


def column_widths(columns: Sequence[Column], available: int) -> list[int]:
    """Return widths that add up to the type area exactly."""
    fixed = sum(column.share for column in columns if column.fixed)
    total = sum(column.share for column in columns) - fixed
    widths = [c.share if c.fixed else c.share * (available - fixed) // total for c in columns]
    widths[-1] += available - sum(widths)
    return widths


@dataclass(frozen=True)
class Size:
    """A size of table text in twips (character, exact line, lowest row, cell margin) and its styles."""

    character: int
    line: int
    min_row: int
    margin: int
    heading: str
    text: str
    centred: str

    def lines(self, text: str, cell_width: int) -> int:
        """Return how many lines a text needs in a cell, rather one too many."""
        room = (cell_width - 2 * self.margin) / self.character
        return max(1, ceil(width(text) / max(1, int(room * 2) / 2 - 0.25)))

    def height(self, texts: Sequence[str], widths: Sequence[int]) -> int:
        """Return the height of a row; it is set in the file, so that pages can be counted."""
        lines = max(self.lines(text, cell) for text, cell in zip(texts, widths, strict=True))
        return max(self.min_row, lines * self.line + 40)


NORMAL = Size(240, 345, 510, 85, "表头文字", "表格文字", "表格居中")
SMALL = Size(180, 260, 400, 40, "小表头文字", "小表格文字", "小表格居中")


def build(table: Table | Form, available: int, style: StyleId) -> Iterator[BuiltTable]:
    """Yield the table, or several when it is long."""
    if isinstance(table, Form):
        yield _build_form(table, available, style)
    else:
        yield from _build_tables(table, available, style)


def _build_tables(table: Table, available: int, style: StyleId) -> Iterator[BuiltTable]:
    size = SMALL if table.crowded else NORMAL
    columns = (SERIAL, *table.columns) if table.numbered else table.columns
    rows = [(str(n), *row) for n, row in enumerate(table.rows, start=1)] if table.numbered else table.rows
    widths = column_widths(columns, available)
    headings = [column.heading for column in columns]
    header_height = size.height(headings, widths)
    header = _row(headings, widths, [style(size.heading)] * len(columns), header_height, header=True)
    styles = [style(size.centred if column.centred else size.text) for column in columns]
    pattern = _row([""] * len(columns), widths, styles, 0)
    for start in range(0, max(1, len(rows)), MAX_ROWS):
        node = _frame(widths, size.margin)
        node.append(deepcopy(header))
        heights: list[int] = []
        for row in rows[start : start + MAX_ROWS]:
            heights.append(size.height(row, widths))
            node.append(_clone(pattern, row, heights[-1]))
        yield node, header_height, heights


def _clone(pattern: Element, texts: Sequence[str], height: int) -> Element:
    row = copy(pattern)  # lxml copies the whole branch, and faster than deepcopy does
    for node, text in zip(row.iter(_TEXT), texts, strict=True):
        node.text = clean(text)
    row[0].find(_HEIGHT).set(_VALUE, str(height))
    return row


def _frame(widths: Sequence[int], margin: int) -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = (el(f"w:{side}", val="single", sz=4, space=0, color="000000") for side in sides)
    margins = (el(f"w:{side}", w=margin, type="dxa") for side in ("left", "right"))
    return el(
        "w:tbl",
        el(
            "w:tblPr",
            el("w:tblW", w=sum(widths), type="dxa"),
            el("w:jc", val="center"),
            el("w:tblBorders", *borders),
            el("w:tblLayout", type="fixed"),
            el("w:tblCellMar", *margins),
        ),
        el("w:tblGrid", *(el("w:gridCol", w=column_width) for column_width in widths)),
    )


def _row(
    texts: Sequence[str], widths: Sequence[int], styles: Sequence[str], height: int, header: bool = False
) -> Element:
    properties = [el("w:cantSplit"), el("w:trHeight", val=height, hRule="atLeast")]
    if header:
        properties.append(el("w:tblHeader"))
    cells = (_cell(*cell) for cell in zip(texts, widths, styles, strict=True))
    return el("w:tr", el("w:trPr", *properties), *cells)


def _cell(text: str, cell_width: int, style: str) -> Element:
    return el(
        "w:tc",
        el("w:tcPr", el("w:tcW", w=cell_width, type="dxa"), el("w:vAlign", val="center")),
        el("w:p", el("w:pPr", el("w:pStyle", val=style)), run(text)),
    )


def _build_form(form: Form, available: int, style: StyleId) -> BuiltTable:
    label_width = available * 24 // 100
    widths = [label_width, available - label_width]
    styles = [style(NORMAL.heading), style(NORMAL.text)]
    node = _frame(widths, NORMAL.margin)
    heights: list[int] = []
    for pair in form.pairs:
        heights.append(NORMAL.height(pair, widths))
        node.append(_row(pair, widths, styles, heights[-1]))
    for row in list(node.iterchildren(qualified("w:tr")))[:-1]:
        for paragraph in row.iter(qualified("w:p")):
            keep_with_next(paragraph)  # a form is filled in by hand: no last lines alone on a page
    return node, 0, heights
