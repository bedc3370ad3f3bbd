"""Paper, margins, grid and page numbers (5.1, 5.2, 7.5, 8)."""

import re
from collections.abc import Iterator

from app.documents.checks.effective import Paragraph, whole
from app.documents.checks.elements import ADDRESSEE, LIST, NOTE, NUMBERS, TEXT, Paper
from app.documents.checks.result import LETTER, Fault, Rulebook
from app.documents.checks.source import Element, R, W

TWIPS = 1440 / 25.4
SHORT, LONG = 11906, 16838
TEXT_WIDTH, TEXT_HEIGHT = 8844, 12756  # 156 × 225 mm
LINE, LINES, CHARACTERS, PITCH = 579, 22, 28, 314
BODY_SIZE = 32
MARGINS = {"top": 2098, "left": 1587, "bottom": 1984, "right": 1474}
LANDSCAPE_MARGINS = {"top": 1587, "left": 1984, "bottom": 1474, "right": 2098}
MARGIN_SLACK, AREA_SLACK = round(TWIPS), round(TWIPS / 3)  # the standard allows 1 mm at top and left only
NUMBER_TEXT = re.compile(r"^—\s*\d*\s*—$")
NUMBER_SIZE = 28
SIDE_SLACK = 0.2
rules: Rulebook[Paper] = Rulebook()


@rules("5.1", "纸张幅面", "A4（210 mm×297 mm）")
def paper_size(paper: Paper) -> Iterator[Fault]:
    for place, section in _sections(paper):
        width, height = (_value(section, "pgSz", edge) for edge in ("w", "h"))
        if sorted((width, height)) != [SHORT, LONG]:
            yield place, f"{width / TWIPS:.0f} mm×{height / TWIPS:.0f} mm"


@rules("5.2.1", "页边与版心", "天头37±1 mm、订口28±1 mm、版心156 mm×225 mm")
def page_margins(paper: Paper) -> Iterator[Fault]:
    for place, section in _sections(paper):
        expected = LANDSCAPE_MARGINS if _landscape(section) else MARGINS
        margins = {edge: _value(section, "pgMar", edge) for edge in expected}
        if _differ(margins, expected):
            mm = {edge: round(twips / TWIPS, 1) for edge, twips in margins.items()}
            yield place, f"上{mm['top']}、左{mm['left']}、下{mm['bottom']}、右{mm['right']} mm"


def _differ(margins: dict[str, int], expected: dict[str, int]) -> bool:
    """Return whether an edge is moved, or the type area has another width or height."""
    return any(
        abs(sum(margins[edge] - expected[edge] for edge in edges)) > slack
        for edges, slack in (
            *(((edge,), MARGIN_SLACK) for edge in expected),
            (("left", "right"), AREA_SLACK),
            (("top", "bottom"), AREA_SLACK),
        )
    )


@rules("5.2.3", "文档网格", f"指定行和字符网格，{LINES}行、{CHARACTERS}字")
def grid(paper: Paper) -> Iterator[Fault]:
    for place, section in _sections(paper):
        node = section.find(f"{W}docGrid")
        if node is None or node.get(f"{W}type") != "linesAndChars":
            yield place, "未指定行和字符网格"
        elif not _landscape(section) and (found := _grid_size(node)) != (LINES, CHARACTERS):
            yield place, f"{found[0]}行、{found[1]}字"


def _grid_size(node: Element) -> tuple[int, int]:
    """Return lines and characters of the grid; charSpace counts 1/4096 of a point, perhaps as unsigned 32 bits."""
    pitch, space = whole(node.get(f"{W}linePitch")), whole(node.get(f"{W}charSpace"))
    signed = space - (1 << 32) if space > (1 << 31) else space
    return TEXT_HEIGHT // pitch if pitch else 0, int(TEXT_WIDTH / (BODY_SIZE * 10 + signed * 20 / 4096))


@rules("5.2.3", "行距", f"固定值28.95磅，每面{LINES}行")
def line_pitch(paper: Paper) -> Iterator[Fault]:
    for paragraph in paper.styled(*TEXT, *NUMBERS, ADDRESSEE, LIST, NOTE):
        line, rule = paragraph.number("spacing", "line"), paragraph.attribute("spacing", "lineRule")
        if rule != "exact" or line != LINE:
            fits = f"，每面{TEXT_HEIGHT // line}行" if rule == "exact" and line else "，非固定值"
            yield paragraph.where, f"{line / 20:g}磅{fits}"


@rules("5.2.3", "每行字数", f"3号字、字间距-0.3磅、不对齐网格，每行{CHARACTERS}字")
def characters(paper: Paper) -> Iterator[Fault]:
    for paragraph in paper.styled(*TEXT, ADDRESSEE):
        if paragraph.on("snapToGrid", unset=True):
            yield paragraph.where, "对齐到网格"
        spacing = {run.attribute("spacing") for run in paragraph.runs}
        if spacing != {str(PITCH - BODY_SIZE * 10)}:
            yield paragraph.where, f"字间距 {'、'.join(str(each or 0) for each in spacing)}"


@rules("5.2.3", "孤行控制", "关闭，否则不满22行")
def widow_control(paper: Paper) -> Iterator[Fault]:
    yield from ((p.where, "打开") for p in paper.paragraphs if p.on("widowControl", unset=True))


@rules("5.2.3", "标点溢出边界", "关闭，文字不出版心")
def hanging_punctuation(paper: Paper) -> Iterator[Fault]:
    yield from (
        (p.where, "打开") for p in paper.styled(*TEXT, ADDRESSEE) if p.on("overflowPunct", unset=True)
    )


@rules("7.5", "单双页页码", "单页码居右空一字，双页码居左空一字")
def page_number_sides(paper: Paper) -> Iterator[Fault]:
    settings = paper.package.tree("word/settings.xml")
    node = None if settings is None else settings.find(f"{W}evenAndOddHeaders")
    if node is None or node.get(f"{W}val", "1") in ("0", "false"):
        yield "文档设置", "未区分单双页"
    for place, footer, side in _portrait_footers(paper):
        paragraph = _page_number(footer)
        if paragraph is None:
            yield place, "没有页码"
        elif paragraph.attribute("jc") != side or abs(paragraph.indent(side) - 1) > SIDE_SLACK:
            position = "居左" if paragraph.attribute("jc") == "left" else "居右"
            yield place, f"{position}，空{paragraph.indent(side):.2g}字"


@rules("7.5", "页码字体字号", "4号半角宋体数字，左右各一条一字线：— 1 —")
def page_number_text(paper: Paper) -> Iterator[Fault]:
    for place, footer, _ in _portrait_footers(paper):
        paragraph = _page_number(footer)
        if paragraph is None:
            continue
        if not NUMBER_TEXT.match(paragraph.words):
            yield place, paragraph.words
        for run in paragraph.runs:
            if run.size != NUMBER_SIZE or run.font != "宋体":
                yield place, f"{run.font} {run.size / 2:g}磅"


@rules("7.5", "页脚高度", "页脚不挤占版心")
def footer_height(paper: Paper) -> Iterator[Fault]:
    for place, section in _sections(paper):
        if _landscape(section):
            continue
        room = _value(section, "pgMar", "bottom") - _value(section, "pgMar", "footer")
        for footer in _footers(paper, section).values():
            used = sum(each.number("spacing", "line") for each in footer)
            if used > room:
                yield place, f"页脚高{used / 20:g}磅，只有{room / 20:g}磅"


@rules("10.1", "信函首页页码", "首页不显示页码", families=(LETTER,))
def letter_first_page(paper: Paper) -> Iterator[Fault]:
    first = paper.sections[0]
    if first.find(f"{W}titlePg") is None:
        yield "第1节", "首页未单独设置"
    elif _page_number(_footers(paper, first).get("first", [])) is not None:
        yield "第1节", "首页有页码"


@rules(
    "8", "横排页码", "横排页的页码与其他页位置一致", when=lambda paper: any(map(_landscape, paper.sections))
)
def landscape_number(paper: Paper) -> Iterator[Fault]:
    for place, section in _sections(paper):
        if not _landscape(section):
            continue
        for kind in ("default", "even"):
            cells = [
                cell
                for tree in _parts(paper, section, "header", kind)
                for cell in tree.iter(f"{W}tc", f"{W}txbxContent")
            ]
            if not any(_has_page(cell) for cell in cells):
                yield place, "页码不在页眉竖排框内"


def _sections(paper: Paper) -> Iterator[tuple[str, Element]]:
    return ((f"第{number}节", section) for number, section in enumerate(paper.sections, 1))


def _value(section: Element, tag: str, name: str) -> int:
    node = section.find(W + tag)
    return 0 if node is None else whole(node.get(W + name))


def _landscape(section: Element) -> bool:
    return _value(section, "pgSz", "w") > _value(section, "pgSz", "h")


def _parts(paper: Paper, section: Element, kind: str, which: str) -> list[Element]:
    """Return the header or footer in force: a section that names none takes the previous one."""
    until = paper.sections[: paper.sections.index(section) + 1]
    for each in reversed(until):
        for reference in each.findall(f"{W}{kind}Reference"):
            if reference.get(f"{W}type") == which:
                tree = paper.package.related(reference.get(f"{R}id"))
                return [] if tree is None else [tree]
    return []


def _footers(paper: Paper, section: Element) -> dict[str, list[Paragraph]]:
    return {
        which: [
            paper.read(each)
            for tree in _parts(paper, section, "footer", which)
            for each in tree.iter(f"{W}p")
        ]
        for which in ("default", "even", "first")
    }


def _portrait_footers(paper: Paper) -> Iterator[tuple[str, list[Paragraph], str]]:
    for place, section in _sections(paper):
        if not _landscape(section):
            footers = _footers(paper, section)
            yield f"{place}单页页脚", footers["default"], "right"
            yield f"{place}双页页脚", footers["even"], "left"


def _has_page(element: Element) -> bool:
    return any("PAGE" in (each.text or "") for each in element.iter(f"{W}instrText"))


def _page_number(paragraphs: list[Paragraph]) -> Paragraph | None:
    return next((each for each in paragraphs if _has_page(each.element)), None)
