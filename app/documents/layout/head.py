"""The head of a paper: issuer's mark, number, title, addressee (GB/T 9704, 7.2.4–7.3.2; letters 10.1)."""

from collections.abc import Iterable

from app.documents.layout import wording
from app.documents.layout.chinese import width
from app.documents.layout.ooxml import Element, clean, el, qualified, run
from app.documents.layout.paging import LINE
from app.documents.layout.sheet import Sheet
from app.documents.layout.titles import break_title

MARK_WIDTH = 147 * 20 * 72 / 25.4  # twips; a little less than the 150 mm that a mark may be wide
MIN_SCALE = 50  # per cent; characters set narrower are no longer legible as a mark
TITLE_LINE = 700


def write_red_head(sheet: Sheet, issuer: str, number: str) -> None:
    """Write the 文件头: mark, two blank lines, number over the red rule, two blank lines."""
    _set_mark(sheet.add("发文机关标志", height=3060), f"{issuer}文件", 100)
    sheet.blank(2)
    sheet.add("发文字号", run(number), height=LINE + 190)
    sheet.blank(2)


def write_letter_head(sheet: Sheet, issuer: str, number: str) -> None:
    """Write the 信函 head: the mark in the first page's header, the number right below the double rule."""
    _set_mark(sheet.skeleton.first_header_mark("信函机关标志"), issuer, 96)
    sheet.pages.add_block(1020)
    sheet.add("信函字号", run(number), height=LINE)
    sheet.blank(2)


def _set_mark(node: Element, text: str, half_points: int) -> None:
    """Set the mark as tall as its style, narrowed until it fits; a very long name is set smaller."""
    for child in node.findall(qualified("w:r")):
        node.remove(child)
    scale = min(100, int(100 * MARK_WIDTH / (width(text) * half_points * 10)))
    if scale < MIN_SCALE:
        half_points, scale = half_points * scale // MIN_SCALE, MIN_SCALE
    node.append(run(text, el("w:w", val=scale), el("w:sz", val=half_points), el("w:szCs", val=half_points)))


def title_lines(words: wording.Wording, filling: wording.Filling) -> list[str]:
    """Return the title, broken into lines."""
    texts = (passage.text for passage in words.lines("标题") if wording.applies(passage, filling.cases))
    return [clean(line) for line in break_title([wording.pieces(text, filling.values) for text in texts])]


def write_title(sheet: Sheet, lines: Iterable[str], number: str | None = None) -> None:
    """Write the title; a numbered paper without a head has its number below it."""
    for line in lines:
        sheet.add("公文标题", run(line), height=TITLE_LINE)
    if number:
        sheet.add("无头字号", run(number), height=LINE)
    sheet.blank()


def write_addressee(sheet: Sheet) -> None:
    """Write the 主送机关, flush left."""
    for line in sheet.filled("主送"):
        sheet.add("主送机关", run(line))
        sheet.pages.add_text(line, indent=0)
