"""The sheet that a paper is written on: paragraphs of named styles, sections, and the count of pages."""

from app.documents.layout import wording
from app.documents.layout.ooxml import el, keep, paragraph, qualified
from app.documents.layout.paging import LINE, TURNED, UPRIGHT, Flow

UPRIGHT_WIDTH, TURNED_WIDTH = 8845, 12756


class Sheet:
    """An opened skeleton, the wording, and what the wording may use."""

    def __init__(self, skeleton, words, filling):
        self.skeleton, self.words, self.values, self.cases = skeleton, words, filling.values, filling.cases
        self.flow = Flow()
        self.landscape = False
        self.fresh = False  # whether a section break has just opened a new page
        self._first_section = True

    @property
    def width(self):
        return TURNED_WIDTH if self.landscape else UPRIGHT_WIDTH

    # -- words

    def chosen(self, passages):
        """The texts of the passages that hold in this case."""
        return [passage.text for passage in passages if wording.applies(passage, self.cases)]

    def filled(self, section):
        """The lines of a section, placeholders replaced."""
        return [wording.fill(text, self.values) for text in self.chosen(self.words.lines(section))]

    # -- paragraphs

    def add(self, style, *runs, properties=(), height=0):
        """A paragraph; `height` 0 leaves the counting of pages to the caller."""
        node = paragraph(self.skeleton.style(style), *runs, properties=properties)
        self.skeleton.body.append(node)
        if height:
            self.flow.block(height)
        return node

    def append(self, node):
        self.skeleton.body.append(node)

    def blank(self, lines=1):
        for _ in range(lines):
            self.add("公文空行", height=LINE)

    def hair(self):
        """A hair of a paragraph: two tables in a row would become one, a table at the end is not allowed."""
        return self.add("分节", height=20)

    def keep_last(self):
        """What was written last stays on the page of what follows."""
        body = self.skeleton.body
        if len(body) and body[-1].tag == qualified("w:p"):
            keep(body[-1])

    # -- pages

    def break_page(self):
        """The property that begins a page."""
        self.fresh = False
        self.flow.new_page()
        return [el("w:pageBreakBefore")]

    def new_page(self):
        """The same, unless a section break has just begun one."""
        if not self.fresh:
            return self.break_page()
        self.fresh = False
        return []

    def turn(self, landscape):
        """Go on lying or upright; a landscape page is a section of its own."""
        if landscape or self.landscape:
            self.hair().find(qualified("w:pPr")).append(self._section())
            self.landscape, self.fresh = landscape, True
            self.flow.new_page(TURNED if landscape else UPRIGHT)

    def close(self):
        """The last section belongs to the body itself."""
        self.append(self._section())

    def _section(self):
        section = self.skeleton.section(self.landscape, first=self._first_section)
        self._first_section = False
        return section
