"""The head: issuer's mark, number, red rule, title, addressee (7.2, 7.3.1, 7.3.2, 10.1)."""

import re
from collections.abc import Iterator

from app.documents.checks.effective import Paragraph, Run, whole
from app.documents.checks.elements import ADDRESSEE, LETTER_RULES, NUMBERS, TITLE, Paper
from app.documents.checks.fonts import TITLE as TITLE_FONT
from app.documents.checks.fonts import is_a
from app.documents.checks.page import TEXT_WIDTH
from app.documents.checks.result import LETTER, RED_HEAD, Fault, Rulebook
from app.documents.checks.source import Element, W
from app.documents.layout.chinese import width

HEADED = (RED_HEAD, LETTER)
RED = "FF0000"
MAX_MARK_WIDTH = 150.0
NUMBER = re.compile(r"^[一-龥]+〔\d{4}〕[1-9]\d*号$")
TITLE_SIZE = 44
MAX_LINE = 20  # characters of size 2 on 156 mm
RULE_SIZE, RULE_SPACE = "12", "8"
LETTER_RULE, RULE_SLACK = 9638, 20  # 170 mm, 7 mm beyond the type area on both sides
NEVER_FIRST = "，。、；：）》〕”的"
NEEDS_ADDRESSEE = re.compile(r"(通知|函|意见)$")
rules: Rulebook[Paper] = Rulebook()


@rules("7.2.4", "发文机关标志", "小标宋体、红色、居中", families=HEADED)
def mark(paper: Paper) -> Iterator[Fault]:
    if paper.mark is None:
        yield "版头", "没有发文机关标志"
        return
    for run in paper.mark.runs:
        if run.color != RED:
            yield paper.mark.where, f"颜色 {run.color}"
        if not is_a(run.font, TITLE_FONT):
            yield paper.mark.where, run.font
    if paper.mark.attribute("jc") != "center":
        yield paper.mark.where, "未居中"


@rules(
    "7.2.4", "发文机关标志宽度", "不超过150 mm", families=HEADED, when=lambda paper: paper.mark is not None
)
def mark_width(paper: Paper) -> Iterator[Fault]:
    mark = paper.required_mark
    points = sum(width(run.text) * run.size / 2 * _scale(run) for run in mark.runs)
    if points / 72 * 25.4 > MAX_MARK_WIDTH:
        yield mark.where, f"{points / 72 * 25.4:.0f} mm"


@rules("7.2.5", "发文字号", "机关代字〔年份〕序号号：六角括号、不补零、不加“第”", families=HEADED)
def number(paper: Paper) -> Iterator[Fault]:
    paragraph = paper.first(*NUMBERS)
    if paragraph is None:
        yield "版头", "没有发文字号"
    elif not NUMBER.match(paragraph.words):
        yield "版头", paragraph.words


@rules(
    "7.2.5",
    "发文字号位置",
    "文件居中，信函顶格居右",
    families=HEADED,
    when=lambda paper: paper.first(*NUMBERS),
)
def number_place(paper: Paper) -> Iterator[Fault]:
    number = paper.required(*NUMBERS)
    alignment = number.attribute("jc")
    indented = any(number.number("ind", side) for side in ("left", "right", "firstLine"))
    if alignment != ("right" if paper.family == LETTER else "center") or indented:
        yield number.where, f"对齐 {alignment}"


@rules("7.2.5", "发文字号上空行", "空二行", families=(RED_HEAD,), when=lambda paper: paper.first(*NUMBERS))
def lines_above_number(paper: Paper) -> Iterator[Fault]:
    yield from _blank_lines(paper, paper.required(*NUMBERS), 2)


@rules("7.2.7", "红色分隔线", "发文字号下，红色、1.5磅、距文字8磅，与版心等宽", families=(RED_HEAD,))
def red_rule(paper: Paper) -> Iterator[Fault]:
    number = paper.first(*NUMBERS)
    borders = None if number is None else number.child("pBdr")
    line = None if borders is None else borders.find(f"{W}bottom")
    if line is None or line.get(f"{W}val") in ("nil", "none"):
        yield "发文字号下", "没有分隔线"
        return
    got = tuple(line.get(W + name) for name in ("val", "color", "sz", "space"))
    if got != ("single", RED, RULE_SIZE, RULE_SPACE):
        yield "发文字号下", "、".join(str(each) for each in got)


@rules("10.1", "信函红色双线", "首页上（上粗下细）、下（上细下粗）各一条，长170 mm", families=(LETTER,))
def letter_rules(paper: Paper) -> Iterator[Fault]:
    for style, thick_on_top in zip(LETTER_RULES, (True, False), strict=True):
        paragraph = next((each for each in paper.everything if each.style == style), None)
        fault = "没有双线" if paragraph is None else _double_fault(paragraph, thick_on_top)
        if fault:
            yield style, fault


def _double_fault(paragraph: Paragraph, thick_on_top: bool) -> str:
    lines = _borders(paragraph)
    if len(lines) < 2:
        return "缺一条线"
    if any(line.get(f"{W}color") != RED or line.get(f"{W}val") != "single" for line in lines):
        return "不是两条红色单线"
    top, bottom = (whole(line.get(f"{W}sz")) for line in lines)
    if (top > bottom) != thick_on_top or top == bottom:
        return "粗细次序有误"
    if abs(_length(paragraph) - LETTER_RULE) > RULE_SLACK:
        return "长度不是170 mm"
    return ""


def _borders(paragraph: Paragraph) -> list[Element]:
    """Return the top and bottom borders that a paragraph has."""
    borders = paragraph.child("pBdr")
    if borders is None:
        return []
    edges = (borders.find(W + side) for side in ("top", "bottom"))
    return [edge for edge in edges if edge is not None]


def _length(paragraph: Paragraph) -> int:
    """Return the length of its rules: the type area or its cell, less the indents."""
    cell = next(paragraph.element.iterancestors(f"{W}tc"), None)
    width = TEXT_WIDTH if cell is None else whole(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w"))
    return width - paragraph.number("ind", "left") - paragraph.number("ind", "right")


@rules("7.3.1", "标题", "2号小标宋体、居中")
def title(paper: Paper) -> Iterator[Fault]:
    if not paper.title:
        yield "主体", "没有标题"
    for paragraph in paper.styled(TITLE):
        if paragraph.attribute("jc") != "center":
            yield paragraph.where, "未居中"
        for run in paragraph.runs:
            if run.size != TITLE_SIZE:
                yield paragraph.where, f"字号{run.size / 2:g}磅"
            if not is_a(run.font, TITLE_FONT):
                yield paragraph.where, run.font


@rules("7.3.1", "标题上空行", "空二行", families=HEADED, when=lambda paper: paper.title)
def lines_above_title(paper: Paper) -> Iterator[Fault]:
    yield from _blank_lines(paper, paper.required(TITLE), 2)


@rules(
    "7.3.1",
    "标题回行",
    "每行不超过20字，末行不少于2字，呈梯形或菱形，词意完整",
    when=lambda paper: paper.title,
)
def title_shape(paper: Paper) -> Iterator[Fault]:
    widths = [width(line) for line in paper.title]
    if max(widths) > MAX_LINE:
        yield "标题", f"一行{max(widths):g}字"
    if widths[-1] < 2:
        yield "标题", "末行不足2字"
    if any(
        above > middle < below for above, middle, below in zip(widths, widths[1:], widths[2:], strict=False)
    ):
        yield "标题", "中间窄，呈沙漏形"
    bad_starts = [line[0] for line in paper.title[1:] if line[0] in NEVER_FIRST]
    if bad_starts:
        yield "标题", f"行首为“{bad_starts[0]}”"


@rules(
    "7.3.2",
    "主送机关",
    "顶格，末尾用全角冒号",
    when=lambda paper: paper.family == LETTER or paper.first(ADDRESSEE) or _needs_addressee(paper),
)
def addressee(paper: Paper) -> Iterator[Fault]:
    first = paper.first(ADDRESSEE)
    if first is None:
        yield "标题下", "没有主送机关"
        return
    last = paper.styled(ADDRESSEE)[-1]
    if not last.words.endswith("："):
        yield last.where, f"末尾为“{last.words[-1]}”"
    if any(first.number("ind", side) for side in ("left", "firstLine", "firstLineChars", "leftChars")):
        yield first.where, "未顶格"


@rules("7.3.2", "主送机关上空行", "标题下空一行", when=lambda paper: paper.first(ADDRESSEE))
def line_above_addressee(paper: Paper) -> Iterator[Fault]:
    yield from _blank_lines(paper, paper.required(ADDRESSEE), 1)


def _needs_addressee(paper: Paper) -> bool:
    return (
        paper.family == RED_HEAD and bool(paper.title) and bool(NEEDS_ADDRESSEE.search("".join(paper.title)))
    )


def _blank_lines(paper: Paper, paragraph: Paragraph, expected: int) -> Iterator[Fault]:
    blanks = paper.blanks_above(paragraph)
    if blanks != expected:
        yield paragraph.where, f"空{blanks}行"


def _scale(run: Run) -> float:
    return (whole((run.attribute("w") or "").rstrip("%")) or 100) / 100
