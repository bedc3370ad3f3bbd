"""印发类: the rules a notice puts into force, on a new page without a label, before the imprint."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.documents.layout import wording
from app.documents.layout.head import TITLE_LINE
from app.documents.layout.ooxml import clean, el, keep_with_next, run
from app.documents.layout.paging import LINE
from app.documents.layout.sheet import Sheet
from app.documents.layout.titles import break_title

SECTION = "印发"
CHAPTER = re.compile(r"第[一二三四五六七八九十百]+[章节]")
ARTICLE = re.compile(r"第[零一二三四五六七八九十百]+条")


def write(sheet: Sheet) -> None:
    """Write the section 印发: its first passage is the title, the others the text; without it, nothing."""
    passages = sheet.chosen(sheet.wording.lines(SECTION))
    if not passages:
        return
    title, *texts = passages
    for number, line in enumerate(break_title([wording.pieces(title, sheet.values)])):
        properties = [] if number else sheet.ensure_new_page()
        sheet.add("附件标题", run(clean(line)), properties=properties, height=TITLE_LINE)
    for text in _paragraphs(texts, sheet.values):
        _write_paragraph(sheet, clean(text))


def _paragraphs(texts: Iterable[str], values: Mapping[str, Any]) -> Iterator[str]:
    for text in texts:
        name = wording.sole_placeholder(text)
        value = wording.lookup(name, values) if name else wording.fill(text, values)
        yield from value if isinstance(value, tuple) else (value,)


def _write_paragraph(sheet: Sheet, text: str) -> None:
    """Centre a chapter between blank lines, begin an article in 黑体, leave items plain."""
    heading_style = sheet.skeleton.style("一级标题字")
    if CHAPTER.match(text):
        sheet.blank()
        centred = [el("w:ind", firstLineChars=0, firstLine=0), el("w:jc", val="center")]
        keep_with_next(sheet.add("公文正文", run(text, style=heading_style), properties=centred, height=LINE))
        sheet.blank()
        sheet.keep_last_with_next()
        return
    article = ARTICLE.match(text)
    lead = article[0] if article else ""
    runs = [run(lead, style=heading_style)] if lead else []
    sheet.add("公文正文", *runs, run(text[len(lead) :]))
    sheet.pages.add_text(text)
