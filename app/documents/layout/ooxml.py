"""Build WordprocessingML elements whose children stand in the order of the schema."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # lxml ships no types: Any to the type checker

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}

# fmt: off
PPR_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
    "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap",
    "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid",
    "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
    "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
)
RPR_ORDER = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline",
    "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing",
    "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText",
    "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
)
# fmt: on
_RANK = {
    "pPr": {name: rank for rank, name in enumerate(PPR_ORDER)},
    "rPr": {name: rank for rank, name in enumerate(RPR_ORDER)},
}

# Characters that XML 1.0 cannot carry; a line break in a value would forge a paragraph, so it becomes a space.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u200b-\u200f\u2028-\u202e\ufeff]"
)
_BREAKS = re.compile(r"[\r\n\t]+")
# Characters that Word draws in the Latin font unless told otherwise.
_AMBIGUOUS = re.compile("[“”‘’—…·×°§±÷]")


def qualified(name: str) -> str:
    """Return a name such as `w:p` in Clark notation."""
    prefix, _, local = name.partition(":")
    return f"{{{NS[prefix]}}}{local}"


def el(name: str, /, *children: Element, **attributes: object) -> Element:
    """Create an element; its attributes belong to `w:`."""
    prefix, _, local = name.partition(":")
    node = etree.Element(qualified(name), nsmap={prefix: NS[prefix]})
    for key, value in attributes.items():
        node.set(qualified(f"w:{key}"), str(value))
    rank = _RANK.get(local)
    node.extend(sorted(children, key=lambda child: rank[etree.QName(child).localname]) if rank else children)
    return node


def clean(text: str) -> str:
    """Return the text without control and direction characters, line breaks as spaces."""
    return text if text.isprintable() else _ILLEGAL.sub("", _BREAKS.sub(" ", text))


def run(text: str, *properties: Element, style: str | None = None) -> Element:
    """Create a run of text; quotes and dashes are marked as East Asian."""
    text = clean(text)
    props = list(properties)
    if style:
        props.append(el("w:rStyle", val=style))
    if _AMBIGUOUS.search(text) and not any(etree.QName(p).localname == "rFonts" for p in props):
        props.append(el("w:rFonts", hint="eastAsia"))
    node = el("w:r")
    if props:
        node.append(el("w:rPr", *props))
    part = el("w:t")
    part.text = text
    part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    node.append(part)
    return node


def field(instruction: str) -> tuple[Element, ...]:
    """Create the runs of a field such as PAGE."""
    begin, separate, end = (
        el("w:r", el("w:fldChar", fldCharType=kind)) for kind in ("begin", "separate", "end")
    )
    code = el("w:instrText")
    code.text = f" {instruction} "
    return begin, el("w:r", code), separate, run("1"), end


def paragraph(style: str, *runs: Element, properties: Iterable[Element] = ()) -> Element:
    """Create a paragraph of a style, given by its id."""
    return el("w:p", el("w:pPr", el("w:pStyle", val=style), *properties), *runs)


def keep_with_next(node: Element) -> None:
    """Keep a paragraph on the page of the next one."""
    properties = node.find(qualified("w:pPr"))
    if properties.find(qualified("w:keepNext")) is None:
        properties.insert(1, el("w:keepNext"))
