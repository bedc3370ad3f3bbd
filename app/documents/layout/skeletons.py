"""Opens a family's skeleton: styles found by name, sections taken from its sample pages."""

from copy import deepcopy
from io import BytesIO
from pathlib import Path

import docx

from app.documents.layout.ooxml import NS, qualified
from app.documents.layout.styles import grid

FOLDER = Path(__file__).resolve().parents[3] / "docx_templates"


class SkeletonError(ValueError):
    """A skeleton that lacks something; the Chinese sentence names it."""


class Skeleton:
    """An opened skeleton, its body emptied."""

    def __init__(self, family, content=None):
        self.family = family
        self.document = docx.Document(BytesIO(content) if content else str(FOLDER / f"{family}.docx"))
        self._ids = {
            node.find(qualified("w:name")).get(qualified("w:val")): node.get(qualified("w:styleId"))
            for node in self.document.styles.element.iterchildren(qualified("w:style"))
        }
        self.body = self.document.element.body
        sections = {
            node.find(qualified("w:pgSz")).get(qualified("w:orient"), "portrait"): deepcopy(node)
            for node in self.body.iter(qualified("w:sectPr"))
        }
        if missing := {"portrait", "landscape"} - set(sections):
            words = "、".join({"portrait": "竖排", "landscape": "横排"}[name] for name in sorted(missing))
            raise SkeletonError(f"模板缺少{words}页面的示例节。")
        self._sections = sections
        for child in list(self.body):
            self.body.remove(child)
        self._mend()

    def _mend(self):
        """What LibreOffice 7.4 changes when it saves a skeleton, though the standard leaves no choice (5.2.3)."""
        for node in self.document.styles.element.iter(qualified("w:overflowPunct")):
            node.set(qualified("w:val"), "0")  # it reads this switch inverted; ours is always off
        for section in self._sections.values():
            for lost in section.findall("w:docGrid", NS):
                section.remove(lost)
            section.append(grid())  # it rounds the characters' space, drops its sign, the next time the grid

    def style(self, name):
        """The id of a style; ids change when the skeleton is saved by another program, names do not."""
        if name not in self._ids:
            raise SkeletonError(f"模板缺少样式“{name}”。")
        return self._ids[name]

    def section(self, landscape=False, first=False):
        """A copy of the sample section; only the first one of a letter has a first page of its own."""
        node = deepcopy(self._sections["landscape" if landscape else "portrait"])
        if not first:
            for child in list(node):
                if child.tag == qualified("w:titlePg") or child.get(qualified("w:type")) == "first":
                    node.remove(child)
        return node

    def first_header_mark(self, style_name):
        """The paragraph of the first page's header that carries the issuer's name (letters)."""
        wanted = self.style(style_name)
        for reference in self._sections["portrait"].iterfind("w:headerReference", NS):
            header = self.document.part.related_parts[reference.get(qualified("r:id"))]
            for node in header.element.iter(qualified("w:p")):
                if node.find("w:pPr/w:pStyle", NS).get(qualified("w:val")) == wanted:
                    return node
        raise SkeletonError(f"模板首页页眉中没有“{style_name}”段落。")
