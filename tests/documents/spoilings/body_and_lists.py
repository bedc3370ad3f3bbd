"""Spoilings: each breaks one thing and names the clause that must notice."""

from copy import deepcopy

from tests.documents.spoiling import (
    Spoilings,
    W,
    drop,
    drop_above,
    put,
    replace,
    text,
    write,
)

spoils = Spoilings()


def after(paragraph, words: str):
    """A paragraph of plain text like the one before it."""
    new = deepcopy(paragraph)
    for run in new.findall(f"{W}r")[:-1]:
        new.remove(run)
    write(new, words)
    paragraph.addnext(new)


@spoils("正文字号")
def body_too_small(draft):
    put(draft.style("公文正文"), "rPr/sz", val=28)


@spoils("正文字体")
def body_in_song(draft):
    put(draft.style("公文正文"), "rPr/rFonts", eastAsia="宋体")


@spoils("正文字体")
def heading_in_the_body_font(draft):
    drop(next(draft.starting("一、").iter(f"{W}r")), "rPr/rStyle")


@spoils("正文字体")
def kai_beyond_the_full_stop(draft):
    head, rest = draft.starting("（一）").findall(f"{W}r")
    rest.insert(0, deepcopy(head.find(f"{W}rPr")))


@spoils("正文缩进")
def no_indent(draft):
    put(draft.style("公文正文"), "pPr/ind", firstLineChars=0, firstLine=0)


@spoils("正文日期")
def zero_in_a_day_of_the_text(draft):
    replace(draft.starting("根据"), "2027年6月10日", "2027年06月10日")


@spoils("层次次序")
def second_level_first(draft):
    draft.starting("一、").addprevious(deepcopy(draft.starting("（一）")))


@spoils("层次次序")
def fourth_level_without_third(draft):
    after(draft.starting("（二）"), "（1）按时办理。")


@spoils("层次序数连续")
def gap_in_the_numbering(draft):
    replace(draft.starting("三、"), "三、", "四、")


@spoils("层次序数形式")
def comma_after_a_digit(draft):
    after(draft.starting("（二）"), "1、按时办理。")


@spoils("附件名称一致")
def list_and_title_differ(draft):
    replace(draft.starting("附件：1."), "绿色工厂", "绿色工厂（企业）")


@spoils("附件名称一致")
def attachment_left_out_of_the_list(draft):
    *_, last = draft.paragraphs("附件说明")
    last.getparent().remove(last)


@spoils("附件说明")
def full_stop_in_the_list(draft):
    each = draft.starting("附件：1.")
    next(each.iter(f"{W}t")).text += "。"


@spoils("附件说明")
def list_numbered_wrongly(draft):
    *_, last = draft.paragraphs("附件说明")
    replace(last, "6.", "7.")


@spoils("成文日期")
def zero_in_the_month(draft):
    write(draft.paragraphs("成文日期")[0], "2027年06月18日")


@spoils("成文日期")
def day_that_does_not_exist(draft):
    write(draft.paragraphs("成文日期")[0], "2027年6月31日")


@spoils("成文日期位置")
def date_too_far_right(draft):
    put(draft.style("成文日期"), "pPr/ind", rightChars=200, right=632)


@spoils("发文机关署名")
def signature_off_centre(draft):
    put(draft.paragraphs("发文机关署名")[0], "pPr/ind", right=0)


@spoils("发文机关署名")
def signature_missing(draft):
    each = draft.paragraphs("发文机关署名")[0]
    each.getparent().remove(each)


@spoils("署名不单独成页")
def signature_left_alone(draft):
    drop(draft.paragraphs("发文机关署名")[0].getprevious(), "pPr/keepNext")


@spoils("附注")
def note_without_brackets(draft):
    each = draft.paragraphs("附注")[0]
    write(each, text(each).strip("（）"))


@spoils("附件标识")
def label_in_chinese_digits(draft):
    write(draft.paragraphs("附件标识")[0], "附件一")


@spoils("附件标识")
def label_in_fang(draft):
    put(draft.style("附件标识"), "rPr/rFonts", eastAsia="仿宋_GB2312")


@spoils("附件标识")
def attachment_on_the_same_page(draft):
    drop(draft.paragraphs("附件标识")[0], "pPr/pageBreakBefore")


@spoils("附件标题")
def attachment_title_on_line_two(draft):
    drop_above(draft.paragraphs("附件标题")[0])


@spoils("附件标题")
def attachment_title_too_small(draft):
    put(draft.style("附件标题"), "rPr/sz", val=32)


@spoils("表头重复")
def header_row_not_repeated(draft):
    node = next(draft.table().iter(f"{W}tblHeader"))
    node.getparent().remove(node)


@spoils("表格行不跨页")
def row_may_split(draft):
    *_, last = draft.table().iter(f"{W}cantSplit")
    last.getparent().remove(last)


@spoils("表格序号")
def row_missing(draft):
    row = draft.table().findall(f"{W}tr")[17]
    row.getparent().remove(row)


@spoils("表格序号")
def row_twice(draft):
    row = draft.table().findall(f"{W}tr")[17]
    row.addnext(deepcopy(row))


@spoils("表格宽度")
def table_too_wide(draft):
    next(draft.table().iter(f"{W}gridCol")).set(f"{W}w", "3000")


@spoils("表格文字")
def cells_as_large_as_the_text(draft):
    put(draft.style("表格文字"), "rPr/sz", val=32)
