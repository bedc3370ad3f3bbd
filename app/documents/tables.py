"""Tables: repeated header, rows that never split, split after 500 rows, made by cloning one row."""

from copy import deepcopy
from dataclasses import dataclass
from math import ceil

from app.documents.chinese import width
from app.documents.ooxml import clean, el, qualified, run

SPLIT = 500
CELL_MARGIN = 85
LINE = 345
CHARACTER = 240
MINIMUM = 510
_TEXT = qualified("w:t")
_HEIGHT = qualified("w:trHeight")
_VALUE = qualified("w:val")


@dataclass(frozen=True)
class Column:
    """A column: heading, share of the width in twips, whether its cells are centred."""

    heading: str
    share: int
    centred: bool = False


SERIAL = Column("序号", 740, centred=True)


@dataclass(frozen=True)
class Table:
    """Rows of text under headings; landscape ones get pages of their own."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    landscape: bool = False
    numbered: bool = True


@dataclass(frozen=True)
class Form:
    """Pairs of label and text, one pair a row: records and opinion sheets."""

    pairs: tuple[tuple[str, str], ...]


def grid(columns, available):
    """Widths that add up to the type area exactly; a column for serial numbers keeps its own."""
    fixed = sum(column.share for column in columns if column == SERIAL)
    total = sum(column.share for column in columns) - fixed
    widths = [c.share if c == SERIAL else c.share * (available - fixed) // total for c in columns]
    widths[-1] += available - sum(widths)
    return widths


def text_lines(text, cell_width):
    """How many lines a text needs in a cell, rather one too many."""
    room = (cell_width - 2 * CELL_MARGIN) / CHARACTER
    return max(1, ceil(width(text) / max(1, int(room * 2) / 2 - 0.25)))


def row_height(texts, widths):
    """Height of a row in twips: set by us, so that pages can be counted without a layout engine."""
    lines = max(text_lines(text, cell) for text, cell in zip(texts, widths, strict=True))
    return max(MINIMUM, lines * LINE + 40)


def build(table, available, style):
    """Yield (element, header height, row heights); more than one pair when the table is long."""
    if isinstance(table, Form):
        yield _form(table, available, style)
        return
    columns = (SERIAL, *table.columns) if table.numbered else table.columns
    rows = [(str(n), *row) for n, row in enumerate(table.rows, start=1)] if table.numbered else table.rows
    widths = grid(columns, available)
    headings = [column.heading for column in columns]
    head = _row(headings, widths, [style("表头文字")] * len(columns), header=True)
    pattern = _row(
        [""] * len(columns), widths, [style("表格居中" if c.centred else "表格文字") for c in columns]
    )
    for start in range(0, max(1, len(rows)), SPLIT):
        node, heights = _frame(widths), []
        node.append(deepcopy(head))
        for row in rows[start : start + SPLIT]:
            height = row_height(row, widths)
            node.append(_clone(pattern, row, height))
            heights.append(height)
        yield node, row_height(headings, widths), heights


def _clone(pattern, texts, height):
    row = deepcopy(pattern)
    for node, text in zip(row.iter(_TEXT), texts, strict=True):
        node.text = clean(text)
    next(row.iter(_HEIGHT)).set(_VALUE, str(height))
    return row


def _frame(widths):
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return el(
        "w:tbl",
        el(
            "w:tblPr",
            el("w:tblW", w=sum(widths), type="dxa"),
            el("w:jc", val="center"),
            el(
                "w:tblBorders",
                *(el(f"w:{side}", val="single", sz=4, space=0, color="000000") for side in sides),
            ),
            el("w:tblLayout", type="fixed"),
            el("w:tblCellMar", *(el(f"w:{side}", w=CELL_MARGIN, type="dxa") for side in ("left", "right"))),
        ),
        el("w:tblGrid", *(el("w:gridCol", w=width_) for width_ in widths)),
    )


def _row(texts, widths, styles, header=False, height=None):
    properties = [
        el("w:cantSplit"),
        el("w:trHeight", val=height or row_height(texts, widths), hRule="atLeast"),
    ]
    if header:
        properties.append(el("w:tblHeader"))
    cells = (_cell(*triple) for triple in zip(texts, widths, styles, strict=True))
    return el("w:tr", el("w:trPr", *properties), *cells)


def _cell(text, cell_width, style):
    return el(
        "w:tc",
        el("w:tcPr", el("w:tcW", w=cell_width, type="dxa"), el("w:vAlign", val="center")),
        el("w:p", el("w:pPr", el("w:pStyle", val=style)), run(text)),
    )


def _form(form, available, style):
    widths = [available * 22 // 100, available - available * 22 // 100]
    node, heights = _frame(widths), []
    for label, text in form.pairs:
        heights.append(row_height((label, text), widths))
        node.append(_row((label, text), widths, [style("表头文字"), style("表格文字")], height=heights[-1]))
    return node, 0, heights
