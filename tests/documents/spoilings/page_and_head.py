"""Spoilings: each breaks one thing and names the clause that must notice."""

from copy import deepcopy

from tests.documents.spoiling import (
    SETTINGS,
    Spoilings,
    W,
    drop,
    drop_above,
    put,
    text,
    write,
)

spoils = Spoilings()


@spoils("行距")
def line_580(draft):
    put(draft.style("Normal"), "pPr/spacing", line=580)


@spoils("行距")
def line_by_the_font(draft):
    put(draft.style("公文正文"), "pPr/spacing", line=360, lineRule="auto")


@spoils("孤行控制")
def widow_control(draft):
    put(draft.style("Normal"), "pPr/widowControl", val=1)


@spoils("标点溢出边界")
def hanging_punctuation(draft):
    put(draft.style("公文正文"), "pPr/overflowPunct", val=1)


@spoils("每行字数")
def snapped_to_grid(draft):
    put(draft.style("公文正文"), "pPr/snapToGrid", val=1)


@spoils("每行字数")
def letters_spread(draft):
    put(draft.style("公文正文"), "rPr/spacing", val=0)


@spoils("纸张幅面")
def letter_paper(draft):
    next(draft.body.iter(f"{W}pgSz")).attrib.update({f"{W}w": "12240", f"{W}h": "15840"})


@spoils("页边与版心")
def wrong_margin(draft):
    put(next(draft.body.iter(f"{W}sectPr")), "pgMar", top=1440)


@spoils("页边与版心")
def narrow_type_area(draft):
    put(next(draft.body.iter(f"{W}sectPr")), "pgMar", right=1540)


@spoils("文档网格")
def no_grid(draft):
    drop(next(draft.body.iter(f"{W}sectPr")), "docGrid")


@spoils("文档网格")
def grid_of_27_characters(draft):
    put(next(draft.body.iter(f"{W}sectPr")), "docGrid", charSpace=0)


@spoils("文档网格")
def grid_of_21_lines(draft):
    put(next(draft.body.iter(f"{W}sectPr")), "docGrid", linePitch=580)


@spoils("单双页页码")
def same_footer_on_both_sides(draft):
    drop(draft.trees[SETTINGS], "evenAndOddHeaders")


@spoils("单双页页码")
def numbers_on_the_wrong_side(draft):
    first = next(draft.body.iter(f"{W}sectPr"))
    odd, even = (each for each in first.findall(f"{W}footerReference") if each.get(f"{W}type") != "first")
    kinds = odd.get(f"{W}type"), even.get(f"{W}type")
    odd.set(f"{W}type", kinds[1])
    even.set(f"{W}type", kinds[0])


@spoils("页码字体字号")
def number_too_small(draft):
    put(draft.style("页码"), "rPr/sz", val=21)


@spoils("页码字体字号")
def number_without_dashes(draft):
    for each in draft.paragraphs("页码"):
        for node in each.iter(f"{W}t"):
            node.text = node.text.replace("—", "")


@spoils("页脚高度")
def footer_too_tall(draft):
    put(draft.style("页码"), "pPr/spacing", line=579)


@spoils("横排页码")
def no_landscape_number(draft):
    for name, tree in draft.trees.items():
        if name.startswith("word/header"):
            for code in list(tree.iter(f"{W}instrText")):
                code.text = ""


@spoils("发文机关标志")
def mark_in_black(draft):
    put(draft.style("发文机关标志"), "rPr/color", val="000000")


@spoils("发文机关标志")
def mark_in_another_font(draft):
    put(draft.style("发文机关标志"), "rPr/rFonts", eastAsia="黑体")


@spoils("发文机关标志宽度")
def mark_too_wide(draft):
    for node in draft.paragraphs("发文机关标志")[0].iter(f"{W}w"):
        node.set(f"{W}val", "100")


@spoils("发文字号")
def square_brackets_and_zero(draft):
    write(draft.paragraphs("发文字号")[0], "云工信[2027]07号")


@spoils("发文字号")
def number_with_di(draft):
    write(draft.paragraphs("发文字号")[0], "云工信〔2027〕第7号")


@spoils("发文字号位置")
def number_at_the_left(draft):
    put(draft.style("发文字号"), "pPr/jc", val="left")


@spoils("红色分隔线")
def rule_dropped(draft):
    drop(draft.style("发文字号"), "pPr/pBdr")


@spoils("红色分隔线")
def rule_in_black(draft):
    put(draft.style("发文字号"), "pPr/pBdr").find(f"{W}bottom").set(f"{W}color", "000000")


@spoils("发文字号上空行")
def one_line_above_number(draft):
    drop_above(draft.paragraphs("发文字号")[0])


@spoils("标题上空行")
def one_line_above_title(draft):
    drop_above(draft.paragraphs("公文标题")[0])


@spoils("主送机关上空行")
def no_line_above_addressee(draft):
    drop_above(draft.paragraphs("主送机关")[0])


@spoils("标题")
def title_too_small(draft):
    put(draft.style("公文标题"), "rPr/sz", val=36)


@spoils("标题")
def title_in_song(draft):
    put(draft.style("公文标题"), "rPr/rFonts", eastAsia="宋体")


@spoils("标题")
def title_at_the_left(draft):
    put(draft.style("公文标题"), "pPr/jc", val="left")


@spoils("标题回行")
def title_of_one_last_character(draft):
    *_, last = draft.paragraphs("公文标题")
    write(last, "知")


@spoils("标题回行")
def title_like_an_hourglass(draft):
    first, last = draft.paragraphs("公文标题")
    middle = deepcopy(first)
    write(middle, "关于公布")
    first.addnext(middle)


@spoils("主送机关")
def ascii_colon(draft):
    each = draft.paragraphs("主送机关")[0]
    write(each, text(each).replace("：", ":"))


@spoils("主送机关")
def addressee_indented(draft):
    put(draft.style("主送机关"), "pPr/ind", firstLineChars=200, firstLine=632)
