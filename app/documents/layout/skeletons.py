"""Open a family's skeleton: find styles by name, take sections from its sample pages."""

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import docx

from app.documents.layout.ooxml import NS, Element, qualified
from app.documents.layout.styles import grid

FOLDER = Path(__file__).resolve().parents[3] / "docx_templates"


class SkeletonError(ValueError):
    """An incomplete skeleton; the Chinese sentence names the missing part."""


class Skeleton:
    """An opened skeleton, its body emptied."""

    def __init__(self, family: str, content: bytes | None = None) -> None:
        self.family = family
        source = BytesIO(content) if content else str(FOLDER / f"{family}.docx")
        self.document: Any = docx.Document(source)
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
        self._restore_fixed_settings()

    def _restore_fixed_settings(self) -> None:
        """Restore the settings of 5.2.3 that LibreOffice 7.4 changes when it saves a skeleton."""
        for node in self.document.styles.element.iter(qualified("w:overflowPunct")):
            node.set(qualified("w:val"), "0")  # it reads this switch inverted; ours is always off
        for section in self._sections.values():
            for changed in section.findall("w:docGrid", NS):
                section.remove(changed)
            section.append(grid())  # it rounds charSpace, drops its sign, and the grid the next time

    def style(self, name: str) -> str:
        """Return the id of a style; ids change when another program saves the skeleton, names do not."""
        if name not in self._ids:
            raise SkeletonError(f"模板缺少样式“{name}”。")
        return self._ids[name]

    def section(self, landscape: bool = False, first: bool = False) -> Element:
        """Return a copy of the sample section; only the first one of a letter has a first page of its own."""
        node = deepcopy(self._sections["landscape" if landscape else "portrait"])
        if not first:
            for child in list(node):
                if child.tag == qualified("w:titlePg") or child.get(qualified("w:type")) == "first":
                    node.remove(child)
        return node

    def first_header_mark(self, style_name: str) -> Element:
        """Return the paragraph of a letter's first header that carries the issuer's name."""
        style = self.style(style_name)
        for reference in self._sections["portrait"].iterfind("w:headerReference", NS):
            header = self.document.part.related_parts[reference.get(qualified("r:id"))]
            for node in header.element.iter(qualified("w:p")):
                if node.find("w:pPr/w:pStyle", NS).get(qualified("w:val")) == style:
                    return node
        raise SkeletonError(f"模板首页页眉中没有“{style_name}”段落。")
