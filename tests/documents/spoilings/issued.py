"""Spoilings: each breaks one thing and names the clause that must notice."""

from tests.documents.spoiling import Spoilings, W, drop, put

spoils = Spoilings()


@spoils("印发内容")
def on_the_page_of_the_signature(draft):
    drop(draft.paragraphs("附件标题")[0], "pPr/pageBreakBefore")


@spoils("印发内容")
def title_flush_left(draft):
    put(draft.style("附件标题"), "pPr/jc", val="left")


@spoils("正文字体")
def chapter_in_body_type(draft):
    for style in draft.starting("第二章").findall(f"{W}r/{W}rPr/{W}rStyle"):
        style.getparent().remove(style)


@spoils("层次序数连续")
def an_article_is_missing(draft):
    gone = draft.starting("第五条")
    gone.getparent().remove(gone)


@spoils("层次序数连续")
def an_item_is_missing(draft):
    gone = draft.starting("（二）名称")
    gone.getparent().remove(gone)
