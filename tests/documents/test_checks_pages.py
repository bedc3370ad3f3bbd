"""The pages themselves: each fault is drawn by LibreOffice and measured on the PDF."""

from copy import deepcopy

import pytest

from app import documents
from app.documents.checks import check
from app.policy import papers
from tests.documents.spoiling import Spoilings, W, announcement, built, put, spoil

PREFIX = "版面："
MORE = "各地要及时总结推广名单内单位的先进经验和典型做法，发挥示范引领作用，带动产业链协同提升。" * 4
LETTER = "consultation"
spoils, letter_spoils = Spoilings(), Spoilings()


def page_faults(docx: bytes, pdf: bytes) -> set[str]:
    wrong = (each.name for each in check(docx, pdf=pdf) if not each.ok)
    return {name.removeprefix(PREFIX) for name in wrong if name.startswith("版面")}


@pytest.mark.slow
@pytest.mark.parametrize("kind", papers.KINDS)
def test_every_kind_is_printed_as_the_standard_says(kind):
    assert page_faults(built(kind), documents.preview_pdf(built(kind))) == set()


def test_a_long_paper_is_printed_as_the_standard_says():
    assert page_faults(announcement(MORE), documents.preview_pdf(announcement(MORE))) == set()


@spoils("每面22行")
def line_580(draft):
    put(draft.style("Normal"), "pPr/spacing", line=580)


@spoils("行距")
def lines_of_any_height(draft):
    put(draft.style("公文正文"), "pPr/spacing", line=600)


@spoils("每行28字")
def letters_spread(draft):
    put(draft.style("公文正文"), "rPr/spacing", val=8)


@spoils("版心之外无内容")
def beyond_the_margin(draft):
    put(draft.starting("特此通知"), "pPr/ind", left=-1500)


@spoils("发文机关标志位置")
def mark_too_high(draft):
    put(draft.style("发文机关标志"), "pPr/spacing", before=1500)


@spoils("红色分隔线")
def rule_too_short(draft):
    put(draft.style("发文字号"), "pPr/ind", left=600, right=600)


@spoils("红色分隔线")
def rule_too_far(draft):
    put(draft.style("发文字号"), "pPr/pBdr").find(f"{W}bottom").set(f"{W}space", "18")


@spoils("首页显示正文")
def text_overleaf(draft):
    put(draft.starting("根据"), "pPr/pageBreakBefore")


@spoils("署名页有正文")
def signature_overleaf(draft):
    put(draft.paragraphs("发文机关署名")[0], "pPr/pageBreakBefore")


@spoils("署名居中")
def signature_off_centre(draft):
    put(draft.paragraphs("发文机关署名")[0], "pPr/ind", right=0)


@spoils("页码")
def footer_lower(draft):
    for margin in draft.body.iter(f"{W}pgMar"):
        margin.set(f"{W}footer", "900")


@spoils("页码")
def numbers_at_the_left(draft):
    for each in draft.paragraphs("页码"):
        put(each, "pPr/jc", val="left")


@spoils("字体")
def another_font(draft):
    put(draft.style("公文正文"), "rPr/rFonts", ascii="DejaVu Sans", hAnsi="DejaVu Sans")


@spoils("版记")
def imprint_on_an_odd_page(draft):
    before = draft.imprint().getprevious()
    before.addprevious(deepcopy(before))
    put(before, "pPr/pageBreakBefore")


@spoils("版记")
def imprint_at_the_top(draft):
    put(draft.imprint(), "tblPr/tblpPr", tblpYSpec="top")


@spoils("每面有表头")
def header_on_the_first_page_only(draft):
    node = next(draft.table().iter(f"{W}tblHeader"))
    node.getparent().remove(node)


@spoils("表格序号")
def row_not_printed(draft):
    row = draft.table().findall(f"{W}tr")[17]
    row.getparent().remove(row)


# Another page moves the imprint to an odd one.
CONSEQUENCES = {signature_overleaf: {"版记"}}


@pytest.mark.slow
@pytest.mark.parametrize("change, name", spoils.cases, ids=spoils.ids)
def test_each_fault_on_the_page_is_measured_by_its_own_clause_alone(change, name):
    found = page_faults(announcement(MORE), documents.preview_pdf(spoil(announcement(MORE), change)))
    assert found == {name} | CONSEQUENCES.get(change, set())


@letter_spoils("信函红色双线")
def rules_too_short(draft):
    put(draft.style("信函首线"), "pPr/ind", left=0, right=0)


@letter_spoils("信函红色双线")
def upper_rule_too_far(draft):
    put(draft.style("信函首线"), "pPr/spacing", before=600)


@letter_spoils("发文机关标志位置")
def letter_mark_too_low(draft):
    for margin in draft.body.iter(f"{W}pgMar"):
        margin.set(f"{W}header", "2000")


@letter_spoils("信函版记")
def letter_imprint_at_the_top(draft):
    put(draft.imprint(), "tblPr/tblpPr", tblpYSpec="top")


@pytest.mark.slow
@pytest.mark.parametrize("change, name", letter_spoils.cases, ids=letter_spoils.ids)
def test_each_fault_on_the_page_of_a_letter_is_measured(change, name):
    assert name in page_faults(built(LETTER), documents.preview_pdf(spoil(built(LETTER), change)))


def test_what_is_no_pdf_is_said():
    assert page_faults(announcement(), b"PK") == {"版面可以测量"}
