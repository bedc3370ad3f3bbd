"""Attachments: their list below the text (7.3.4), their pages (7.3.7), lying ones in sections of their own."""

from dataclasses import dataclass

from app.documents.layout import tables, text, wording
from app.documents.layout.head import TITLE_LINE
from app.documents.layout.ooxml import clean, el, run
from app.documents.layout.paging import LINE, lines
from app.documents.layout.titles import break_title


@dataclass(frozen=True)
class Attachment:
    """One that exists this time: its title in pieces, what stands below it, whether it lies."""

    pieces: list
    passages: tuple
    landscape: bool

    @property
    def title(self):
        return clean("".join(piece for piece, _ in self.pieces))


def present(sheet):
    """The attachments of this paper: one whose table has no rows is left out."""
    result = []
    for passages in sheet.words.attachments:
        chosen = tuple(passage for passage in passages if wording.applies(passage, sheet.cases))
        names = (wording.alone(passage.text) for passage in chosen)
        values = [wording.lookup(name, sheet.values) for name in names if name]
        if chosen and None not in values:
            lying = any(isinstance(value, tables.Table) and value.landscape for value in values)
            result.append(Attachment(wording.pieces(chosen[0].text, sheet.values), chosen[1:], lying))
    return result


def list_height(attachments):
    """Lines of the list and of the blank line above it."""
    return LINE * (sum(lines(one.title, 6) for one in attachments) + bool(attachments))


def write_list(sheet, attachments):
    """附件：1. …, hanging below each other, no stop after the names."""
    if not attachments:
        return
    sheet.keep_last()
    sheet.blank()
    for number, attachment in enumerate(attachments, start=1):
        sheet.keep_last()
        lead = "附件：" if number == 1 else ""
        label = f"{number}. " if len(attachments) > 1 else ""
        left = 1896 if label else 1580
        indent = el("w:ind", left=left, hanging=left - 632 if lead else left - 1580)
        sheet.add("附件说明", run(f"{lead}{label}{attachment.title}"), properties=[indent])
        sheet.flow.text(attachment.title, indent=6)


def write_pages(sheet, attachments):
    """Each on a new page: label flush left, title on the third line."""
    for number, attachment in enumerate(attachments, start=1):
        sheet.turn(attachment.landscape)
        label = f"附件{number}" if len(attachments) > 1 else "附件"
        sheet.add("附件标识", run(label), properties=sheet.new_page(), height=LINE)
        sheet.blank()
        for line in break_title([attachment.pieces]):
            sheet.add("附件标题", run(line), height=TITLE_LINE)
        sheet.blank()
        text.write(sheet, attachment.passages)
