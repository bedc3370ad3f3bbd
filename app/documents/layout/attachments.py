"""Attachments: their list below the text (7.3.4) and their pages (7.3.7), landscape ones in sections of their own."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.documents.layout import tables, text, wording
from app.documents.layout.head import TITLE_LINE
from app.documents.layout.ooxml import clean, el, run
from app.documents.layout.paging import LINE, line_count
from app.documents.layout.sheet import Sheet
from app.documents.layout.titles import break_title

LIST_INDENT = 6  # characters before a name in the list


@dataclass(frozen=True)
class Attachment:
    """An attachment of this paper: its title in pieces, its passages, its orientation."""

    pieces: list[wording.Piece]
    passages: tuple[wording.Passage, ...]
    landscape: bool

    @property
    def title(self) -> str:
        """Return the title in one line."""
        return clean("".join(piece for piece, _ in self.pieces))


def present(sheet: Sheet) -> list[Attachment]:
    """Return the attachments of this paper; one whose table has no rows is left out."""
    attachments = (_attachment(sheet, passages) for passages in sheet.wording.attachments)
    return [attachment for attachment in attachments if attachment is not None]


def _attachment(sheet: Sheet, passages: Iterable[wording.Passage]) -> Attachment | None:
    """Return an attachment, None if none of its passages applies or its table has no rows."""
    chosen = tuple(passage for passage in passages if wording.applies(passage, sheet.cases))
    names = (wording.sole_placeholder(passage.text) for passage in chosen)
    values = [wording.lookup(name, sheet.values) for name in names if name]
    if not chosen or None in values:
        return None
    landscape = any(isinstance(value, tables.Table) and value.landscape for value in values)
    return Attachment(wording.pieces(chosen[0].text, sheet.values), chosen[1:], landscape)


def list_height(attachments: list[Attachment]) -> int:
    """Return the height of the list with the blank line above it."""
    lines = sum(line_count(attachment.title, LIST_INDENT) for attachment in attachments)
    return LINE * (lines + bool(attachments))


def write_list(sheet: Sheet, attachments: list[Attachment]) -> None:
    """Write 附件：1. …, names aligned below each other, no stop after them."""
    if not attachments:
        return
    sheet.keep_last_with_next()
    sheet.blank()
    for number, attachment in enumerate(attachments, start=1):
        sheet.keep_last_with_next()
        lead = "附件：" if number == 1 else ""
        label = f"{number}. " if len(attachments) > 1 else ""
        left = 1896 if label else 1580
        indent = el("w:ind", left=left, hanging=left - 632 if lead else left - 1580)
        sheet.add("附件说明", run(f"{lead}{label}{attachment.title}"), properties=[indent])
        sheet.pages.add_text(attachment.title, indent=LIST_INDENT)


def write_pages(sheet: Sheet, attachments: list[Attachment]) -> None:
    """Write each attachment on a new page: label flush left, title on the third line."""
    for number, attachment in enumerate(attachments, start=1):
        sheet.switch_orientation(attachment.landscape)
        label = f"附件{number}" if len(attachments) > 1 else "附件"
        sheet.add("附件标识", run(label), properties=sheet.ensure_new_page(), height=LINE)
        sheet.blank()
        for line in break_title([attachment.pieces]):
            sheet.add("附件标题", run(line), height=TITLE_LINE)
        sheet.blank()
        text.write(sheet, attachment.passages)
