"""Read a paper into its formal elements, which are known by the names of their paragraph styles."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from app.documents.checks.effective import Paragraph, Styles, whole
from app.documents.checks.result import LETTER, PLAIN, RED_HEAD
from app.documents.checks.source import Element, Package, W

RED_MARK, LETTER_MARK = "发文机关标志", "信函机关标志"
MARKS = (RED_MARK, LETTER_MARK)
NUMBERS = ("发文字号", "信函字号")
LETTER_RULES = ("信函首线", "信函末线")
TITLE, ADDRESSEE, BODY, HEADING = "公文标题", "主送机关", "公文正文", "一级标题"
LIST, SIGNATURE, DATE, NOTE = "附件说明", "发文机关署名", "成文日期", "附注"
LABEL, ATTACHED_TITLE = "附件标识", "附件标题"
SPACERS, CODE = ("分节", "表间"), "验证码"
TABLE_HEADS = ("表头文字", "小表头文字")
TABLE_TEXT = (*TABLE_HEADS, "表格文字", "表格居中", "小表格文字", "小表格居中")
IMPRINT, PAGE_NUMBER = "版记文字", "页码"
TEXT = (BODY, HEADING)
LISTED = re.compile(r"^(?:附件：)?(?:(\d+)[.．]\s*)?(.*)$")


@dataclass
class Table:
    """A table by rows; cells are texts."""

    element: Element
    read: Callable[[Element], Paragraph]

    @cached_property
    def rows(self) -> list[Element]:
        """Return the rows, header rows included."""
        return self.element.findall(f"{W}tr")

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """Return the paragraphs of all cells."""
        return [self.read(each) for each in self.element.iter(f"{W}p")]

    def cells(self, row: Element) -> list[str]:
        """Return the texts of a row's cells."""
        return ["".join(text.text or "" for text in cell.iter(f"{W}t")) for cell in row.findall(f"{W}tc")]

    @cached_property
    def heads(self) -> int:
        """Return the number of leading rows written as header."""
        count = 0
        for row in self.rows:
            if any(self.read(each).style not in TABLE_HEADS for each in row.iter(f"{W}p")):
                break
            count += 1
        return count

    @property
    def columns(self) -> list[str]:
        """Return the headings: the cells of the first row."""
        return self.cells(self.rows[0]) if self.rows else []

    @property
    def widths(self) -> list[int]:
        """Return the widths of the columns in twips."""
        return [whole(each.get(f"{W}w")) for each in self.element.findall(f"{W}tblGrid/{W}gridCol")]

    @property
    def where(self) -> str:
        """Return the first headings, to name the place of a fault."""
        return f"表“{'｜'.join(self.columns[:4])}”"


Block: TypeAlias = Paragraph | Table


@dataclass
class Attachment:
    """An attachment: its label and the blocks under it."""

    label: Paragraph
    blocks: list[Block]
    breaks_before: bool

    @cached_property
    def title(self) -> list[Paragraph]:
        """Return the lines of the title, one paragraph each."""
        return [b for b in self.blocks if isinstance(b, Paragraph) and b.style == ATTACHED_TITLE and b.words]

    @property
    def name(self) -> str:
        """Return the title in one line."""
        return "".join(line.words for line in self.title)

    @property
    def tables(self) -> list[Table]:
        """Return the tables of the attachment."""
        return [block for block in self.blocks if isinstance(block, Table)]


class Paper:
    """An official document opened for checking."""

    def __init__(self, docx: bytes, family: str | None = None) -> None:
        self.package = Package(docx)
        self.styles = Styles(self.package)
        self._read: dict[Element, Paragraph] = {}
        self._document = self.package.document
        body = self._document.find(f"{W}body")
        self.blocks = [self._block(each) for each in body.iterchildren(f"{W}p", f"{W}tbl")]
        self.family = family or self._family()

    def _block(self, element: Element) -> Block:
        return self.read(element) if element.tag == f"{W}p" else Table(element, self.read)

    def read(self, element: Element) -> Paragraph:
        """Return the paragraph of an element, read once."""
        if element not in self._read:
            self._read[element] = Paragraph(element, self.styles)
        return self._read[element]

    def _family(self) -> str:
        styles = {paragraph.style for paragraph in self.everything if paragraph.words}
        if LETTER_MARK in styles or "信函字号" in styles:
            return LETTER
        return RED_HEAD if styles & {RED_MARK, "发文字号"} else PLAIN

    @cached_property
    def everything(self) -> list[Paragraph]:
        """Return all paragraphs of document, tables, headers, footers and notes."""
        trees = self.package.text_trees().values()
        return [self.read(each) for tree in trees for each in tree.iter(f"{W}p")]

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """Return the paragraphs of the body, outside tables."""
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @cached_property
    def sections(self) -> list[Element]:
        """Return the properties of each section, in order."""
        return list(self._document.iter(f"{W}sectPr"))

    def styled(self, *names: str) -> list[Paragraph]:
        """Return the paragraphs of the body with text and one of these styles, in order."""
        return [each for each in self.paragraphs if each.style in names and each.words]

    def first(self, *names: str) -> Paragraph | None:
        """Return the first of these paragraphs, or None."""
        return next(iter(self.styled(*names)), None)

    def required(self, *names: str) -> Paragraph:
        """Return the first of these paragraphs, which the rule's condition has found."""
        return self.styled(*names)[0]

    def is_mark(self, paragraph: Paragraph) -> bool:
        """Return whether a paragraph is the issuer's mark."""
        return paragraph.style in MARKS

    @cached_property
    def mark(self) -> Paragraph | None:
        """Return the issuer's mark; in a letter it stands in the header of the first page."""
        return next((each for each in self.everything if each.style in MARKS and each.words), None)

    @property
    def required_mark(self) -> Paragraph:
        """Return the issuer's mark, which the rule's condition has found."""
        assert self.mark is not None
        return self.mark

    @cached_property
    def title(self) -> list[str]:
        """Return the lines of the title: paragraphs, or line breaks inside one."""
        return [line.strip() for each in self.styled(TITLE) for line in each.text.split("\n") if line.strip()]

    @cached_property
    def _label_indexes(self) -> list[int]:
        return [
            i for i, b in enumerate(self.blocks) if isinstance(b, Paragraph) and b.style == LABEL and b.words
        ]

    @cached_property
    def main(self) -> list[Block]:
        """Return the blocks before the first attachment."""
        return self.blocks[: self._label_indexes[0]] if self._label_indexes else self.blocks

    @cached_property
    def issued(self) -> list[Block]:
        """Return the rules put into force: after the signature, under a title of their own, without a label."""
        titles = (b for b in self.main if isinstance(b, Paragraph) and b.style == ATTACHED_TITLE and b.words)
        first = next(titles, None)
        return self.main[self.main.index(first) :] if first else []

    @cached_property
    def attachments(self) -> list[Attachment]:
        """Return the attachments in their order."""
        ends = [*self._label_indexes[1:], len(self.blocks)]
        return [
            Attachment(label, self.blocks[start + 1 : end], self.breaks_before(start))
            for start, end in zip(self._label_indexes, ends, strict=False)
            if isinstance(label := self.blocks[start], Paragraph)
        ]

    def breaks_before(self, index: int) -> bool:
        """Return whether a section or page break stands between this block and the one before, in either."""
        before = self.blocks[index - 1].element if index else self.blocks[index].element
        breaks = (
            each.get(f"{W}type")
            for block in (before, self.blocks[index].element)
            for each in block.iter(f"{W}br")
        )
        return before.find(f"{W}pPr/{W}sectPr") is not None or "page" in breaks

    @cached_property
    def listed(self) -> list[tuple[str | None, str]]:
        """Return the numbers and titles in the list of attachments."""
        return [_listed(each.words) for each in self.styled(LIST)]

    @cached_property
    def tables(self) -> list[Table]:
        """Return the tables with a header, so neither imprint nor layout."""
        return [block for block in self.blocks if isinstance(block, Table) and block.heads]

    @cached_property
    def imprint(self) -> Table | None:
        """Return the table of the imprint, or None."""
        tables = [block for block in self.blocks if isinstance(block, Table)]
        return next((t for t in tables if any(p.style == IMPRINT for p in t.paragraphs)), None)

    @property
    def required_imprint(self) -> Table:
        """Return the table of the imprint, which the rule's condition has found."""
        assert self.imprint is not None
        return self.imprint

    def contexts(self) -> list[list[Paragraph]]:
        """Return the running text of the paper, of its issued rules and of each attachment.

        Each counts its headings from one.
        """
        own = self.main[: len(self.main) - len(self.issued)]
        return [
            _text(own),
            _text(self.issued),
            *(_text(attachment.blocks) for attachment in self.attachments),
        ]

    def blanks_above(self, paragraph: Paragraph) -> int:
        """Return how many empty lines stand above a paragraph."""
        count = 0
        for block in reversed(self.blocks[: self.blocks.index(paragraph)]):
            if not isinstance(block, Paragraph) or block.words:
                break
            count += block.style not in (*SPACERS, *LETTER_RULES)
        return count


def _listed(line: str) -> tuple[str | None, str]:
    match = LISTED.match(line)
    return (match[1], match[2]) if match else (None, line)


def _text(blocks: list[Block]) -> list[Paragraph]:
    return [each for each in blocks if isinstance(each, Paragraph) and each.style in TEXT and each.words]
