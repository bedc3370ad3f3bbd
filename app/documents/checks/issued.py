"""Rules that a paper puts into force (印发类): on a page of their own, without a label."""

from collections.abc import Iterator

from app.documents.checks.body import CHAPTER
from app.documents.checks.effective import Paragraph
from app.documents.checks.elements import ATTACHED_TITLE, BODY, Paper
from app.documents.checks.fonts import TITLE, is_a
from app.documents.checks.result import Fault, Rulebook

TITLE_SIZE = 44
rules: Rulebook[Paper] = Rulebook()


@rules(
    "7.3.3",
    "印发内容",
    "另面编排，不加附件标识，题目用2号小标宋体居中，章居中",
    when=lambda paper: bool(paper.issued),
)
def issued(paper: Paper) -> Iterator[Fault]:
    paragraphs = [block for block in paper.issued if isinstance(block, Paragraph)]
    first = paragraphs[0]
    if not (first.on("pageBreakBefore") or paper.breaks_before(paper.blocks.index(first))):
        yield first.where, "未另面编排"
    for paragraph in paragraphs:
        if paragraph.style == ATTACHED_TITLE and paragraph.words:
            yield from _title_faults(paragraph)
        elif _is_chapter(paragraph) and paragraph.attribute("jc") != "center":
            yield paragraph.where, "章未居中"


def _title_faults(paragraph: Paragraph) -> Iterator[Fault]:
    if any(not is_a(run.font, TITLE) or run.size != TITLE_SIZE for run in paragraph.runs):
        yield paragraph.where, "不是2号小标宋体"
    if paragraph.attribute("jc") != "center":
        yield paragraph.where, "题目未居中"


def _is_chapter(paragraph: Paragraph) -> bool:
    return paragraph.style == BODY and bool(CHAPTER.match(paragraph.words))
