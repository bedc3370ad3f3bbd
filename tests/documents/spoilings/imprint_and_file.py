"""Spoilings: each breaks one thing and names the clause that must notice."""

from lxml import etree

from tests.documents.spoiling import (
    DOCUMENT,
    RELATIONSHIPS,
    TYPES,
    Spoilings,
    W,
    drop,
    put,
    replace,
    write,
)

spoils = Spoilings()


@spoils("版记位置")
def imprint_inline(draft):
    drop(draft.imprint(), "tblPr/tblpPr")


@spoils("版记")
def imprint_missing(draft):
    imprint = draft.imprint()
    imprint.getparent().remove(imprint)


@spoils("版记次序")
def imprint_upside_down(draft):
    first, second, *_ = draft.imprint().findall(f"{W}tr")
    second.addnext(first)


@spoils("版记")
def zero_in_the_imprint(draft):
    replace(draft.imprint(), "2027年6月", "2027年06月")


@spoils("版记字体字号")
def imprint_in_the_body_size(draft):
    put(draft.style("版记文字"), "rPr/sz", val=32)


@spoils("版记分隔线")
def imprint_rules_all_alike(draft):
    for edge in draft.imprint().iter(f"{W}top", f"{W}bottom"):
        edge.set(f"{W}sz", "8")


@spoils("版记分隔线")
def imprint_rules_in_red(draft):
    for edge in draft.imprint().iter(f"{W}top", f"{W}bottom"):
        edge.set(f"{W}color", "FF0000")


@spoils("主题字体")
def theme_font(draft):
    put(draft.style("公文正文"), "rPr/rFonts", asciiTheme="minorHAnsi")


@spoils("加粗")
def bold_title(draft):
    put(draft.style("公文标题"), "rPr/b")


@spoils("颜色")
def blue_word(draft):
    put(next(draft.starting("根据").iter(f"{W}r")), "rPr/color", val="0000FF")


@spoils("颜色")
def red_word(draft):
    put(next(draft.starting("根据").iter(f"{W}r")), "rPr/color", val="FF0000")


@spoils("中文标点字体提示")
def quotes_without_hint(draft):
    write(draft.starting("列入名单的单位"), "列入名单的单位可以申领“企业绿码”。")


@spoils("残留占位符")
def placeholder_left_over(draft):
    replace(draft.starting("特此通知"), "特此通知", "特此{{kind}}")


@spoils("修订和批注")
def tracked_change(draft):
    run = next(draft.starting("特此通知").iter(f"{W}r"))
    mark = etree.Element(f"{W}ins", {f"{W}id": "1", f"{W}author": "梁示例"})
    run.addprevious(mark)
    mark.append(run)


@spoils("外部链接")
def external_relationship(draft):
    data = draft.parts[RELATIONSHIPS].decode()
    link = '<Relationship Id="x1" TargetMode="External" Type="urn:image" Target="http://198.51.100.7/a.png"/>'
    draft.parts[RELATIONSHIPS] = data.replace("</Relationships>", f"{link}</Relationships>").encode()


@spoils("外部链接")
def field_that_fetches(draft):
    code = etree.SubElement(next(draft.starting("特此通知").iter(f"{W}r")), f"{W}instrText")
    code.text = ' INCLUDETEXT "C:/a.docx" '
    code.addnext(etree.Element(f"{W}fldChar", {f"{W}fldCharType": "end"}))


@spoils("宏")
def macro(draft):
    draft.parts["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"


@spoils("宏")
def macro_content_type(draft):
    for each in draft.trees[TYPES]:
        if each.get("PartName") == "/word/document.xml":
            each.set("ContentType", "application/vnd.ms-word.document.macroEnabled.main+xml")


@spoils("嵌入对象")
def embedded_workbook(draft):
    draft.parts["word/embeddings/oleObject1.bin"] = b"\xd0\xcf\x11\xe0"


@spoils("印章图片")
def seal_picture(draft):
    run = next(draft.paragraphs("发文机关署名")[0].iter(f"{W}r"))
    etree.SubElement(run, "{http://schemas.openxmlformats.org/drawingml/2006/main}blip")


@spoils("文档结构")
def children_out_of_order(draft):
    properties = draft.style("Normal").find(f"{W}pPr")
    properties.append(properties[0])


@spoils("文档结构")
def unknown_child(draft):
    etree.SubElement(draft.trees[DOCUMENT].find(f".//{W}tblPr"), f"{W}sz")
