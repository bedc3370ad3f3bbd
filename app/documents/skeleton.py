"""Makes the skeletons; the bureau may restyle them in Word or WPS, the names of styles must stay."""

import zipfile
from copy import deepcopy

from lxml import etree

from app.documents.ooxml import NS, el, field, paragraph, qualified, run
from app.documents.package import EPOCH
from app.documents.skeletons import FOLDER

FAMILIES = {"red_head": "文件头", "letter": "信函", "plain": "无头"}

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
LATIN = "Times New Roman"
ALTERNATIVES = {FANG: "仿宋", KAI: "楷体", HEI: "SimHei", SONG: "SimSun", TITLE: "华文中宋"}
LINE = 579
FOOTER, LETTER_FOOTER = 1446, 1134


def _fonts(east_asian, latin=LATIN):
    return el("w:rFonts", ascii=latin, hAnsi=latin, eastAsia=east_asian, cs=latin)


def _size(half_points):
    return el("w:sz", val=half_points), el("w:szCs", val=half_points)


def _exact(line, **more):
    return el("w:spacing", line=line, lineRule="exact", **more)


def _centred():
    return el("w:jc", val="center")


def _indent(**twips):
    return el("w:ind", **twips)


def _rule(side, size, color, space=0):
    return el("w:pBdr", el(f"w:{side}", val="single", sz=size, space=space, color=color))


def _double(outer, inner):
    return el(
        "w:pBdr",
        el("w:top", val="single", sz=outer, space=0, color="FF0000"),
        el("w:bottom", val="single", sz=inner, space=0, color="FF0000"),
    )


def _red():
    return el("w:color", val="FF0000")


# name -> (paragraph properties, run properties); every length in twips, every size in half points
# fmt: off
PARAGRAPHS = {
    "公文正文": ((_indent(firstLineChars=200, firstLine=632),), ()),
    "公文空行": ((), ()),
    "发文机关标志": ((_exact(1140, before=1850), _centred()),
                     (_fonts(TITLE, TITLE), _red(), el("w:spacing", val=0), *_size(100))),
    "信函机关标志": ((_exact(1100), _centred()),
                     (_fonts(TITLE, TITLE), _red(), el("w:spacing", val=0), *_size(96))),
    "信函首线": ((_double(18, 6), _exact(30, before=190), _indent(left=-397, right=-397)), ()),
    "信函末线": ((_double(6, 18), _exact(30), _indent(left=-397, right=-397)), ()),
    "发文字号": ((_rule("bottom", 12, "FF0000", 8), _centred()), ()),
    "信函字号": ((_exact(LINE, before=150), el("w:jc", val="right")), ()),
    "无头字号": ((_centred(),), ()),
    "公文标题": ((_exact(700), _centred()), (_fonts(TITLE, TITLE), el("w:spacing", val=0), *_size(44))),
    "主送机关": ((), ()),
    "一级标题": ((_indent(firstLineChars=200, firstLine=632),), (_fonts(HEI),)),
    "附件说明": ((), ()),
    "发文机关署名": ((el("w:jc", val="right"),), ()),
    "成文日期": ((_indent(rightChars=400, right=1264), el("w:jc", val="right")), ()),
    "附注": ((_indent(firstLineChars=200, firstLine=632),), ()),
    "验证码": ((el("w:spacing", before=120, line=240, lineRule="auto"), _indent(left=632)),
               (_fonts(SONG), *_size(18))),
    "附件标识": ((), (_fonts(HEI),)),
    "附件标题": ((_exact(700), _centred()), (_fonts(TITLE, TITLE), el("w:spacing", val=0), *_size(44))),
    "表头文字": ((_exact(345), _centred()), (_fonts(HEI), el("w:spacing", val=0), *_size(24))),
    "表格文字": ((_exact(345), el("w:jc", val="left")), (el("w:spacing", val=0), *_size(24))),
    "表格居中": ((_exact(345), _centred()), (el("w:spacing", val=0), *_size(24))),
    "小表头文字": ((_exact(260), _centred()), (_fonts(HEI), el("w:spacing", val=0), *_size(18))),
    "小表格文字": ((_exact(260), el("w:jc", val="left")), (el("w:spacing", val=0), *_size(18))),
    "小表格居中": ((_exact(260), _centred()), (el("w:spacing", val=0), *_size(18))),
    "版记文字": ((_exact(500), _indent(left=280, right=280)), (el("w:spacing", val=0), *_size(28))),
    "页码": ((_exact(300),), (_fonts(SONG, SONG), el("w:spacing", val=0), *_size(28))),
    "页码垫行": ((_exact(FOOTER - LETTER_FOOTER),), (*_size(2),)),
    "表间": ((_exact(160),), (*_size(2),)),
    "分节": ((_exact(20),), (*_size(2),)),
}
CHARACTERS = {"一级标题字": HEI, "二级标题字": KAI}
# fmt: on


def style_id(name):
    """Ids are ours alone: LibreOffice changes them, so everything else finds a style by name."""
    names = (*PARAGRAPHS, *CHARACTERS)
    return f"P{names.index(name) + 1}"


def _styles():
    defaults = el(
        "w:docDefaults",
        el(
            "w:rPrDefault",
            el("w:rPr", _fonts(FANG), *_size(32), el("w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")),
        ),
        el("w:pPrDefault", el("w:pPr")),
    )
    normal = el(
        "w:style",
        el("w:name", val="Normal"),
        el("w:qFormat"),
        el(
            "w:pPr",
            el("w:widowControl", val=0),
            el("w:overflowPunct", val=0),
            el("w:snapToGrid", val=0),
            _exact(LINE, before=0, after=0),
            el("w:jc", val="both"),
        ),
        el("w:rPr", _fonts(FANG), el("w:spacing", val=-6), *_size(32)),
        type="paragraph",
        default=1,
        styleId="a",
    )
    plain_table = el(
        "w:style",
        el("w:name", val="Normal Table"),
        el("w:uiPriority", val=99),
        el("w:semiHidden"),
        el("w:unhideWhenUsed"),
        el("w:tblPr", el("w:tblInd", w=0, type="dxa"), el("w:tblCellMar", *_cell_margins())),
        type="table",
        default=1,
        styleId="a1",
    )
    paragraphs = (
        el(
            "w:style",
            el("w:name", val=name),
            el("w:basedOn", val="a"),
            el("w:qFormat"),
            el("w:pPr", *deepcopy(ppr)),
            el("w:rPr", *deepcopy(rpr)),
            type="paragraph",
            customStyle=1,
            styleId=style_id(name),
        )
        for name, (ppr, rpr) in PARAGRAPHS.items()
    )
    characters = (
        el(
            "w:style",
            el("w:name", val=name),
            el("w:qFormat"),
            el("w:rPr", _fonts(font)),
            type="character",
            customStyle=1,
            styleId=style_id(name),
        )
        for name, font in CHARACTERS.items()
    )
    return el("w:styles", defaults, normal, plain_table, *paragraphs, *characters)


def _cell_margins():
    sides = (("top", 0), ("left", 85), ("bottom", 0), ("right", 85))
    return (el(f"w:{side}", w=width, type="dxa") for side, width in sides)


def _settings():
    compatibility = el(
        "w:compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15
    )
    return el(
        "w:settings",
        el("w:zoom", percent=100),
        el("w:defaultTabStop", val=420),
        el("w:evenAndOddHeaders"),
        el("w:drawingGridVerticalSpacing", val=LINE),
        el("w:characterSpacingControl", val="doNotCompress"),
        el(
            "w:compat",
            el("w:spaceForUL"),
            el("w:balanceSingleByteDoubleByteWidth"),
            el("w:useFELayout"),
            compatibility,
        ),
        el("w:decimalSymbol", val="."),
        el("w:listSeparator", val=","),
    )


def _font_table():
    def entry(name, alternative, family, charset):
        children = [el("w:altName", val=alternative)] if alternative else []
        children += [el("w:charset", val=charset), el("w:family", val=family), el("w:pitch", val="variable")]
        return el("w:font", *children, name=name)

    east_asian = (
        entry(name, alt, "modern" if name == HEI else "auto", "86") for name, alt in ALTERNATIVES.items()
    )
    return el("w:fonts", *east_asian, entry(LATIN, None, "roman", "00"))


def _page_number(side):
    alignment = {"right": _indent(rightChars=100, right=280), "left": _indent(leftChars=100, left=280)}[side]
    return paragraph(
        style_id("页码"), run("— "), *field("PAGE"), run(" —"), properties=(alignment, el("w:jc", val=side))
    )


def _sideways_number(bottom):
    """A landscape page has its number where upright pages have it: in a turned cell at its left edge."""
    position = dict(vertAnchor="page", horzAnchor="page", tblpX=1366, tblpY=8872 if bottom else 1867)
    cell = el(
        "w:tc",
        el(
            "w:tcPr",
            el("w:tcW", w=454, type="dxa"),
            el("w:textDirection", val="tbRl"),
            el("w:vAlign", val="center"),
        ),
        paragraph(
            style_id("页码"),
            run("— "),
            *field("PAGE"),
            run(" —"),
            properties=(el("w:jc", val="right" if bottom else "left"),),
        ),
    )
    table = el(
        "w:tbl",
        el(
            "w:tblPr",
            el("w:tblpPr", **position),
            el("w:tblW", w=454, type="dxa"),
            el("w:tblLayout", type="fixed"),
            el("w:tblCellMar", el("w:left", w=0, type="dxa"), el("w:right", w=0, type="dxa")),
        ),
        el("w:tblGrid", el("w:gridCol", w=454)),
        el("w:tr", el("w:trPr", el("w:trHeight", val=1280, hRule="exact")), cell),
    )
    return table, _empty()


def _lift(letter):
    """A letter's footer reaches down to its second rule, so the number is lifted to where it belongs."""
    return [paragraph(style_id("页码垫行"))] if letter else []


def _empty():
    return paragraph(style_id("页码"))


def _margins(landscape, header, footer):
    top, right, bottom, left = (1587, 2098, 1474, 1984) if landscape else (2098, 1474, 1984, 1587)
    return el(
        "w:pgMar", top=top, right=right, bottom=bottom, left=left, header=header, footer=footer, gutter=0
    )


def _reference(kind, part, which):
    node = el(f"w:{kind}Reference", type=which)
    node.set(qualified("r:id"), part)
    return node


def _section(references, landscape=False, header=851, footer=FOOTER, first=False):
    size = dict(w=16838, h=11906, orient="landscape") if landscape else dict(w=11906, h=16838)
    children = [_reference(*reference) for reference in references]
    children += [el("w:pgSz", **size), _margins(landscape, header, footer), el("w:cols", space=425)]
    if first:
        children.append(el("w:titlePg"))
    children.append(el("w:docGrid", type="linesAndChars", linePitch=LINE, charSpace=-849))
    return el("w:sectPr", *children)


def _parts(family):
    """Part name -> root element, except the body's own."""
    letter = family == "letter"
    parts = {
        "header1.xml": el("w:hdr", _empty()),
        "header2.xml": el("w:hdr", *_sideways_number(bottom=True)),
        "header3.xml": el("w:hdr", *_sideways_number(bottom=False)),
        "footer1.xml": el("w:ftr", _page_number("right"), *_lift(letter)),
        "footer2.xml": el("w:ftr", _page_number("left"), *_lift(letter)),
        "footer3.xml": el("w:ftr", _empty()),
    }
    if letter:
        mark = paragraph(style_id("信函机关标志"), run("发文机关名称"))
        parts["header4.xml"] = el("w:hdr", mark, paragraph(style_id("信函首线")))
        parts["footer4.xml"] = el("w:ftr", paragraph(style_id("信函末线")))
    return parts


def _body(family):
    letter = family == "letter"
    upright = [
        ("header", "header1", "default"), ("header", "header1", "even"),
        ("footer", "footer1", "default"), ("footer", "footer2", "even"),
    ]  # fmt: skip
    if letter:
        upright += [("header", "header4", "first"), ("footer", "footer4", "first")]
    turned = [
        ("header", "header2", "default"), ("header", "header3", "even"),
        ("footer", "footer3", "default"), ("footer", "footer3", "even"),
    ]  # fmt: skip
    first = _section(
        upright, first=letter, header=1600 if letter else 851, footer=LETTER_FOOTER if letter else FOOTER
    )
    sample = paragraph(
        style_id("公文正文"), run(f"{FAMILIES[family]}模板：正文由系统填入。"), properties=(first,)
    )
    second = paragraph(style_id("公文正文"), run("横排附件页。"))
    return el("w:document", el("w:body", sample, second, _section(turned, landscape=True)))


def _plain(name, text):
    return name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _package(family):
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "styles.xml": _styles(),
        "settings.xml": _settings(),
        "fontTable.xml": _font_table(),
        **_parts(family),
    }
    kinds = {name: name.removesuffix(".xml").rstrip("0123456789") for name in parts}
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{office}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    yield _plain(
        "[Content_Types].xml",
        f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{office}.document.main+xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    )
    yield _plain(
        "_rels/.rels",
        f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{relation}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{package}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/>'
        "</Relationships>",
    )
    related = "".join(
        f'<Relationship Id="{name.removesuffix(".xml")}" Type="{relation}/{kind}" Target="{name}"/>'
        for name, kind in kinds.items()
    )
    yield _plain(
        "word/_rels/document.xml.rels",
        f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
    )
    yield _plain(
        "docProps/core.xml",
        f'<cp:coreProperties xmlns:cp="{package}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<dc:title></dc:title><dc:creator></dc:creator>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>'
        '<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified>'
        "</cp:coreProperties>",
    )
    for name, root in {"document.xml": _body(family), **parts}.items():
        whole = etree.Element(root.tag, nsmap={key: NS[key] for key in ("w", "r")})
        whole.extend(root)
        etree.cleanup_namespaces(whole, keep_ns_prefixes=["w", "r"])
        yield f"word/{name}", etree.tostring(whole, xml_declaration=True, encoding="UTF-8", standalone=True)


def make(folder=FOLDER):
    """Write the skeletons of all families."""
    for family in FAMILIES:
        with zipfile.ZipFile(folder / f"{family}.docx", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in _package(family):
                archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    make()
