"""Build the skeletons; the bureau may restyle them in Word or WPS, the names of styles must stay."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from app.documents.layout.ooxml import NS, Element, el, field, paragraph, qualified, run
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

OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FAMILIES = {"red_head": "文件头", "letter": "信函", "plain": "无头"}


def _settings() -> Element:
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


def _page_number(side: str) -> Element:
    alignment = {"right": indent(rightChars=100, right=280), "left": indent(leftChars=100, left=280)}[side]
    return paragraph(
        style_id("页码"), run("— "), *field("PAGE"), run(" —"), properties=(alignment, el("w:jc", val=side))
    )


def _landscape_number(bottom: bool) -> tuple[Element, Element]:
    """Return the number of a landscape page, in a rotated cell at its left edge, where portrait pages have it."""
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


def _raise_number(letter: bool) -> list[Element]:
    """Return the line that raises the number of a letter, whose footer reaches down to its second rule."""
    return [paragraph(style_id("页码垫行"))] if letter else []


def _empty() -> Element:
    return paragraph(style_id("页码"))


def _margins(landscape: bool, header: int, footer: int) -> Element:
    top, right, bottom, left = (1587, 2098, 1474, 1984) if landscape else (2098, 1474, 1984, 1587)
    return el(
        "w:pgMar", top=top, right=right, bottom=bottom, left=left, header=header, footer=footer, gutter=0
    )


def _reference(kind: str, part: str, which: str) -> Element:
    node = el(f"w:{kind}Reference", type=which)
    node.set(qualified("r:id"), part)
    return node


def _section(
    references: Iterable[tuple[str, str, str]],
    landscape: bool = False,
    header: int = 851,
    footer: int = FOOTER,
    first: bool = False,
) -> Element:
    size: dict[str, object] = (
        dict(w=16838, h=11906, orient="landscape") if landscape else dict(w=11906, h=16838)
    )
    children = [_reference(*reference) for reference in references]
    children += [el("w:pgSz", **size), _margins(landscape, header, footer), el("w:cols", space=425)]
    if first:
        children.append(el("w:titlePg"))
    children.append(grid())
    return el("w:sectPr", *children)


def _parts(family: str) -> dict[str, Element]:
    """Return part name → root element, except the body's own."""
    letter = family == "letter"
    parts = {
        "header1.xml": el("w:hdr", _empty()),
        "header2.xml": el("w:hdr", *_landscape_number(bottom=True)),
        "header3.xml": el("w:hdr", *_landscape_number(bottom=False)),
        "footer1.xml": el("w:ftr", _page_number("right"), *_raise_number(letter)),
        "footer2.xml": el("w:ftr", _page_number("left"), *_raise_number(letter)),
        "footer3.xml": el("w:ftr", _empty()),
    }
    if letter:
        mark = paragraph(style_id("信函机关标志"), run("发文机关名称"))
        parts["header4.xml"] = el("w:hdr", mark, paragraph(style_id("信函首线")))
        parts["footer4.xml"] = el("w:ftr", paragraph(style_id("信函末线")))
    return parts


def _body(family: str) -> Element:
    letter = family == "letter"
    portrait = [
        ("header", "header1", "default"),
        ("header", "header1", "even"),
        ("footer", "footer1", "default"),
        ("footer", "footer2", "even"),
    ]
    if letter:
        portrait += [("header", "header4", "first"), ("footer", "footer4", "first")]
    landscape = [
        ("header", "header2", "default"),
        ("header", "header3", "even"),
        ("footer", "footer3", "default"),
        ("footer", "footer3", "even"),
    ]
    first = _section(
        portrait, first=letter, header=1600 if letter else 851, footer=LETTER_FOOTER if letter else FOOTER
    )
    body = style_id("公文正文")
    sample = paragraph(body, run(f"{FAMILIES[family]}模板：正文由系统填入。"))
    # Without a second page LibreOffice takes the first page's header and footer for those of all pages.
    second = paragraph(body, run("第二页及以后各页。"), properties=(el("w:pageBreakBefore"), first))
    landscape_sample = paragraph(body, run("横排附件页。"))
    # The footer of a landscape page is empty and low: it must not push the text up.
    last = _section(landscape, landscape=True, footer=851)
    return el("w:document", el("w:body", sample, second, landscape_sample, last))


def _plain_part(name: str, text: str) -> tuple[str, bytes]:
    return name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _package(family: str) -> Iterator[tuple[str, bytes]]:
    """Yield the entries of a skeleton: name and content."""
    parts = {
        "styles.xml": styles(),
        "settings.xml": _settings(),
        "fontTable.xml": font_table(),
        **_parts(family),
    }
    kinds = {name: name.removesuffix(".xml").rstrip("0123456789") for name in parts}
    yield _content_types(kinds)
    yield _root_relationships()
    yield _document_relationships(kinds)
    yield _core_properties()
    for name, root in {"document.xml": _body(family), **parts}.items():
        whole = etree.Element(root.tag, nsmap={key: NS[key] for key in ("w", "r")})
        whole.extend(root)
        etree.cleanup_namespaces(whole, keep_ns_prefixes=["w", "r"])
        yield f"word/{name}", etree.tostring(whole, xml_declaration=True, encoding="UTF-8", standalone=True)


def _content_types(kinds: dict[str, str]) -> tuple[str, bytes]:
    overrides = "".join(
        f'<Override PartName="/word/{name}" ContentType="{OFFICE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return _plain_part(
        "[Content_Types].xml",
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{OFFICE}.document.main+xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    )


def _root_relationships() -> tuple[str, bytes]:
    return _plain_part(
        "_rels/.rels",
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/>'
        "</Relationships>",
    )


def _document_relationships(kinds: dict[str, str]) -> tuple[str, bytes]:
    related = "".join(
        f'<Relationship Id="{name.removesuffix(".xml")}" Type="{RELATION}/{kind}" Target="{name}"/>'
        for name, kind in kinds.items()
    )
    return _plain_part(
        "word/_rels/document.xml.rels",
        f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
    )


def _core_properties() -> tuple[str, bytes]:
    return _plain_part(
        "docProps/core.xml",
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        "<dc:title></dc:title><dc:creator></dc:creator>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>'
        '<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified>'
        "</cp:coreProperties>",
    )


def make(folder: Path = FOLDER) -> None:
    """Write the skeletons of all families."""
    for family in FAMILIES:
        with zipfile.ZipFile(folder / f"{family}.docx", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in _package(family):
                archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    make()
