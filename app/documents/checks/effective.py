"""Paragraphs and runs with the properties in force: direct, then style chain, then document defaults."""

import re
from collections.abc import Iterator
from functools import cached_property

from app.documents.checks.source import Element, Package, W

OFF = {"0", "false", "off", "none"}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MAX_QUOTE = 16
DEFAULT_SIZE = 20  # half points
SIZE_THREE = 320  # twips


class Styles:
    """The style sheet: chains of styles, and names by id."""

    def __init__(self, package: Package) -> None:
        tree = package.tree("word/styles.xml")
        styles = [] if tree is None else tree.findall(f"{W}style")
        self.by_id = {style.get(f"{W}styleId"): style for style in styles}
        plain = (s for s in styles if s.get(f"{W}type") == "paragraph" and _on(s.get(f"{W}default", "0")))
        self.default = next(plain, None)
        self._defaults = None if tree is None else tree.find(f"{W}docDefaults")
        self._names: dict[str | None, str] = {}
        self._inherited: dict[tuple[object, ...], Element | None] = {}

    def name(self, style_id: str | None) -> str:
        """Return the name of a style, "" for an unknown id."""
        if style_id not in self._names:
            style = self.default if style_id is None else self.by_id.get(style_id)
            node = None if style is None else style.find(f"{W}name")
            self._names[style_id] = "" if node is None else node.get(f"{W}val", "")
        return self._names[style_id]

    def chain(self, style_id: str | None) -> list[Element]:
        """Return the style and its bases, nearest first; an unknown id falls back to the default style."""
        chain, style = [], self.by_id.get(style_id, self.default)
        while style is not None and style not in chain:
            chain.append(style)
            base = style.find(f"{W}basedOn")
            style = None if base is None else self.by_id.get(base.get(f"{W}val"))
        return chain

    def inherited(self, kind: str, ids: tuple[str | None, ...], tag: str, name: str | None) -> Element | None:
        """Return the nearest element of that tag (with that attribute) in pPr or rPr of styles and defaults."""
        key = kind, ids, tag, name
        if key not in self._inherited:
            levels = [style.find(W + kind) for style_id in ids for style in self.chain(style_id)]
            levels.append(
                None if self._defaults is None else self._defaults.find(f"{W}{kind}Default/{W}{kind}")
            )
            nodes = (node for level in levels if (node := _find(level, tag, name)) is not None)
            self._inherited[key] = next(nodes, None)
        return self._inherited[key]


class Formatted:
    """A paragraph or run, whose own properties come before those of its styles."""

    kind: str
    own: Element | None = None
    styles: Styles
    style_ids: tuple[str | None, ...]

    def child(self, tag: str, name: str | None = None) -> Element | None:
        """Return the element in force, or None; with `name`, the nearest that has this attribute."""
        own = _find(self.own, tag, name)
        return self.styles.inherited(self.kind, self.style_ids, tag, name) if own is None else own

    def attribute(self, tag: str, name: str = "val") -> str | None:
        """Return the attribute in force, or None."""
        node = self.child(tag, name)
        return None if node is None else node.get(W + name)

    def number(self, tag: str, name: str = "val") -> int:
        """Return the attribute in force as a whole number, 0 if there is none."""
        return whole(self.attribute(tag, name))

    def on(self, tag: str, unset: bool = False) -> bool:
        """Return whether a switch is on, `unset` where nothing sets it."""
        node = self.child(tag)
        return unset if node is None else _on(node.get(f"{W}val", "1"))


class Run(Formatted):
    """A run of text."""

    kind = "rPr"

    def __init__(self, element: Element, paragraph: "Paragraph") -> None:
        self.own, self.styles = element.find(f"{W}rPr"), paragraph.styles
        style = None if self.own is None else self.own.find(f"{W}rStyle")
        self.style_ids = (
            paragraph.style_ids if style is None else (style.get(f"{W}val"), *paragraph.style_ids)
        )
        self.text = "".join(_characters(element))

    @property
    def font(self) -> str:
        """Return the East Asian font."""
        return self.attribute("rFonts", "eastAsia") or ""

    @property
    def size(self) -> int:
        """Return the size in half points; 10 pt when nothing sets it."""
        return self.number("sz") or DEFAULT_SIZE

    @property
    def color(self) -> str:
        """Return the colour as RRGGBB, or AUTO."""
        return (self.attribute("color") or "auto").upper()


class Paragraph(Formatted):
    """A paragraph with its runs and the name of its style."""

    kind = "pPr"

    def __init__(self, element: Element, styles: Styles) -> None:
        self.element, self.styles = element, styles
        self.own = element.find(f"{W}pPr")
        style = None if self.own is None else self.own.find(f"{W}pStyle")
        self.style_ids = (None if style is None else style.get(f"{W}val"),)
        self.style = styles.name(self.style_ids[0])

    @cached_property
    def runs(self) -> list[Run]:
        """Return the runs that have text."""
        return [run for run in (Run(each, self) for each in self.element.iter(f"{W}r")) if run.text]

    @cached_property
    def text(self) -> str:
        """Return the text with line breaks and tabs."""
        return "".join(run.text for run in self.runs)

    @property
    def words(self) -> str:
        """Return the text without line breaks and surrounding spaces."""
        return self.text.replace("\n", "").strip()

    def indent(self, side: str) -> float:
        """Return an indent in characters of its own size; a count of characters wins over a length, as in Word."""
        counted = self.number("ind", f"{side}Chars")
        size = self.runs[0].size * 10 if self.runs else SIZE_THREE
        return counted / 100 if counted else self.number("ind", side) / size

    @property
    def where(self) -> str:
        """Return the beginning of the text, to name the place of a fault."""
        words = self.words
        return f"“{words[:MAX_QUOTE]}{'…' if len(words) > MAX_QUOTE else ''}”"


def whole(value: str | None) -> int:
    """Return a measure in its unit; 0 if it is missing or no number."""
    return int(float(value)) if value and NUMBER.fullmatch(value) else 0


def _find(properties: Element | None, tag: str, name: str | None) -> Element | None:
    node = None if properties is None else properties.find(W + tag)
    return None if node is not None and name is not None and node.get(W + name) is None else node


def _characters(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in (f"{W}br", f"{W}cr") and child.get(f"{W}type", "textWrapping") == "textWrapping":
            yield "\n"


def _on(value: str) -> bool:
    return value.lower() not in OFF
