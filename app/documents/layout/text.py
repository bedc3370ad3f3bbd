"""Running text: levels with their fonts, paragraphs from values, tables within the text (7.3.3)."""

import re
from collections.abc import Iterable, Iterator

from app.documents.layout import tables, wording
from app.documents.layout.ooxml import NS, Element, clean, el, keep_with_next, qualified, run
from app.documents.layout.paging import LINE
from app.documents.layout.sheet import SPACER_HEIGHT, Sheet

TABLE_GAP = 160  # twips between text and table
LEVELS = (
    ("一级标题字", re.compile(r"[一二三四五六七八九十]+、")),
    ("二级标题字", re.compile(r"（[一二三四五六七八九十]+）")),
)


def write(sheet: Sheet, passages: Iterable[wording.Passage]) -> None:
    """Write the passages whose case holds; a lone placeholder may stand for paragraphs or a table."""
    for text in sheet.chosen(passages):
        name = wording.sole_placeholder(text)
        value = wording.lookup(name, sheet.values) if name else text
        if isinstance(value, (tables.Table, tables.Form)):
            _write_table(sheet, value)
        elif isinstance(value, tuple):
            for paragraph in value:
                _write_paragraph(sheet, [(clean(paragraph), True)])
        elif value is not None:
            _write_paragraph(sheet, wording.pieces(text, sheet.values))


def _write_paragraph(sheet: Sheet, pieces: list[wording.Piece]) -> None:
    text = "".join(piece for piece, _ in pieces)
    literal = pieces[0][0] if pieces and not pieces[0][1] else ""
    heading = not text.endswith("。") and any(pattern.match(literal) for _, pattern in LEVELS)
    node = sheet.add("公文正文", *_runs(sheet, text, literal))
    if heading:
        keep_with_next(node)
    sheet.pages.add_text(text, heading=heading)


def _runs(sheet: Sheet, text: str, literal: str) -> list[Element]:
    """Set 一、 in 黑体 and （一） in 楷体 up to the first stop; a value cannot begin a level, only the wording."""
    for style, pattern in LEVELS:
        if pattern.match(literal):
            head, stop, rest = text.partition("。")
            runs = [run(head + stop, style=sheet.skeleton.style(style))]
            return runs + ([run(rest)] if rest else [])
    return [run(text)]


def _write_table(sheet: Sheet, table: tables.Table | tables.Form) -> None:
    """Write a table between two gaps; it stays with the text that announces it and ends on the grid."""
    sheet.keep_last_with_next()
    keep_with_next(sheet.add("表间", height=TABLE_GAP))
    built = tables.build(table, sheet.width, sheet.skeleton.style)
    for number, (node, header, heights) in enumerate(built):
        if number:
            sheet.spacer()
        sheet.append(node)
        if isinstance(table, tables.Form):
            sheet.pages.reserve_whole(sum(heights))
        sheet.pages.add_rows(header, heights)
    gap = -(sheet.pages.used + TABLE_GAP) % LINE + TABLE_GAP
    if sheet.pages.left < LINE + SPACER_HEIGHT:
        gap = SPACER_HEIGHT  # the next line begins a page anyway: the gap must not overflow and begin one too
    sheet.add("表间", properties=[el("w:spacing", line=gap, lineRule="exact")], height=gap)


def texts(element: Element) -> Iterator[str]:
    """Yield the text of each paragraph below an element, in document order, tables included."""
    for node in element.iter(qualified("w:p")):
        yield "".join(part.text or "" for part in node.iterfind(".//w:t", NS))
