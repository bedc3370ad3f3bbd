"""Check an official document against GB/T 9704-2012: the file itself, and its pages if a PDF is given."""

from app.documents.checks import (
    attachments,
    body,
    head,
    imprint,
    issued,
    numbering,
    package,
    page,
    pdf_elements,
    pdf_tables,
    pdf_text,
    schema,
)
from app.documents.checks.elements import Paper
from app.documents.checks.measure import pages
from app.documents.checks.printout import PrintOut
from app.documents.checks.result import NO_CLAUSE, Check
from app.documents.checks.source import Unreadable

FILE_RULES = (
    *page.rules,
    *head.rules,
    *body.rules,
    *numbering.rules,
    *attachments.rules,
    *issued.rules,
    *imprint.rules,
    *package.rules,
    *schema.rules,
)
PAGE_RULES = (*pdf_text.rules, *pdf_elements.rules, *pdf_tables.rules)

__all__ = ["Check", "check"]


def check(docx_bytes: bytes, *, kind_family: str | None = None, pdf: bytes | None = None) -> list[Check]:
    """Return a check for every clause that applies; the family is read from the paper unless given."""
    try:
        paper = Paper(docx_bytes, kind_family)
    except Unreadable as error:
        return [Check(NO_CLAUSE, "文件可以打开", "完好的 .docx 文件", str(error), False)]
    results = [rule.judge(paper) for rule in FILE_RULES if rule.applies(paper)]
    return results if pdf is None else results + _check_pages(paper, pdf)


def _check_pages(paper: Paper, content: bytes) -> list[Check]:
    try:
        print_out = PrintOut(paper, pages(content))
    except ValueError as error:
        return [Check(NO_CLAUSE, "版面可以测量", "完好的 PDF 文件", str(error), False)]
    return [rule.judge(print_out) for rule in PAGE_RULES if rule.applies(print_out)]
