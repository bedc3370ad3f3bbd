"""The imprint 版记: a floating table at the bottom of the type area of the last, even page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from app.documents.layout.chinese import width
from app.documents.layout.ooxml import Element, el, paragraph, run

ROW_HEIGHT = 500
TABLE_WIDTH = 8845
PER_LINE = 28.4  # characters of size 4 in a row
THICK, THIN = 8, 6  # 0.35 mm and 0.25 mm are 1.0 and 0.7 points; Word knows eighths


@dataclass(frozen=True)
class Imprint:
    """公开方式, 抄送, issuing office and day; a letter has neither office, day nor rules (10.1)."""

    publicity: str
    copies: str
    office: str
    printed: str
    ruled: bool

    @classmethod
    def read(cls, lines: Iterable[str], printed: str, ruled: bool) -> "Imprint":
        """Read lines such as 抄送：…; a line with nothing after its colon is left out."""
        parts = {key: value for key, _, value in (line.partition("：") for line in lines) if value}
        copies = parts.get("抄送", "")
        return cls(
            parts.get("公开方式", ""),
            copies if not copies or copies.endswith("。") else f"{copies}。",
            parts.get("印发", "") if ruled else "",
            printed,
            ruled,
        )

    @property
    def height(self) -> int:
        """Return the height in twips."""
        copy_lines = ceil((width(self.copies) + 3) / (PER_LINE - 3)) if self.copies else 0
        return ROW_HEIGHT * (bool(self.publicity) + copy_lines + bool(self.office)) + 120

    def table(self, style: Callable[[str], str]) -> Element:
        """Return the floating table; `style` gives the id of a named style."""
        rows = self._rows(style)
        return el(
            "w:tbl",
            el(
                "w:tblPr",
                el("w:tblpPr", vertAnchor="margin", horzAnchor="page", tblpX=1587, tblpYSpec="bottom"),
                el("w:tblOverlap", val="never"),
                el("w:tblW", w=TABLE_WIDTH, type="dxa"),
                el("w:tblLayout", type="fixed"),
                el("w:tblCellMar", el("w:left", w=0, type="dxa"), el("w:right", w=0, type="dxa")),
            ),
            el("w:tblGrid", el("w:gridCol", w=TABLE_WIDTH)),
            *rows,
        )

    def _rows(self, style: Callable[[str], str]) -> list[Element]:
        rows = []
        if self.publicity:
            rows.append(_row(style, [run(f"公开方式：{self.publicity}")]))
        if self.copies:
            indent = el("w:ind", left=1120, right=280, hanging=840)
            borders = self._borders(top=THICK, bottom=None if self.office else THICK)
            rows.append(_row(style, [run(f"抄送：{self.copies}")], borders, [indent]))
        if self.office:
            tab_stop = el("w:tabs", el("w:tab", val="right", pos=TABLE_WIDTH - 280))
            tab = el("w:r", el("w:tab"))
            borders = self._borders(top=THIN if self.copies else THICK, bottom=THICK)
            rows.append(_row(style, [run(self.office), tab, run(f"{self.printed}印发")], borders, [tab_stop]))
        return rows

    def _borders(self, **sides: int | None) -> Element | None:
        if not self.ruled:
            return None
        lines = (
            el(f"w:{side}", val="single", sz=size, space=0, color="000000")
            for side, size in sides.items()
            if size
        )
        return el("w:tcBorders", *lines)


def _row(
    style: Callable[[str], str],
    runs: Sequence[Element],
    borders: Element | None = None,
    properties: Sequence[Element] = (),
) -> Element:
    cell_properties = [el("w:tcW", w=TABLE_WIDTH, type="dxa")]
    if borders is not None:
        cell_properties.append(borders)
    cell_properties.append(el("w:vAlign", val="center"))
    text = paragraph(style("版记文字"), *runs, properties=properties)
    row = el("w:trPr", el("w:cantSplit"), el("w:trHeight", val=ROW_HEIGHT, hRule="atLeast"))
    return el("w:tr", row, el("w:tc", el("w:tcPr", *cell_properties), text))
