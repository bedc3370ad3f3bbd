"""Takes a paper apart, lets one thing in it be broken, and puts it together again."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace as changed
from functools import cache

from lxml import etree

from app import documents
from app.documents.checks import check
from app.documents.kinds.columns import UnitLine
from app.policy import papers

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
RELATIONSHIPS, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
NUMBERS = {"red_head": "云工信〔2027〕7号", "letter": "云工信函〔2027〕32号"}
ROWS = 60
PROPERTIES = {f"{W}p": "pPr", f"{W}r": "rPr"}
ORDER = {
    "pPr": """pStyle keepNext keepLines pageBreakBefore widowControl pBdr tabs overflowPunct snapToGrid
        spacing ind jc rPr""",
    "rPr": "rStyle rFonts b color spacing w position sz szCs",
    "style": "name basedOn qFormat pPr rPr",
    "tblPr": "tblStyle tblpPr tblOverlap tblW jc tblInd tblBorders tblLayout tblCellMar",
    "tblBorders": "top left bottom right insideH insideV",
}


@cache
def built(kind: str) -> bytes:
    """The specimen of a kind, with a number where the kind has one."""
    return documents.build(kind, documents.specimen(kind), number=NUMBERS.get(papers.KINDS[kind].family))


@cache
def announcement(more: str = "") -> bytes:
    """A list announcement whose list runs over several pages, with more text in it when asked."""
    one = ("绿色工厂", "云城区", "建筑用石加工")
    units = tuple(UnitLine(f"云浮市第{number}石材有限公司", *one) for number in range(1, ROWS + 1))
    inputs = changed(documents.specimen("listing_announcement"), factories=units)
    wording = documents.standard_wording("listing_announcement")
    wording = wording.replace("\n三、", f"\n{more}\n三、") if more else wording
    return documents.build("listing_announcement", inputs, number=NUMBERS["red_head"], wording=wording)


def faults(docx: bytes, **more) -> set[str]:
    """Names of the clauses that do not hold."""
    return {each.name for each in check(docx, **more) if not each.ok}


class Spoilings:
    """Faults of one file of tests: each function breaks one thing and names the clause that must notice."""

    def __init__(self):
        self.cases: list[tuple[Callable, str]] = []

    def __call__(self, name: str):
        def keep(change):
            self.cases.append((change, name))
            return change

        return keep

    @property
    def ids(self) -> list[str]:
        return [change.__name__ for change, _ in self.cases]


class Draft:
    """An opened .docx whose parts a spoiling may change."""

    def __init__(self, docx: bytes):
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        xml = (name for name in self.parts if name.endswith(".xml"))
        self.trees = {name: etree.fromstring(self.parts[name]) for name in xml}

    def saved(self) -> bytes:
        result = io.BytesIO()
        written = {name: etree.tostring(tree, standalone=True) for name, tree in self.trees.items()}
        with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in (self.parts | written).items():
                archive.writestr(name, data)
        return result.getvalue()

    @property
    def body(self):
        return self.trees[DOCUMENT].find(f"{W}body")

    def style(self, name: str):
        styles = self.trees[STYLES].iter(f"{W}style")
        return next(each for each in styles if each.find(f"{W}name").get(f"{W}val") == name)

    def paragraphs(self, style: str) -> list:
        """Paragraphs of a style, in all parts, that have text."""
        wanted = self.style(style).get(f"{W}styleId")
        found = (each for tree in self.trees.values() for each in tree.iter(f"{W}pStyle"))
        paragraphs = [each.getparent().getparent() for each in found if each.get(f"{W}val") == wanted]
        return [each for each in paragraphs if text(each)]

    def starting(self, words: str):
        """The first paragraph that begins so."""
        return next(each for each in self.trees[DOCUMENT].iter(f"{W}p") if text(each).startswith(words))

    def table(self):
        """The first table with a repeated header."""
        return next(self.trees[DOCUMENT].iter(f"{W}tblHeader")).getparent().getparent().getparent()

    def imprint(self):
        return next(self.trees[DOCUMENT].iter(f"{W}tblpPr")).getparent().getparent()


def spoil(docx: bytes, change: Callable[[Draft], None]) -> bytes:
    draft = Draft(docx)
    change(draft)
    return draft.saved()


def text(element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


def write(paragraph, words: str):
    """The whole text of a paragraph, put into its first run."""
    first, *rest = paragraph.iter(f"{W}t")
    first.text = words
    for each in rest:
        each.text = ""


def replace(paragraph, old: str, new: str):
    """Replace inside the first run that holds the words."""
    node = next(each for each in paragraph.iter(f"{W}t") if old in (each.text or ""))
    node.text = node.text.replace(old, new, 1)


def put(parent, path: str, **attributes):
    """Set attributes of a descendant, made where it is missing and where the schema wants it."""
    for tag in path.split("/"):
        child = parent.find(W + tag)
        parent = _insert(parent, tag) if child is None else child
    for name, value in attributes.items():
        parent.set(W + name, str(value))
    return parent


def drop(parent, path: str):
    node = parent.find("/".join(W + tag for tag in path.split("/")))
    node.getparent().remove(node)


def drop_above(paragraph):
    """Take away the empty line above."""
    blank = paragraph.getprevious()
    assert not text(blank)
    blank.getparent().remove(blank)


def _insert(parent, tag: str):
    child = etree.Element(W + tag)
    if PROPERTIES.get(parent.tag) == tag:
        parent.insert(0, child)
        return child
    order = ORDER[parent.tag.removeprefix(W)].split()
    later = {W + each for each in order[order.index(tag) + 1 :]}
    parent.insert(next((i for i, each in enumerate(parent) if each.tag in later), len(parent)), child)
    return child
