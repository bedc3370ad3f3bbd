"""The sheet a paper is written on: paragraphs of named styles, sections, and the count of pages."""

from collections.abc import Iterable

from app.documents.layout import wording
from app.documents.layout.ooxml import Element, el, keep_with_next, paragraph, qualified
from app.documents.layout.paging import LANDSCAPE_HEIGHT, LINE, PORTRAIT_HEIGHT, PageCounter
from app.documents.layout.skeletons import Skeleton

PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 8845, 12756
SPACER_HEIGHT = 20


class Sheet:
    """An opened skeleton with the wording of a paper and the values it may use."""

    def __init__(self, skeleton: Skeleton, words: wording.Wording, filling: wording.Filling) -> None:
        self.skeleton = skeleton
        self.wording = words
        self.values = filling.values
        self.cases = filling.cases
        self.pages = PageCounter()
        self.landscape = False
        self.on_new_page = False  # a section break has just opened one
        self._first_section = True

    @property
    def width(self) -> int:
        """Return the width of the type area in twips."""
        return LANDSCAPE_WIDTH if self.landscape else PORTRAIT_WIDTH

    # -- wording

    def chosen(self, passages: Iterable[wording.Passage]) -> list[str]:
        """Return the texts of the passages whose case holds."""
        return [passage.text for passage in passages if wording.applies(passage, self.cases)]

    def filled(self, section: str) -> list[str]:
        """Return the lines of a section with placeholders replaced."""
        return [wording.fill(text, self.values) for text in self.chosen(self.wording.lines(section))]

    # -- paragraphs

    def add(self, style: str, *runs: Element, properties: Iterable[Element] = (), height: int = 0) -> Element:
        """Add a paragraph; with `height` 0 the caller counts its pages."""
        node = paragraph(self.skeleton.style(style), *runs, properties=properties)
        self.skeleton.body.append(node)
        if height:
            self.pages.add_block(height)
        return node

    def append(self, node: Element) -> None:
        """Append an element to the body without counting its height."""
        self.skeleton.body.append(node)

    def blank(self, lines: int = 1) -> None:
        """Add blank lines."""
        for _ in range(lines):
            self.add("公文空行", height=LINE)

    def spacer(self) -> Element:
        """Add a paragraph of 1 pt: adjacent tables would merge, and a body may not end with a table."""
        return self.add("分节", height=SPACER_HEIGHT)

    def keep_last_with_next(self) -> None:
        """Keep the last paragraph on the page of the next one."""
        body = self.skeleton.body
        if len(body) and body[-1].tag == qualified("w:p"):
            keep_with_next(body[-1])

    # -- pages

    def break_page(self) -> list[Element]:
        """Begin a page; return the paragraph property that does so."""
        self.on_new_page = False
        self.pages.new_page()
        return [el("w:pageBreakBefore")]

    def ensure_new_page(self) -> list[Element]:
        """Begin a page unless a section break has just begun one; return the property needed."""
        if not self.on_new_page:
            return self.break_page()
        self.on_new_page = False
        return []

    def switch_orientation(self, landscape: bool) -> None:
        """Continue in landscape or portrait; landscape pages are a section of their own."""
        if landscape or self.landscape:
            self.spacer().find(qualified("w:pPr")).append(self._section())
            self.landscape, self.on_new_page = landscape, True
            self.pages.new_page(LANDSCAPE_HEIGHT if landscape else PORTRAIT_HEIGHT)

    def close(self) -> None:
        """Write the last section, which belongs to the body itself."""
        self.append(self._section())

    def _section(self) -> Element:
        section = self.skeleton.section(self.landscape, first=self._first_section)
        self._first_section = False
        return section
