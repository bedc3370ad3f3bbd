"""Spoilings: each breaks one thing and names the clause that must notice."""

from copy import deepcopy

from tests.documents.spoiling import (
    SETTINGS,
    Spoilings,
    W,
    drop,
    drop_above,
    put,
    write,
)

spoils = Spoilings()


@spoils("信函红色双线")
def upper_rule_dropped(draft):
    drop(draft.style("信函首线"), "pPr/pBdr")


@spoils("信函红色双线")
def lower_rule_mirrored(draft):
    borders = draft.style("信函末线").find(f"{W}pPr/{W}pBdr")
    top, bottom = borders.find(f"{W}top"), borders.find(f"{W}bottom")
    sizes = top.get(f"{W}sz"), bottom.get(f"{W}sz")
    top.set(f"{W}sz", sizes[1])
    bottom.set(f"{W}sz", sizes[0])


@spoils("信函红色双线")
def rule_as_wide_as_the_text(draft):
    put(draft.style("信函首线"), "pPr/ind", left=0, right=0)


@spoils("信函首页页码")
def number_on_the_first_page(draft):
    drop(next(draft.body.iter(f"{W}sectPr")), "titlePg")


@spoils("发文字号位置")
def number_centred(draft):
    put(draft.style("信函字号"), "pPr/jc", val="center")


@spoils("标题上空行")
def one_line_above_title(draft):
    drop_above(draft.paragraphs("公文标题")[0])


@spoils("发文机关标志")
def mark_missing(draft):
    for each in draft.paragraphs("信函机关标志"):
        write(each, "")


@spoils("主送机关")
def addressee_missing(draft):
    for each in draft.paragraphs("主送机关"):
        each.getparent().remove(each)


@spoils("单双页页码")
def same_footer_on_both_sides(draft):
    drop(draft.trees[SETTINGS], "evenAndOddHeaders")


@spoils("信函版记")
def imprint_of_a_document(draft):
    row = draft.imprint().findall(f"{W}tr")[-1]
    issuing = deepcopy(row)
    write(issuing, "云浮市工业和信息化局办公室2027年6月18日印发")
    row.addnext(issuing)


@spoils("信函版记")
def imprint_with_a_rule(draft):
    borders = put(draft.imprint().find(f"{W}tblPr"), "tblBorders")
    put(borders, "top", val="single", sz=8, space=0, color="000000")
