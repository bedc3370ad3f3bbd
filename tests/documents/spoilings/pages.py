"""Spoilings: each breaks one thing and names the clause that must notice."""

from copy import deepcopy

from tests.documents.spoiling import Spoilings, W, put

spoils, letter_spoils = Spoilings(), Spoilings()


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
