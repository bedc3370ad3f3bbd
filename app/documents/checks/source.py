"""Open a .docx without trusting it: limits on size, no entities, no network."""

import io
import zipfile
from functools import cached_property
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # lxml ships no types: Any to the type checker
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MAX_ENTRIES = 2_000
MAX_BYTES = 64 * 1024 * 1024
TEXT_PARTS = ("word/document.xml", "word/header", "word/footer", "word/footnotes.xml", "word/endnotes.xml")


class Unreadable(ValueError):
    """A file that is no readable Word document; the message says why."""


class Package:
    """The parts of a .docx by name."""

    def __init__(self, docx: bytes) -> None:
        self.parts = _unpack(docx)
        if "word/document.xml" not in self.parts:
            raise Unreadable("压缩包中没有 Word 正文")

    @cached_property
    def trees(self) -> dict[str, Element]:
        """Return the XML parts by name."""
        return {
            name: _parse(name, data) for name, data in self.parts.items() if name.endswith((".xml", ".rels"))
        }

    @property
    def document(self) -> Element:
        """Return the main part."""
        return self.trees["word/document.xml"]

    def tree(self, name: str) -> Element | None:
        """Return an XML part, or None."""
        return self.trees.get(name)

    def text_trees(self) -> dict[str, Element]:
        """Return the parts a reader sees: document, headers, footers and notes."""
        return {name: tree for name, tree in self.trees.items() if name.startswith(TEXT_PARTS)}

    def related(self, relationship_id: str) -> Element | None:
        """Return the part that the document names by a relationship, such as a footer."""
        relations = self.tree("word/_rels/document.xml.rels")
        for each in () if relations is None else relations.iter(RELATIONSHIP):
            if each.get("Id") == relationship_id:
                target = each.get("Target", "").lstrip("/")
                return self.tree(target if target.startswith("word/") else f"word/{target}")
        return None


def _unpack(docx: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_BYTES:
                raise Unreadable("解压后超过大小限制")
            return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable("不是完好的 .docx 文件") from error


def _parse(name: str, data: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"部件 {name} 不是合法的 XML") from error
