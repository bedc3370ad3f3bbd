"""The styles of the skeletons: every measure of GB/T 9704 as Word writes it, lengths in twips."""

from collections.abc import Iterator
from copy import deepcopy

from app.documents.layout.ooxml import Element, el

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
LATIN = "Times New Roman"
ALTERNATIVES = {FANG: "仿宋", KAI: "楷体", HEI: "SimHei", SONG: "SimSun", TITLE: "华文中宋"}
LINE = 579
CHARACTER_SPACE = -849  # of the grid, in 1/4096 points: 28 characters a line
FOOTER, LETTER_FOOTER = 1446, 1134


def fonts(east_asian: str, latin: str = LATIN) -> Element:
    """Return the fonts of a run."""
    return el("w:rFonts", ascii=latin, hAnsi=latin, eastAsia=east_asian, cs=latin)


def _size(half_points: int) -> tuple[Element, Element]:
    return el("w:sz", val=half_points), el("w:szCs", val=half_points)


def exact_spacing(line: int, **more: int) -> Element:
    """Return line spacing of a fixed height."""
    return el("w:spacing", line=line, lineRule="exact", **more)


def _centred() -> Element:
    return el("w:jc", val="center")


def indent(**twips: int) -> Element:
    """Return an indent."""
    return el("w:ind", **twips)


def _rule(side: str, size: int, color: str, space: int = 0) -> Element:
    return el("w:pBdr", el(f"w:{side}", val="single", sz=size, space=space, color=color))


def _double_rule(top: int, bottom: int) -> Element:
    return el(
        "w:pBdr",
        el("w:top", val="single", sz=top, space=0, color="FF0000"),
        el("w:bottom", val="single", sz=bottom, space=0, color="FF0000"),
    )


def _red() -> Element:
    return el("w:color", val="FF0000")


# name → (paragraph properties, run properties); lengths in twips, sizes in half points
# fmt: off
PARAGRAPHS: dict[str, tuple[tuple[Element, ...], tuple[Element, ...]]] = {
    "公文正文": ((indent(firstLineChars=200, firstLine=632),), ()),
    "公文空行": ((), ()),
    "发文机关标志": ((exact_spacing(1140, before=1850), _centred()),
                     (fonts(TITLE, TITLE), _red(), el("w:spacing", val=0), *_size(100))),
    "信函机关标志": ((exact_spacing(1100), _centred()),
                     (fonts(TITLE, TITLE), _red(), el("w:spacing", val=0), *_size(96))),
    "信函首线": ((_double_rule(18, 6), exact_spacing(30, before=190), indent(left=-397, right=-397)), ()),
    "信函末线": ((_double_rule(6, 18), exact_spacing(30), indent(left=-397, right=-397)), ()),
    "发文字号": ((_rule("bottom", 12, "FF0000", 8), _centred()), ()),
    "信函字号": ((exact_spacing(LINE, before=150), el("w:jc", val="right")), ()),
    "无头字号": ((_centred(),), ()),
    "公文标题": ((exact_spacing(700), _centred()), (fonts(TITLE, TITLE), el("w:spacing", val=0), *_size(44))),
    "主送机关": ((), ()),
    "一级标题": ((indent(firstLineChars=200, firstLine=632),), (fonts(HEI),)),
    "附件说明": ((), ()),
    "发文机关署名": ((el("w:jc", val="right"),), ()),
    "成文日期": ((indent(rightChars=400, right=1264), el("w:jc", val="right")), ()),
    "附注": ((indent(firstLineChars=200, firstLine=632),), ()),
    "验证码": ((el("w:spacing", before=120, line=240, lineRule="auto"), indent(left=632)),
               (fonts(SONG), *_size(18))),
    "附件标识": ((), (fonts(HEI),)),
    "附件标题": ((exact_spacing(700), _centred()), (fonts(TITLE, TITLE), el("w:spacing", val=0), *_size(44))),
    "表头文字": ((exact_spacing(345), _centred()), (fonts(HEI), el("w:spacing", val=0), *_size(24))),
    "表格文字": ((exact_spacing(345), el("w:jc", val="left")), (el("w:spacing", val=0), *_size(24))),
    "表格居中": ((exact_spacing(345), _centred()), (el("w:spacing", val=0), *_size(24))),
    "小表头文字": ((exact_spacing(260), _centred()), (fonts(HEI), el("w:spacing", val=0), *_size(18))),
    "小表格文字": ((exact_spacing(260), el("w:jc", val="left")), (el("w:spacing", val=0), *_size(18))),
    "小表格居中": ((exact_spacing(260), _centred()), (el("w:spacing", val=0), *_size(18))),
    "版记文字": ((exact_spacing(500), indent(left=280, right=280)), (el("w:spacing", val=0), *_size(28))),
    "页码": ((exact_spacing(300),), (fonts(SONG, SONG), el("w:spacing", val=0), *_size(28))),
    "页码垫行": ((exact_spacing(FOOTER - LETTER_FOOTER),), (*_size(2),)),
    "表间": ((exact_spacing(160),), (*_size(2),)),
    "分节": ((exact_spacing(20),), (*_size(2),)),
}
CHARACTERS = {"一级标题字": HEI, "二级标题字": KAI}
# fmt: on


def grid() -> Element:
    """Return the grid of 22 lines of 28 characters (5.2.3), the last element of a section."""
    return el("w:docGrid", type="linesAndChars", linePitch=LINE, charSpace=CHARACTER_SPACE)


def style_id(name: str) -> str:
    """Return our id of a style; LibreOffice changes ids, so a skeleton's styles are found by name."""
    names = (*PARAGRAPHS, *CHARACTERS)
    return f"P{names.index(name) + 1}"


def styles() -> Element:
    """Return the style sheet of a skeleton."""
    return el(
        "w:styles",
        _defaults(),
        _normal(),
        _plain_table(),
        *(_paragraph_style(name, *properties) for name, properties in PARAGRAPHS.items()),
        *(_character_style(name, font) for name, font in CHARACTERS.items()),
    )


def _defaults() -> Element:
    language = el("w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    return el(
        "w:docDefaults",
        el("w:rPrDefault", el("w:rPr", fonts(FANG), *_size(32), language)),
        el("w:pPrDefault", el("w:pPr")),
    )


def _normal() -> Element:
    return el(
        "w:style",
        el("w:name", val="Normal"),
        el("w:qFormat"),
        el(
            "w:pPr",
            el("w:widowControl", val=0),
            el("w:overflowPunct", val=0),
            el("w:snapToGrid", val=0),
            exact_spacing(LINE, before=0, after=0),
            el("w:jc", val="both"),
        ),
        el("w:rPr", fonts(FANG), el("w:spacing", val=-6), *_size(32)),
        type="paragraph",
        default=1,
        styleId="a",
    )


def _plain_table() -> Element:
    return el(
        "w:style",
        el("w:name", val="Normal Table"),
        el("w:uiPriority", val=99),
        el("w:semiHidden"),
        el("w:unhideWhenUsed"),
        el("w:tblPr", el("w:tblInd", w=0, type="dxa"), el("w:tblCellMar", *_cell_margins())),
        type="table",
        default=1,
        styleId="a1",
    )


def _cell_margins() -> Iterator[Element]:
    sides = (("top", 0), ("left", 85), ("bottom", 0), ("right", 85))
    return (el(f"w:{side}", w=width, type="dxa") for side, width in sides)


def _paragraph_style(name: str, paragraph: tuple[Element, ...], run: tuple[Element, ...]) -> Element:
    return el(
        "w:style",
        el("w:name", val=name),
        el("w:basedOn", val="a"),
        el("w:qFormat"),
        el("w:pPr", *deepcopy(paragraph)),
        el("w:rPr", *deepcopy(run)),
        type="paragraph",
        customStyle=1,
        styleId=style_id(name),
    )


def _character_style(name: str, font: str) -> Element:
    return el(
        "w:style",
        el("w:name", val=name),
        el("w:qFormat"),
        el("w:rPr", fonts(font)),
        type="character",
        customStyle=1,
        styleId=style_id(name),
    )


def font_table() -> Element:
    """Return the fonts a skeleton names, with their alternatives."""
    east_asian = (
        _font(name, alternative, "modern" if name == HEI else "auto", "86")
        for name, alternative in ALTERNATIVES.items()
    )
    return el("w:fonts", *east_asian, _font(LATIN, None, "roman", "00"))


def _font(name: str, alternative: str | None, family: str, charset: str) -> Element:
    children = [el("w:altName", val=alternative)] if alternative else []
    children += [el("w:charset", val=charset), el("w:family", val=family), el("w:pitch", val="variable")]
    return el("w:font", *children, name=name)
