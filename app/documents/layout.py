"""Lays a paper out: head, title, body, attachments, signature, imprint, by the clauses of GB/T 9704."""

import re

from app.documents import tables, verification, wording
from app.documents.chinese import day, width
from app.documents.flow import LINE, TURNED, UPRIGHT, Flow
from app.documents.imprint import Imprint
from app.documents.ooxml import NS, clean, el, paragraph, qualified, run
from app.documents.titles import break_title

UPRIGHT_WIDTH, TURNED_WIDTH = 8845, 12756
MARK_WIDTH = 147 * 20 * 72 / 25.4  # a little less than the 150 mm that a mark may be wide
CHARACTER = 315.8
AIR = 160  # between text and table
_LEVELS = (
    ("一级标题字", re.compile(r"[一二三四五六七八九十]+、")),
    ("二级标题字", re.compile(r"（[一二三四五六七八九十]+）")),
)


class Layout:
    """Builds the body of one paper into an opened skeleton."""

    def __init__(self, skeleton, words, filling):
        self.skeleton, self.words, self.values, self.cases = skeleton, words, filling.values, filling.cases
        self.flow = Flow()
        self.landscape = False
        self.first_section = True

    # -- plumbing

    def add(self, style, *runs, properties=(), height=0):
        node = paragraph(self.skeleton.style(style), *runs, properties=properties)
        self.skeleton.body.append(node)
        if height:
            self.flow.block(height)
        return node

    def blank(self, lines=1, keep=False):
        for _ in range(lines):
            self.add("公文空行", properties=[el("w:keepNext")] if keep else (), height=LINE)

    def chosen(self, passages):
        return [passage.text for passage in passages if wording.applies(passage, self.cases)]

    def filled(self, text):
        return wording.fill(text, self.values)

    # -- head and title

    def red_head(self, issuer, number):
        self._mark(self.add("发文机关标志", height=3060), f"{issuer}文件", 100)
        self.blank(2)
        self.add("发文字号", run(number), height=LINE + 190)
        self.blank(2)

    def letter_head(self, issuer, number):
        node = self.skeleton.first_header_mark("信函机关标志")
        self._mark(node, issuer, 96)
        self.flow.block(1020)
        self.add("信函字号", run(number), height=LINE)
        self.blank(2)

    def _mark(self, node, text, half_points):
        """The issuer's mark: as tall as the style says, narrowed until it fits."""
        for child in node.findall(qualified("w:r")):
            node.remove(child)
        natural = width(text) * half_points * 10
        scale = min(100, int(100 * MARK_WIDTH / natural))
        if scale < 50:  # a very long name is set smaller, else it would be a fence of sticks
            half_points, scale = half_points * scale // 50, 50
        narrow = [el("w:w", val=scale), el("w:sz", val=half_points), el("w:szCs", val=half_points)]
        node.append(run(text, *narrow))

    def title_lines(self):
        lines = [wording.pieces(text, self.values) for text in self.chosen(self.words.lines("标题"))]
        return [clean(line) for line in break_title(lines)]

    def title(self, number=None):
        """The title; a numbered paper without a head has its number below it."""
        for line in self.title_lines():
            self.add("公文标题", run(line), height=700)
        if number:
            self.add("无头字号", run(number), height=LINE)
        self.blank()

    def addressee(self):
        for text in self.chosen(self.words.lines("主送")):
            filled = self.filled(text)
            self.add("主送机关", run(filled))
            self.flow.text(filled, indent=0)

    # -- body

    def body(self, passages):
        for text in self.chosen(passages):
            name = wording.alone(text)
            value = wording.lookup(name, self.values) if name else None
            if value is None and name:
                continue
            if isinstance(value, (tables.Table, tables.Form)):
                self.table(value)
            elif isinstance(value, tuple):
                for one in value:
                    self.body_paragraph([(clean(one), True)])
            else:
                self.body_paragraph(wording.pieces(text, self.values))

    def body_paragraph(self, pieces):
        text = "".join(piece for piece, _ in pieces)
        literal = pieces[0][0] if pieces and not pieces[0][1] else ""
        heading = _is_heading(text, literal)
        node = self.add("公文正文", *self._levelled(text, literal))
        if heading:
            self._keep(node)
        self.flow.text(text, keep=heading)

    def _levelled(self, text, literal):
        """一、黑体, （一）楷体 up to the first stop; the number comes from the wording, not from a value."""
        for style, pattern in _LEVELS:
            if pattern.match(literal):
                head, stop, rest = text.partition("。")
                runs = [run(head + stop, style=self.skeleton.style(style))]
                return runs + ([run(rest)] if rest else [])
        return [run(text)]

    def table(self, table):
        """A table within the text: some air around it, it follows what announces it and ends on the grid."""
        self.keep_last()
        self._keep(self.add("表间", height=AIR))
        available = TURNED_WIDTH if self.landscape else UPRIGHT_WIDTH
        for number, (node, header, heights) in enumerate(tables.build(table, available, self.skeleton.style)):
            if number:
                self._join()
            self.skeleton.body.append(node)
            self.flow.rows(header, heights)
        rest = -(self.flow.used + AIR) % LINE + AIR
        self.add("表间", properties=[el("w:spacing", line=rest, lineRule="exact")], height=rest)

    def _join(self):
        """A hair of a paragraph: two tables in a row would become one, a table at the end is not allowed."""
        return self.add("分节", height=20)

    # -- attachments

    def attachments(self):
        """(title, passages) of the attachments that exist here: one whose table has no rows is left out."""
        result = []
        for passages in self.words.attachments:
            texts = self.chosen(passages)
            names = [wording.alone(text) for text in texts]
            if texts and not any(name and wording.lookup(name, self.values) is None for name in names):
                title = wording.pieces(texts[0], self.values)
                result.append((clean("".join(piece for piece, _ in title)), title, passages))
        return result

    def attachment_list(self, attachments):
        if not attachments:
            return
        self.keep_last()
        self.blank(keep=True)
        for number, (title, _, _) in enumerate(attachments, start=1):
            lead = "附件：" if number == 1 else ""
            label = f"{number}. " if len(attachments) > 1 else ""
            left = 1896 if label else 1580
            hanging = left - 632 if lead else left - 1580
            indent = el("w:ind", left=left, hanging=hanging)
            self.add("附件说明", run(f"{lead}{label}{title}"), properties=[el("w:keepNext"), indent])
            self.flow.text(title, indent=6)

    def attachment_pages(self, attachments):
        for number, (_, title, passages) in enumerate(attachments, start=1):
            landscape = any(
                isinstance(self.values.get(wording.alone(text) or ""), tables.Table)
                and self.values[wording.alone(text)].landscape
                for text in self.chosen(passages)
            )
            self._turn(landscape)
            label = f"附件{number}" if len(attachments) > 1 else "附件"
            before = [] if self._fresh else [el("w:pageBreakBefore")]
            if before:
                self.flow.new_page()
            self._fresh = False
            self.add("附件标识", run(label), properties=before, height=LINE)
            self.blank()
            for line in break_title([title]):
                self.add("附件标题", run(line), height=700)
            self.blank()
            self._attachment_body(passages)

    def _attachment_body(self, passages):
        first = next(text for text in self.chosen(passages))
        rest = [passage for passage in passages if passage.text != first]
        self.body(rest)

    _fresh = False  # whether a section break has just opened a new page

    def _turn(self, landscape):
        if landscape or self.landscape:
            self.close_section()
            self.landscape, self._fresh = landscape, True
            self.flow.new_page(TURNED if landscape else UPRIGHT)

    def close_section(self):
        node = self._join()
        node.find(qualified("w:pPr")).append(self._section())

    def _section(self):
        section = self.skeleton.section(self.landscape, first=self.first_section)
        self.first_section = False
        return section

    def close(self):
        """The last section belongs to the body itself."""
        self.skeleton.body.append(self._section())

    # -- signature and note

    def keep_last(self):
        """The signature never stands alone on a page: what is before it goes along."""
        if len(self.skeleton.body) and self.skeleton.body[-1].tag == qualified("w:p"):
            self._keep(self.skeleton.body[-1])

    def _keep(self, node):
        properties = node.find(qualified("w:pPr"))
        if properties.find(qualified("w:keepNext")) is None:
            properties.insert(1, el("w:keepNext"))

    def signature(self, room):
        lines = [self.filled(text) for text in self.chosen(self.words.lines("落款"))]
        if not lines:
            return
        *issuers, dated = lines
        self.flow.block(LINE * (room + len(lines) + 1))
        self.flow.used -= LINE * (room + len(lines))
        self.keep_last()
        self.blank(room, keep=True)
        for issuer in issuers:
            # centred over the date, whose right edge is four characters in
            right = max(0, round((4 + width(dated) / 2 - width(issuer) / 2) * CHARACTER))
            self.add(
                "发文机关署名",
                run(issuer),
                properties=[el("w:keepNext"), el("w:ind", right=right)],
                height=LINE,
            )
        self.add("成文日期", run(dated), height=LINE)

    def note(self):
        for text in self.chosen(self.words.lines("附注")):
            filled = self.filled(text)
            self.keep_last()
            self.add("附注", run(filled))
            self.flow.text(filled)

    def verification(self, mark):
        if mark:
            self.keep_last()
            picture = verification.picture(self.skeleton.document.part, mark.url)
            text = run(f" 公文验证码：{mark.code}", el("w:position", val=14))
            self.add("验证码", picture, text, height=850)

    # -- imprint

    def imprint(self, issued_on):
        lines = [self.filled(text) for text in self.chosen(self.words.lines("版记"))]
        if not lines:
            return
        imprint = Imprint.read(lines, day(issued_on), ruled=self.skeleton.family == "red_head")
        if self.landscape:
            self._turn(False)
        pages = self._pages_before(imprint.height)
        for _ in range(pages):
            self.add("分节", properties=[el("w:pageBreakBefore")])
            self.flow.new_page()
        if self._fresh:  # a floating table right after a section break would be drawn on the page before
            self._join()
        self.skeleton.body.append(imprint.table(self.skeleton.style))
        self._join()

    def _pages_before(self, height):
        """Pages to begin before the imprint, so that it stands on an even page with room for it."""
        here = self.flow.page % 2 == 0 and (self.flow.left >= height + LINE // 2 or self._fresh)
        if here:
            return 0
        return 1 if self.flow.page % 2 else 2


def _is_heading(text, literal):
    """A numbered line that is a heading alone, without a sentence after it."""
    return not text.endswith("。") and any(pattern.match(literal) for _, pattern in _LEVELS)


def texts(element):
    """The text of each paragraph below an element, in document order, tables included."""
    for node in element.iter(qualified("w:p")):
        yield "".join(part.text or "" for part in node.iterfind(".//w:t", NS))
