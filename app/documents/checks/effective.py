"""Paragraphs and runs with the properties that are in force: direct, style chain, document defaults."""

import re
from collections.abc import Iterator
from functools import cached_property

from app.documents.checks.source import Package, W

OFF = {"0", "false", "off", "none"}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
LONGEST_QUOTE = 16
TEN_POINTS = 20
THREE = 320  # size 3 in twips


class Styles:
    """The style sheet: chains of styles, and names by id (ids change when another program saves)."""

    def __init__(self, package: Package):
        tree = package.tree("word/styles.xml")
        styles = [] if tree is None else tree.findall(f"{W}style")
        self.by_id = {style.get(f"{W}styleId"): style for style in styles}
        plain = (s for s in styles if s.get(f"{W}type") == "paragraph" and _on(s.get(f"{W}default", "0")))
        self.default = next(plain, None)
        self._defaults = None if tree is None else tree.find(f"{W}docDefaults")
        self._names: dict[str | None, str] = {}
        self._found: dict[tuple, object] = {}

    def name(self, style_id: str | None) -> str:
        if style_id not in self._names:
            style = self.default if style_id is None else self.by_id.get(style_id)
            node = None if style is None else style.find(f"{W}name")
            self._names[style_id] = "" if node is None else node.get(f"{W}val", "")
        return self._names[style_id]

    def chain(self, style_id: str | None) -> list:
        """The style and what it is based on, nearest first; an unknown id falls back to the default style."""
        chain, style = [], self.by_id.get(style_id, self.default)
        while style is not None and style not in chain:
            chain.append(style)
            base = style.find(f"{W}basedOn")
            style = None if base is None else self.by_id.get(base.get(f"{W}val"))
        return chain

    def inherited(self, kind: str, ids: tuple[str | None, ...], tag: str, name: str | None):
        """The nearest element of that tag (with that attribute) in pPr or rPr of styles and defaults."""
        key = kind, ids, tag, name
        if key not in self._found:
            levels = [style.find(W + kind) for style_id in ids for style in self.chain(style_id)]
            levels.append(
                None if self._defaults is None else self._defaults.find(f"{W}{kind}Default/{W}{kind}")
            )
            found = (node for level in levels if (node := _find(level, tag, name)) is not None)
            self._found[key] = next(found, None)
        return self._found[key]


class Formatted:
    """Something whose own properties come before those of its styles."""

    kind: str
    own = None
    styles: Styles
    style_ids: tuple[str | None, ...]

    def child(self, tag: str, name: str | None = None):
        """The element in force, or None; with `name`, the nearest that has this attribute."""
        found = _find(self.own, tag, name)
        return self.styles.inherited(self.kind, self.style_ids, tag, name) if found is None else found

    def attribute(self, tag: str, name: str = "val") -> str | None:
        found = self.child(tag, name)
        return None if found is None else found.get(W + name)

    def number(self, tag: str, name: str = "val") -> int:
        return whole(self.attribute(tag, name))

    def on(self, tag: str, unset: bool = False) -> bool:
        found = self.child(tag)
        return unset if found is None else _on(found.get(f"{W}val", "1"))


class Run(Formatted):
    """A run of text."""

    kind = "rPr"

    def __init__(self, element, paragraph: "Paragraph"):
        self.own, self.styles = element.find(f"{W}rPr"), paragraph.styles
        named = None if self.own is None else self.own.find(f"{W}rStyle")
        self.style_ids = (
            paragraph.style_ids if named is None else (named.get(f"{W}val"), *paragraph.style_ids)
        )
        self.text = "".join(_characters(element))

    @property
    def font(self) -> str:
        return self.attribute("rFonts", "eastAsia") or ""

    @property
    def size(self) -> int:
        """In half points, as Word writes it; 10 pt when nothing says."""
        return self.number("sz") or TEN_POINTS

    @property
    def color(self) -> str:
        return (self.attribute("color") or "auto").upper()


class Paragraph(Formatted):
    """A paragraph."""

    kind = "pPr"

    def __init__(self, element, styles: Styles):
        self.element, self.styles = element, styles
        self.own = element.find(f"{W}pPr")
        named = None if self.own is None else self.own.find(f"{W}pStyle")
        self.style_ids = (None if named is None else named.get(f"{W}val"),)
        self.style = styles.name(self.style_ids[0])

    @cached_property
    def runs(self) -> list[Run]:
        return [run for run in (Run(each, self) for each in self.element.iter(f"{W}r")) if run.text]

    @cached_property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def words(self) -> str:
        """The text without line breaks and outer blanks."""
        return self.text.replace("\n", "").strip()

    def indent(self, side: str) -> float:
        """Indent in characters of its own size; Word lets the count of characters win over the length."""
        counted = self.number("ind", f"{side}Chars")
        size = self.runs[0].size * 10 if self.runs else THREE
        return counted / 100 if counted else self.number("ind", side) / size

    @property
    def where(self) -> str:
        words = self.words
        return f"“{words[:LONGEST_QUOTE]}{'…' if len(words) > LONGEST_QUOTE else ''}”"


def whole(value: str | None) -> int:
    """A measure in its unit; 0 for what is not there or is no number."""
    return int(float(value)) if value and NUMBER.fullmatch(value) else 0


def _find(level, tag: str, name: str | None):
    found = None if level is None else level.find(W + tag)
    return None if found is not None and name is not None and found.get(W + name) is None else found


def _characters(run) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in (f"{W}br", f"{W}cr") and child.get(f"{W}type", "textWrapping") == "textWrapping":
            yield "\n"


def _on(value: str) -> bool:
    return value.lower() not in OFF
