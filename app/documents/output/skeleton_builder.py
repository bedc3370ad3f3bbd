"""Makes the skeletons; the bureau may restyle them in Word or WPS, the names of styles must stay."""

import zipfile

from lxml import etree

from app.documents.layout.ooxml import NS, el, field, paragraph, qualified, run
from app.documents.layout.skeletons import FOLDER
from app.documents.layout.styles import (
    FOOTER,
    LETTER_FOOTER,
    LINE,
    font_table,
    grid,
    indent,
    style_id,
    styles,
)
from app.documents.output.package import EPOCH

FAMILIES = {"red_head": "文件头", "letter": "信函", "plain": "无头"}


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


def _page_number(side):
    alignment = {"right": indent(rightChars=100, right=280), "left": indent(leftChars=100, left=280)}[side]
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
    children.append(grid())
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
        ("header", "header1", "default"),
        ("header", "header1", "even"),
        ("footer", "footer1", "default"),
        ("footer", "footer2", "even"),
    ]
    if letter:
        upright += [("header", "header4", "first"), ("footer", "footer4", "first")]
    turned = [
        ("header", "header2", "default"),
        ("header", "header3", "even"),
        ("footer", "footer3", "default"),
        ("footer", "footer3", "even"),
    ]
    first = _section(
        upright, first=letter, header=1600 if letter else 851, footer=LETTER_FOOTER if letter else FOOTER
    )
    body = style_id("公文正文")
    sample = paragraph(body, run(f"{FAMILIES[family]}模板：正文由系统填入。"))
    # Without a second page LibreOffice takes the first page's header and footer for those of all pages.
    second = paragraph(body, run("第二页及以后各页。"), properties=(el("w:pageBreakBefore"), first))
    sideways = paragraph(body, run("横排附件页。"))
    # The footer of a sideways page is empty and low: it must not push the text up.
    last = _section(turned, landscape=True, footer=851)
    return el("w:document", el("w:body", sample, second, sideways, last))


def _plain(name, text):
    return name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _package(family):
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "styles.xml": styles(),
        "settings.xml": _settings(),
        "fontTable.xml": font_table(),
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
