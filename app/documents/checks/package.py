"""Content that no official document may have: macros, links, revisions, pictures, leftover placeholders."""

import re
from collections.abc import Iterator

from app.documents.checks.elements import CODE, Paper
from app.documents.checks.result import NO_CLAUSE, Fault, Rulebook
from app.documents.checks.source import RELATIONSHIP, Element, W

THEME = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
COLORS = {"AUTO", "000000", "FF0000"}
HINTED = re.compile("[“”‘’—…·×]")
LEFT_OVER = re.compile(r"\{\{.*?\}\}|\{\{|\}\}|\{%.*?%\}|\[\[.*?\]\]")
MACRO_PARTS = re.compile(r"vbaProject|vbaData|customUI|/activeX/", re.I)
EMBEDDED_PARTS = re.compile(r"^word/(embeddings|afchunk|diagrams)/|\.(bin|exe|ole)$", re.I)
EMBEDDED_TAGS = [
    f"{W}object",
    f"{W}altChunk",
    f"{W}control",
    f"{W}subDoc",
    "{urn:schemas-microsoft-com:office:office}OLEObject",
]
PICTURES = [
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
]
REVISIONS = [
    f"{W}{tag}" for tag in ("ins", "del", "moveFrom", "moveTo", "pPrChange", "rPrChange", "commentReference")
]
FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES"}
CLEAN = "公文不得含有"
rules: Rulebook[Paper] = Rulebook()


@rules("5.2.2", "主题字体", "不使用主题字体")
def theme_fonts(paper: Paper) -> Iterator[Fault]:
    for name, tree in paper.package.trees.items():
        for fonts in tree.iter(f"{W}rFonts"):
            yield from ((name, f"{key}={fonts.get(W + key)}") for key in THEME if fonts.get(W + key))


@rules("5.2.2", "加粗", "各级标题和文字均不加粗")
def bold(paper: Paper) -> Iterator[Fault]:
    for paragraph in paper.everything:
        if any(run.on("b") and run.text.strip() for run in paragraph.runs):
            yield paragraph.where, "加粗"


@rules("5.2.4", "颜色", "文字为黑色，仅发文机关标志和分隔线为红色")
def colors(paper: Paper) -> Iterator[Fault]:
    for paragraph in paper.everything:
        for run in paragraph.runs:
            if run.color not in COLORS or (run.color == "FF0000" and not paper.is_mark(paragraph)):
                yield paragraph.where, f"颜色 {run.color}"


@rules("5.2.2", "中文标点字体提示", '含引号、破折号、省略号的文字标明 hint="eastAsia"')
def hints(paper: Paper) -> Iterator[Fault]:
    for paragraph in paper.everything:
        for run in paragraph.runs:
            one_font = run.attribute("rFonts", "ascii") == run.font
            if HINTED.search(run.text) and not one_font and run.attribute("rFonts", "hint") != "eastAsia":
                yield paragraph.where, "未标明"


@rules(NO_CLAUSE, "残留占位符", "没有未替换的占位符")
def placeholders(paper: Paper) -> Iterator[Fault]:
    for paragraph in paper.everything:
        for left in LEFT_OVER.findall(paragraph.text):
            yield paragraph.where, left


@rules(NO_CLAUSE, "修订和批注", f"{CLEAN}修订痕迹和批注")
def revisions(paper: Paper) -> Iterator[Fault]:
    for name, tree in paper.package.text_trees().items():
        if next(tree.iter(*REVISIONS), None) is not None:
            yield name, "有修订或批注"


@rules(NO_CLAUSE, "外部链接", f"{CLEAN}指向文件以外的关系和域")
def external(paper: Paper) -> Iterator[Fault]:
    for name, tree in paper.package.trees.items():
        for each in tree.iter(RELATIONSHIP):
            if each.get("TargetMode") == "External":
                yield name, f"指向 {each.get('Target')}"
    for name, tree in paper.package.text_trees().items():
        yield from ((name, f"域 {code}") for code in _fields(tree) if code.split()[0].upper() not in FIELDS)


@rules(NO_CLAUSE, "宏", f"{CLEAN}宏")
def macros(paper: Paper) -> Iterator[Fault]:
    yield from ((name, "宏部件") for name in paper.package.parts if MACRO_PARTS.search(name))
    types = paper.package.parts.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or b"vbaProject" in types:
        yield "[Content_Types].xml", "启用宏的文件类型"


@rules(NO_CLAUSE, "嵌入对象", f"{CLEAN}嵌入对象")
def embedded(paper: Paper) -> Iterator[Fault]:
    yield from (
        (name, "嵌入对象")
        for name in paper.package.parts
        if EMBEDDED_PARTS.search(name) and not MACRO_PARTS.search(name)
    )
    for name, tree in paper.package.text_trees().items():
        if next(tree.iter(*EMBEDDED_TAGS), None) is not None:
            yield name, "嵌入对象"


@rules("7.3.5", "印章图片", "不以图片代替印章、签名章")
def pictures(paper: Paper) -> Iterator[Fault]:
    for paragraph in paper.everything:
        if paragraph.style != CODE and next(paragraph.element.iter(*PICTURES), None) is not None:
            yield paragraph.where, "有图片"


def _fields(tree: Element) -> Iterator[str]:
    """Yield field codes; a complex field may spread its code over several runs."""
    for simple in tree.iter(f"{W}fldSimple"):
        yield simple.get(f"{W}instr", "").strip() or "空"
    code = ""
    for each in tree.iter(f"{W}instrText", f"{W}fldChar"):
        code += each.text or ""
        if each.get(f"{W}fldCharType") in ("separate", "end") and code.strip():
            yield code.strip()
            code = ""
