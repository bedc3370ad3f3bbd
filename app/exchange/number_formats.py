"""What number formats make of a stored number: percent, and numbers shown in thousands or millions. Runs in the sandbox.

A cell becomes ["percent", value], or ["scaled", value, shown text]; 0.45 shown as 45% is 45%, not 0.45.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from app.exchange import archive, places

STYLES = "xl/styles.xml"
PERCENT_BUILT_IN = {9, 10}
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"\b([rs])=[\"']([^\"']*)[\"']")
_LITERAL = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[[^\]]*\]")
_SCALE = re.compile(r"[0#?](,+)(?=[^0#?,]|$)")

Format = tuple[str, int]  # kind, power of thousand


def special(package: zipfile.ZipFile, markup: bytes, rows: list[list[Any]]) -> Iterator[tuple[int, int, Any]]:
    """Yield row, column and tagged cell of every number that is shown as another one."""
    formats = _formats(package)
    if not formats:
        return
    for match in _CELL.finditer(markup):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        style = attributes.get(b"s", b"")
        if style not in formats:
            continue
        place = places.place_of(attributes.get(b"r", b"").decode())
        if place and places.within(place, rows):
            value = rows[place[0]][place[1]]
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                yield (*place, _tagged(value, formats[style]))


def _tagged(value: float, form: Format) -> list[Any]:
    kind, thousands = form
    return [kind, value] if kind == "percent" else [kind, value, f"{value / 1000**thousands:g}"]


def _formats(package: zipfile.ZipFile) -> dict[bytes, Format]:
    """Return the formats that matter by the index of the cell style."""
    if STYLES not in package.namelist():
        return {}
    tree = ElementTree.fromstring(archive.part(package, STYLES))
    codes = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "")
        for each in tree.iter()
        if each.tag.rpartition("}")[2] == "numFmt"
    }
    styles = next((each for each in tree if each.tag.rpartition("}")[2] == "cellXfs"), ())
    found = {}
    for index, style in enumerate(styles):
        number = int(style.get("numFmtId", "0"))
        if form := _form(number, codes.get(number, "")):
            found[str(index).encode()] = form
    return found


def _form(number: int, code: str) -> Format | None:
    bare = _LITERAL.sub("", code.split(";")[0])
    if number in PERCENT_BUILT_IN or "%" in bare:
        return "percent", 0
    scale = _SCALE.search(bare)
    return ("scaled", len(scale[1])) if scale else None
