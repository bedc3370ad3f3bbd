"""Papers of one skeleton as one file for printing: each begins on a sheet of its own and counts its pages from one."""

from copy import deepcopy
from io import BytesIO

import docx
from lxml import etree

from app.documents.layout.ooxml import el, qualified

# What follows `type` and `pgNumType` in a section, in the schema's order.
_AFTER_TYPE = (
    "pgSz",
    "pgMar",
    "paperSrc",
    "pgBorders",
    "lnNumType",
    "pgNumType",
    "cols",
    "formProt",
    "vAlign",
    "noEndnote",
    "titlePg",
    "textDirection",
    "bidi",
    "rtlGutter",
    "docGrid",
)
_AFTER_NUMBERS = _AFTER_TYPE[6:]


class MergeError(ValueError):
    """Files that cannot become one; the Chinese sentence says which and why."""


def merged(contents):
    """The bytes of one .docx with all papers in their order."""
    base = docx.Document(BytesIO(contents[0]))
    parts = _parts(base)
    bodies = [_taken(base, base)]
    for number, content in enumerate(contents[1:], start=2):
        other = docx.Document(BytesIO(content))
        if _parts(other) != parts:
            raise MergeError(
                f"第 {number} 份与第一份的页眉、页脚或样式不同（如在系统外改过的定稿），不能合并；请用压缩包分别打印。"
            )
        bodies.append(_taken(other, base))
    body = base.element.body
    for child in list(body):
        body.remove(child)
    for number, children in enumerate(bodies, start=1):
        _begin(children)
        if number < len(bodies):
            _close(children)
        body.extend(children)
    for number, node in enumerate(body.iter(qualified("wp:docPr")), start=1):
        node.set("id", str(number))
    result = BytesIO()
    base.save(result)
    return result.getvalue()


def _parts(document):
    """What sections refer to by relationship, and the style sheet: equal, or the ids mean something else."""
    found = {"styles": etree.tostring(document.styles.element, method="c14n")}
    for key, relation in document.part.rels.items():
        if relation.reltype.endswith(("/header", "/footer")):
            found[key] = etree.tostring(relation.target_part.element, method="c14n")
    return found


def _taken(document, base):
    """Copies of a body's blocks; their pictures move into the base."""
    children = [deepcopy(child) for child in document.element.body]
    if document is base:
        return children
    for child in children:
        for blip in child.iter(qualified("a:blip")):
            picture = document.part.related_parts[blip.get(qualified("r:embed"))]
            key, _ = base.part.get_or_add_image(BytesIO(picture.blob))
            blip.set(qualified("r:embed"), key)
    return children


def _begin(children):
    """The first section of a paper begins on a right-hand page with page number 1.

    A letter ends on an even page by itself; with oddPage LibreOffice draws its first page's header twice.
    """
    section = next(node for child in children for node in child.iter(qualified("w:sectPr")))
    for name in ("w:type", "w:pgNumType"):
        for node in section.findall(qualified(name)):
            section.remove(node)
    own_first_page = section.find(qualified("w:titlePg")) is not None
    _insert(section, el("w:type", val="nextPage" if own_first_page else "oddPage"), _AFTER_TYPE)
    _insert(section, el("w:pgNumType", start=1), _AFTER_NUMBERS)


def _insert(section, node, later):
    after = [qualified(f"w:{name}") for name in later]
    place = next((at for at, child in enumerate(section) if child.tag in after), len(section))
    section.insert(place, node)


def _close(children):
    """The last section of a paper that is followed by another belongs to a hair of a paragraph of its own.

    The imprint hangs on the paragraph after it: if that one carried the section, it would be drawn a page later.
    """
    section = children.pop()
    hair = el("w:p", el("w:pPr"))
    if children[-1].tag == qualified("w:p") and children[-1].find(qualified("w:pPr")) is not None:
        hair = el("w:p", deepcopy(children[-1].find(qualified("w:pPr"))))
    properties = hair.find(qualified("w:pPr"))
    for node in properties.findall(qualified("w:sectPr")):
        properties.remove(node)
    properties.append(section)
    children.append(hair)
