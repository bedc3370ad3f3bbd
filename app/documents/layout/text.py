"""Running text: levels with their fonts, paragraphs from values, tables within the text (7.3.3)."""

import re

from app.documents.layout import tables, wording
from app.documents.layout.ooxml import NS, clean, el, keep, qualified, run
from app.documents.layout.paging import LINE

AIR, HAIR = 160, 20  # between text and table; where there is no room for more
LEVELS = (
    ("一级标题字", re.compile(r"[一二三四五六七八九十]+、")),
    ("二级标题字", re.compile(r"（[一二三四五六七八九十]+）")),
)


def write(sheet, passages):
    """The passages that hold; a placeholder alone may stand for paragraphs or a table."""
    for text in sheet.chosen(passages):
        name = wording.alone(text)
        value = wording.lookup(name, sheet.values) if name else text
        if isinstance(value, (tables.Table, tables.Form)):
            _table(sheet, value)
        elif isinstance(value, tuple):
            for one in value:
                _paragraph(sheet, [(clean(one), True)])
        elif value is not None:
            _paragraph(sheet, wording.pieces(text, sheet.values))


def _paragraph(sheet, pieces):
    text = "".join(piece for piece, _ in pieces)
    literal = pieces[0][0] if pieces and not pieces[0][1] else ""
    heading = not text.endswith("。") and any(pattern.match(literal) for _, pattern in LEVELS)
    node = sheet.add("公文正文", *_levelled(sheet, text, literal))
    if heading:
        keep(node)
    sheet.flow.text(text, keep=heading)


def _levelled(sheet, text, literal):
    """一、黑体, （一）楷体 up to the first stop; the number comes from the wording, not from a value."""
    for style, pattern in LEVELS:
        if pattern.match(literal):
            head, stop, rest = text.partition("。")
            runs = [run(head + stop, style=sheet.skeleton.style(style))]
            return runs + ([run(rest)] if rest else [])
    return [run(text)]


def _table(sheet, table):
    """Some air around it; it follows what announces it and ends on the grid."""
    sheet.keep_last()
    keep(sheet.add("表间", height=AIR))
    for number, (node, header, heights) in enumerate(tables.build(table, sheet.width, sheet.skeleton.style)):
        if number:
            sheet.hair()
        sheet.append(node)
        if isinstance(table, tables.Form):
            sheet.flow.whole(sum(heights))
        sheet.flow.rows(header, heights)
    rest = -(sheet.flow.used + AIR) % LINE + AIR
    if (
        sheet.flow.left < LINE + HAIR
    ):  # the next line begins a page anyway: nothing here may overflow and begin one too
        rest = HAIR
    sheet.add("表间", properties=[el("w:spacing", line=rest, lineRule="exact")], height=rest)


def texts(element):
    """The text of each paragraph below an element, in document order, tables included."""
    for node in element.iter(qualified("w:p")):
        yield "".join(part.text or "" for part in node.iterfind(".//w:t", NS))
