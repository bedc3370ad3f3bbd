"""Issuer's mark, number, title, addressee (GB/T 9704, 7.2.4–7.3.2; letters 10.1)."""

from app.documents.layout import wording
from app.documents.layout.chinese import width
from app.documents.layout.ooxml import clean, el, qualified, run
from app.documents.layout.paging import LINE
from app.documents.layout.titles import break_title

MARK_WIDTH = 147 * 20 * 72 / 25.4  # a little less than the 150 mm that a mark may be wide
NARROWEST = 50  # per cent; below it characters become a fence of sticks
TITLE_LINE = 700


def red_head(sheet, issuer, number):
    """文件头: mark, two lines, number over the red rule, two lines."""
    _mark(sheet.add("发文机关标志", height=3060), f"{issuer}文件", 100)
    sheet.blank(2)
    sheet.add("发文字号", run(number), height=LINE + 190)
    sheet.blank(2)


def letter_head(sheet, issuer, number):
    """信函: the mark stands in the first page's header, the number right below the double rule."""
    _mark(sheet.skeleton.first_header_mark("信函机关标志"), issuer, 96)
    sheet.flow.block(1020)
    sheet.add("信函字号", run(number), height=LINE)
    sheet.blank(2)


def _mark(node, text, half_points):
    """As tall as the style says, narrowed until it fits; a very long name is set smaller."""
    for child in node.findall(qualified("w:r")):
        node.remove(child)
    scale = min(100, int(100 * MARK_WIDTH / (width(text) * half_points * 10)))
    if scale < NARROWEST:
        half_points, scale = half_points * scale // NARROWEST, NARROWEST
    node.append(run(text, el("w:w", val=scale), el("w:sz", val=half_points), el("w:szCs", val=half_points)))


def title_lines(words, filling):
    """The title, broken into lines."""
    texts = (passage.text for passage in words.lines("标题") if wording.applies(passage, filling.cases))
    return [clean(line) for line in break_title([wording.pieces(text, filling.values) for text in texts])]


def title(sheet, lines, number=None):
    """The title; a numbered paper without a head has its number below it."""
    for line in lines:
        sheet.add("公文标题", run(line), height=TITLE_LINE)
    if number:
        sheet.add("无头字号", run(number), height=LINE)
    sheet.blank()


def addressee(sheet):
    """主送机关, flush left."""
    for line in sheet.filled("主送"):
        sheet.add("主送机关", run(line))
        sheet.flow.text(line, indent=0)
