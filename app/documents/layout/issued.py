"""印发类: what a notice puts into force follows it on a new page, without a label; the imprint comes after it."""

import re

from app.documents.layout import wording
from app.documents.layout.head import TITLE_LINE
from app.documents.layout.ooxml import clean, el, keep, run
from app.documents.layout.paging import LINE
from app.documents.layout.titles import break_title

SECTION = "印发"
CHAPTER = re.compile(r"第[一二三四五六七八九十百]+[章节]")
ARTICLE = re.compile(r"第[零一二三四五六七八九十百]+条")


def write(sheet):
    """The first passage is the title, the others the text; without this section nothing is written."""
    passages = sheet.chosen(sheet.words.lines(SECTION))
    if not passages:
        return
    title, *texts = passages
    for number, line in enumerate(break_title([wording.pieces(title, sheet.values)])):
        begin = () if number else sheet.new_page()
        sheet.add("附件标题", run(clean(line)), properties=begin, height=TITLE_LINE)
    for text in _paragraphs(texts, sheet.values):
        _paragraph(sheet, clean(text))


def _paragraphs(texts, values):
    for text in texts:
        name = wording.alone(text)
        value = wording.lookup(name, values) if name else wording.fill(text, values)
        yield from value if isinstance(value, tuple) else (value,)


def _paragraph(sheet, text):
    """A chapter stands in the middle between blank lines, an article begins in 黑体; its items are plain text."""
    heading = sheet.skeleton.style("一级标题字")
    if CHAPTER.match(text):
        sheet.blank()
        middle = [el("w:ind", firstLineChars=0, firstLine=0), el("w:jc", val="center")]
        keep(sheet.add("公文正文", run(text, style=heading), properties=middle, height=LINE))
        sheet.keep_last()
        keep(_blank(sheet))
        return
    article = ARTICLE.match(text)
    lead = article[0] if article else ""
    runs = [run(lead, style=heading)] if lead else []
    sheet.add("公文正文", *runs, run(text[len(lead) :]))
    sheet.flow.text(text)


def _blank(sheet):
    return sheet.add("公文空行", height=LINE)
