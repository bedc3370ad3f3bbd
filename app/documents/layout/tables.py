"""Tables: repeated header, rows that never split, split after 500 rows, made by cloning one row."""

from copy import copy, deepcopy
from dataclasses import dataclass
from math import ceil

from app.documents.layout.chinese import width
from app.documents.layout.ooxml import clean, el, keep, qualified, run

SPLIT = 500
_TEXT = qualified("w:t")
_HEIGHT = qualified("w:trHeight")
_VALUE = qualified("w:val")


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


def grid(columns, available):
    """Widths that add up to the type area exactly."""
    fixed = sum(column.share for column in columns if column.fixed)
    total = sum(column.share for column in columns) - fixed
    widths = [c.share if c.fixed else c.share * (available - fixed) // total for c in columns]
    widths[-1] += available - sum(widths)
    return widths


@dataclass(frozen=True)
class Size:
    """A size of table text, in twips: character, exact line, lowest row, cell margin; names of its styles."""

    character: int
    line: int
    lowest: int
    margin: int
    heading: str
    text: str
    centred: str

    def lines(self, text, cell_width):
        """How many lines a text needs in a cell, rather one too many."""
        room = (cell_width - 2 * self.margin) / self.character
        return max(1, ceil(width(text) / max(1, int(room * 2) / 2 - 0.25)))

    def height(self, texts, widths):
        """Height of a row: set by us, so that pages can be counted without a layout engine."""
        lines = max(self.lines(text, cell) for text, cell in zip(texts, widths, strict=True))
        return max(self.lowest, lines * self.line + 40)


NORMAL = Size(240, 345, 510, 85, "表头文字", "表格文字", "表格居中")
SMALL = Size(180, 260, 400, 40, "小表头文字", "小表格文字", "小表格居中")


def build(table, available, style):
    """Yield (element, header height, row heights); more than one when the table is long."""
    if isinstance(table, Form):
        yield _form(table, available, style)
        return
    size = SMALL if table.crowded else NORMAL
    columns = (SERIAL, *table.columns) if table.numbered else table.columns
    rows = [(str(n), *row) for n, row in enumerate(table.rows, start=1)] if table.numbered else table.rows
    widths = grid(columns, available)
    headings = [column.heading for column in columns]
    top = size.height(headings, widths)
    head = _row(headings, widths, [style(size.heading)] * len(columns), top, header=True)
    pattern = _row(
        [""] * len(columns), widths, [style(size.centred if c.centred else size.text) for c in columns], 0
    )
    for start in range(0, max(1, len(rows)), SPLIT):
        node, heights = _frame(widths, size.margin), []
        node.append(deepcopy(head))
        for row in rows[start : start + SPLIT]:
            heights.append(size.height(row, widths))
            node.append(_clone(pattern, row, heights[-1]))
        yield node, top, heights


def _clone(pattern, texts, height):
    row = copy(pattern)  # lxml copies the whole branch, and faster than deepcopy does
    for node, text in zip(row.iter(_TEXT), texts, strict=True):
        node.text = clean(text)
    row[0].find(_HEIGHT).set(_VALUE, str(height))
    return row


def _frame(widths, margin):
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
            el("w:tblCellMar", *(el(f"w:{side}", w=margin, type="dxa") for side in ("left", "right"))),
        ),
        el("w:tblGrid", *(el("w:gridCol", w=one) for one in widths)),
    )


def _row(texts, widths, styles, height, header=False):
    properties = [el("w:cantSplit"), el("w:trHeight", val=height, hRule="atLeast")]
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
    label = available * 24 // 100
    widths = [label, available - label]
    node, heights = _frame(widths, NORMAL.margin), []
    for pair in form.pairs:
        heights.append(NORMAL.height(pair, widths))
        node.append(_row(pair, widths, [style(NORMAL.heading), style(NORMAL.text)], heights[-1]))
    for row in list(node.iterchildren(qualified("w:tr")))[:-1]:
        for paragraph in row.iter(qualified("w:p")):
            keep(paragraph)  # a form is filled in by hand: its last lines do not stand alone on a page
    return node, 0, heights
