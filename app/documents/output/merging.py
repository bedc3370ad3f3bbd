"""Merge papers of one skeleton into one file for printing: each begins on a sheet of its own with page 1."""

from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any

import docx
from lxml import etree

from app.documents.layout.ooxml import Element, el, qualified
from app.documents.output.package import saved, stable_zip

# The elements that follow `type` and `pgNumType` in a section, in the schema's order.
_AFTER_TYPE = tuple(
    "pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection"
    " bidi rtlGutter docGrid".split()
)
_AFTER_NUMBERS = _AFTER_TYPE[6:]


class MergeError(ValueError):
    """Files that cannot be merged; the Chinese sentence says which and why."""


def merged(contents: Sequence[bytes]) -> bytes:
    """Return one .docx with all papers in their order. Raises MergeError."""
    base: Any = docx.Document(BytesIO(contents[0]))
    papers = [base, *(docx.Document(BytesIO(content)) for content in contents[1:])]
    _require_same_parts(papers)
    bodies = [_blocks(paper, base) for paper in papers]
    body = base.element.body
    for child in list(body):
        body.remove(child)
    for number, blocks in enumerate(bodies, start=1):
        _begin_on_new_sheet(blocks)
        if number < len(bodies):
            _end_section(blocks)
        body.extend(blocks)
    for number, node in enumerate(body.iter(qualified("wp:docPr")), start=1):
        node.set("id", str(number))
    return stable_zip(saved(base))


def _require_same_parts(papers: Sequence[Any]) -> None:
    base_parts = _shared_parts(papers[0])
    for number, paper in enumerate(papers[1:], start=2):
        if _shared_parts(paper) != base_parts:
            raise MergeError(
                f"第 {number} 份与第一份的页眉、页脚或样式不同（如在系统外改过的定稿），不能合并；请用压缩包分别打印。"
            )


def _shared_parts(document: Any) -> dict[str, bytes]:
    """Return headers, footers and styles by relationship id: if they differ, the ids mean different things."""
    parts = {"styles": etree.tostring(document.styles.element, method="c14n")}
    for key, relation in document.part.rels.items():
        if relation.reltype.endswith(("/header", "/footer")):
            parts[key] = etree.tostring(relation.target_part.element, method="c14n")
    return parts


def _blocks(document: Any, base: Any) -> list[Element]:
    """Return copies of a body's blocks and move their pictures into the base."""
    blocks = [deepcopy(child) for child in document.element.body]
    if document is base:
        return blocks
    for block in blocks:
        for blip in block.iter(qualified("a:blip")):
            picture = document.part.related_parts[blip.get(qualified("r:embed"))]
            key, _ = base.part.get_or_add_image(BytesIO(picture.blob))
            blip.set(qualified("r:embed"), key)
    return blocks


def _begin_on_new_sheet(blocks: Sequence[Element]) -> None:
    """Begin the first section of a paper on a right-hand page with page number 1.

    A letter ends on an even page by itself; with oddPage LibreOffice draws its first page's header twice.
    """
    section = next(node for block in blocks for node in block.iter(qualified("w:sectPr")))
    for name in ("w:type", "w:pgNumType"):
        for node in section.findall(qualified(name)):
            section.remove(node)
    has_first_page = section.find(qualified("w:titlePg")) is not None
    _insert(section, el("w:type", val="nextPage" if has_first_page else "oddPage"), _AFTER_TYPE)
    _insert(section, el("w:pgNumType", start=1), _AFTER_NUMBERS)


def _insert(section: Element, node: Element, later: Sequence[str]) -> None:
    after = [qualified(f"w:{name}") for name in later]
    place = next((at for at, child in enumerate(section) if child.tag in after), len(section))
    section.insert(place, node)


def _end_section(blocks: list[Element]) -> None:
    """Put the last section of a paper that is followed by another into a spacer paragraph of its own.

    The imprint is anchored to the paragraph after it: if that one carried the section, it would be drawn a
    page later.
    """
    section = blocks.pop()
    spacer = el("w:p", el("w:pPr"))
    if blocks[-1].tag == qualified("w:p") and blocks[-1].find(qualified("w:pPr")) is not None:
        spacer = el("w:p", deepcopy(blocks[-1].find(qualified("w:pPr"))))
    properties = spacer.find(qualified("w:pPr"))
    for node in properties.findall(qualified("w:sectPr")):
        properties.remove(node)
    properties.append(section)
    blocks.append(spacer)
