"""The imprint 版记 at the bottom of the last page (7.4, 10.1)."""

import re
from collections.abc import Iterator

from app.documents.checks.effective import whole
from app.documents.checks.elements import Paper, Table
from app.documents.checks.fonts import FANG, is_a
from app.documents.checks.result import LETTER, RED_HEAD, Fault, Rulebook
from app.documents.checks.source import Element, W

PRINTED = re.compile(r"^(.+?)\s*(\d{4}年\d{1,2}月\d{1,2}日)印发$")
PLAIN_DATE = re.compile(r"^\d{4}年[1-9]\d?月[1-9]\d?日$")
PUBLICITY = re.compile(r"^公开方式：(主动公开|依申请公开|不予公开)$")
SIZE = 28
THICK, THIN = 8, 6  # 0.35 mm and 0.25 mm in eighths of a point
ONE_CHARACTER = (250, 320)
BLACK = {"000000", "auto"}
PLACE = {"vertAnchor": "margin", "tblpYSpec": "bottom", "horzAnchor": "page", "tblpX": "1587"}
rules: Rulebook[Paper] = Rulebook()


def has_imprint(paper: Paper) -> bool:
    """Return whether the paper has an imprint."""
    return paper.imprint is not None


@rules("7.4", "版记", "公开方式、抄送机关、印发机关和印发日期", families=(RED_HEAD,))
def content(paper: Paper) -> Iterator[Fault]:
    if paper.imprint is None:
        yield "文末", "没有版记"
        return
    lines = _lines(paper.imprint)
    if fault := _last_line_fault(lines):
        yield "版记", fault
    yield from (("版记", line) for line in lines if line.startswith("抄送：") and not line.endswith("。"))
    yield from (("版记", line) for line in lines if line.startswith("公开方式") and not PUBLICITY.match(line))


def _last_line_fault(lines: list[str]) -> str:
    printed = PRINTED.match(lines[-1]) if lines else None
    if printed is None:
        return "末行不是印发机关和印发日期"
    return "" if PLAIN_DATE.match(printed[2]) else f"印发日期“{printed[2]}”"


@rules("7.4", "版记次序", "公开方式、抄送、印发自上而下", when=has_imprint)
def order(paper: Paper) -> Iterator[Fault]:
    lines = _lines(paper.required_imprint)
    kinds = [0 if line.startswith("公开方式") else 1 if line.startswith("抄送") else 2 for line in lines]
    if kinds != sorted(kinds):
        yield "版记", "次序有误"


@rules("7.4", "版记字体字号", "4号仿宋体，左右各空一字", when=has_imprint)
def font(paper: Paper) -> Iterator[Fault]:
    for each in paper.required_imprint.paragraphs:
        if any(run.size != SIZE or not is_a(run.font, FANG) for run in each.runs if run.text.strip()):
            yield each.where, "不是4号仿宋体"
        first = each.number("ind", "left") - each.number("ind", "hanging")
        if each.words and not all(
            ONE_CHARACTER[0] <= side <= ONE_CHARACTER[1] for side in (first, each.number("ind", "right"))
        ):
            yield each.where, "未左右各空一字"


@rules("7.4.1", "版记分隔线", "首条和末条0.35 mm、中间0.25 mm，黑色", families=(RED_HEAD,), when=has_imprint)
def lines(paper: Paper) -> Iterator[Fault]:
    edges = _ruled_edges(paper.required_imprint)
    outer, inner = [*edges[:1], *edges[-1:]], edges[1:-1]
    if not outer or None in outer:
        yield "版记", "缺首条或末条分隔线"
        return
    between = [edge for edge in inner if edge is not None]
    if _any_size_but(THICK, outer):
        yield "版记", "首末条不是0.35 mm"
    if inner and not between:
        yield "版记", "缺中间分隔线"
    if _any_size_but(THIN, between):
        yield "版记", "中间不是0.25 mm"
    if _any_colored([*outer, *between]):
        yield "版记", "不是黑色"


@rules("7.4", "版记位置", "浮动表格，置于版心下边缘", when=has_imprint)
def anchored(paper: Paper) -> Iterator[Fault]:
    node = paper.required_imprint.element.find(f"{W}tblPr/{W}tblpPr")
    place = {key: None if node is None else node.get(W + key) for key in PLACE}
    if place != PLACE:
        yield "版记", "不是浮动表格" if node is None else "未锚定在版心下边缘"


@rules("10.1", "信函版记", "不加印发机关、印发日期和分隔线", families=(LETTER,), when=has_imprint)
def letter_imprint(paper: Paper) -> Iterator[Fault]:
    table = paper.required_imprint
    yield from (("版记", line) for line in _lines(table) if line.endswith("印发"))
    edges = (_edge(table, row, side) for row in _rows(table) for side in ("top", "bottom"))
    if any(edge is not None for edge in edges):
        yield "版记", "有分隔线"


def _rows(table: Table) -> list[Element]:
    return table.element.findall(f"{W}tr")


def _text(row: Element) -> str:
    return "".join(each.text or "" for each in row.iter(f"{W}t"))


def _lines(table: Table) -> list[str]:
    return [paragraph.words for paragraph in table.paragraphs if paragraph.words]


def _ruled_edges(table: Table) -> list[Element | None]:
    """Return top and bottom border of each row below 公开方式, None for a missing one."""
    ruled = [row for row in _rows(table) if not _text(row).startswith("公开方式")]
    return [_edge(table, row, side) for row in ruled for side in ("top", "bottom")]


def _any_size_but(eighths: int, edges: list[Element]) -> bool:
    return any(whole(edge.get(f"{W}sz")) != eighths for edge in edges)


def _any_colored(edges: list[Element]) -> bool:
    return any(edge.get(f"{W}color", "auto") not in BLACK for edge in edges)


def _edge(table: Table, row: Element, side: str) -> Element | None:
    """Return the border in force: the cell's own, else the table's."""
    inner = "insideH" if row is not _rows(table)[0 if side == "top" else -1] else side
    for path in (f"{W}tc/{W}tcPr/{W}tcBorders/{W}{side}", f"{W}tblPr/{W}tblBorders/{W}{inner}"):
        node = (row if path.startswith(f"{W}tc/") else table.element).find(path)
        if node is not None:
            return None if node.get(f"{W}val") in ("nil", "none") else node
    return None
