"""Measure a PDF: glyphs, lines and strokes of each page, in millimetres from the upper left corner."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTCurve, LTPage
from pdfminer.pdfparser import PDFSyntaxError

MM = 25.4 / 72
SAME_LINE = 0.6  # mm; baselines of two fonts on one line differ slightly
MAX_RULE_THICKNESS = 1.5
RED = (1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Glyph:
    """A character with its place, size and font."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    font: str
    upright: bool


@dataclass(frozen=True)
class Line:
    """Glyphs on one baseline from left to right, blanks left out."""

    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        return self.glyphs[-1].x1

    @property
    def baseline(self) -> float:
        return self.glyphs[0].baseline

    @property
    def size(self) -> float:
        return max(glyph.size for glyph in self.glyphs)

    @property
    def upright(self) -> bool:
        return self.glyphs[0].upright


@dataclass(frozen=True)
class Stroke:
    """A horizontal rule."""

    x0: float
    x1: float
    y: float
    thickness: float
    red: bool

    @property
    def length(self) -> float:
        return self.x1 - self.x0


@dataclass(frozen=True)
class Page:
    """A printed page: its lines of text and its rules."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Stroke, ...]

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    @property
    def where(self) -> str:
        return f"第{self.number}页"


def pages(pdf: bytes) -> list[Page]:
    """Return the measured pages. Raises ValueError if the bytes are no PDF."""
    try:
        return [
            _page(number, each)
            for number, each in enumerate(extract_pages(io.BytesIO(pdf), laparams=None), 1)
        ]
    except PDFSyntaxError as error:
        raise ValueError("不是完好的 PDF 文件") from error


def _page(number: int, layout: LTPage) -> Page:
    items = list(_walk(layout))
    glyphs = [_glyph(each, layout.height) for each in items if isinstance(each, LTChar)]
    strokes = {_stroke(each, layout.height) for each in items if isinstance(each, LTCurve)}
    rules = sorted(
        (s for s in strokes if s.length > 5 and s.thickness <= MAX_RULE_THICKNESS), key=lambda s: (s.y, s.x0)
    )
    return Page(number, layout.width * MM, layout.height * MM, tuple(_lines(glyphs)), tuple(rules))


def _walk(item: Any) -> Iterator[Any]:
    yield item
    for child in item if hasattr(item, "__iter__") else ():
        yield from _walk(child)


def _glyph(char: LTChar, height: float) -> Glyph:
    a, b, _, _, x, y = char.matrix
    upright = abs(b) < abs(a)
    x0, x1 = (char.x0, char.x1) if upright else (height - char.y1, height - char.y0)
    baseline = (height - y) if upright else x
    size = char.y1 - char.y0 if upright else char.x1 - char.x0
    return Glyph(
        char.get_text(), x0 * MM, x1 * MM, baseline * MM, size, char.fontname.split("+")[-1], upright
    )


def _stroke(curve: LTCurve, height: float) -> Stroke:
    """Measure a stroke, drawn as a line with a width or as a thin filled box."""
    thickness = max(curve.y1 - curve.y0, curve.linewidth if curve.stroke else 0) * MM
    color = curve.stroking_color if curve.stroke else curve.non_stroking_color
    red = isinstance(color, tuple | list) and tuple(color) == RED
    middle = height - (curve.y0 + curve.y1) / 2
    return Stroke(
        round(curve.x0 * MM, 2), round(curve.x1 * MM, 2), round(middle * MM, 2), round(thickness, 2), red
    )


def _lines(glyphs: list[Glyph]) -> Iterator[Line]:
    """Group glyphs into lines; rotated ones form their own: x runs down the page, baseline from the left."""
    pending: list[Glyph] = []
    for glyph in sorted(
        (g for g in glyphs if not g.text.isspace()), key=lambda g: (not g.upright, g.baseline)
    ):
        if pending and (
            glyph.upright != pending[0].upright or glyph.baseline - pending[0].baseline > SAME_LINE
        ):
            yield Line(tuple(sorted(pending, key=lambda g: g.x0)))
            pending = []
        pending.append(glyph)
    if pending:
        yield Line(tuple(sorted(pending, key=lambda g: g.x0)))
