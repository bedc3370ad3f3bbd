"""The lines of a table's header: title, group headings, main row, units and years below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.exchange.columns import RELATIVE_YEARS, compact, recognise
from app.policy import measures, spelling

Row = Sequence[Any]
LINE_ABOVE = re.compile(r"单位[:：]([^:：]+)")
_ONLY_YEAR = re.compile(rf"(?:20\d{{2}}年?度?|{RELATIVE_YEARS})")
_TITLE = re.compile(r"(20\d{2})年?度?.*(?:名单|汇总表|推荐表|申报表|一览表|明细表|台账)")


@dataclass(frozen=True)
class Header:
    """The lines of a table's header: the row that names most fields, its last line, and the texts of each column."""

    top: int
    bottom: int
    texts: tuple[tuple[str, ...], ...]  # of each column, the lowest first
    above: tuple[str, ...]  # lines before the table


def title_year(rows: Iterable[Row]) -> int | None:
    """Return the year of the title (“2026年度…汇总表”), None without one; notes and group headings do not count."""
    texts = (compact(cell) for row in rows for cell in row if isinstance(cell, str))
    return next((int(match[1]) for text in texts if (match := _TITLE.search(text))), None)


def parse(grid: Sequence[Row], top: int, merged: Iterable[Sequence[int]] = ()) -> Header:
    """Return the header around its main row: a group line above, further lines below."""
    across = [area for area in merged if area[3] > area[1]]
    bottom = top
    while bottom + 1 < len(grid) and bottom - top < 2 and _continues(grid[bottom], grid[bottom + 1]):
        bottom += 1
    first = top - 1 if top and _is_group_line(grid[top - 1], top - 1, across) else top
    lines = [
        _spread(grid[number], number, across, under=grid[number + 1] if number < bottom else None)
        for number in range(first, bottom + 1)
    ]
    above = tuple(cell for row in grid[:first] for cell in row if isinstance(cell, str))
    return Header(top, bottom, tuple(map(_texts, zip(*lines, strict=True))), above)


def _texts(stack: Sequence[Any]) -> tuple[str, ...]:
    """Return the different texts of a column's header cells, the lowest first."""
    return tuple(dict.fromkeys(cell for cell in reversed(stack) if isinstance(cell, str) and cell.strip()))


def _continues(above: Row, under: Row) -> bool:
    """Return whether a row belongs to the header: it adds fields, units or years, and no values of a unit."""
    adds = False
    for over, cell in zip(above, under, strict=True):
        if cell is None or cell == over:
            continue
        if not isinstance(cell, str):
            return False
        if recognise(cell) and not recognise(over) or _is_unit(cell) or _ONLY_YEAR.fullmatch(compact(cell)):
            adds = True
        elif recognise(over) and not recognise(cell):
            return False
    return adds


def _is_unit(text: str) -> bool:
    bare = compact(text).strip("()[]【】").removeprefix("单位:")
    return measures.looks_like_unit(bare) or any(
        measure.factor(bare) is not None for measure in (measures.MONEY, measures.ENERGY)
    )


def _is_group_line(row: Row, number: int, across: Iterable[Sequence[int]]) -> bool:
    """Return whether the line above the main row groups columns; a title stands alone or spans the table."""
    texts = [index for index, cell in enumerate(row) if isinstance(cell, str) and cell.strip()]
    if not texts or any(":" in compact(row[index]) for index in texts):  # “填报单位：…”, “单位：万元”
        return False
    if len(texts) > 1:
        return True
    spans = [area for area in across if area[0] == number]
    return texts[0] > 0 or any(area[1] > 0 for area in spans)


def _spread(row: Row, number: int, across: Iterable[Sequence[int]], under: Row | None) -> list[Any]:
    """Return a header line with the text of merged cells, or of cells left blank, in each column that it covers."""
    line = list(row)
    spans = {area[1]: area[3] for area in across if area[0] <= number <= area[2]}
    for left, right in spans.items():
        line[left + 1 : right + 1] = [line[left]] * (min(right, len(line) - 1) - left)
    if under is None or spans:
        return line
    for index in range(1, len(line)):
        left = line[index - 1]
        if (
            line[index] is None
            and under[index] is not None
            and not (isinstance(left, str) and _is_unit(left))
        ):
            line[index] = line[index - 1]
    return line


def visible(text: str) -> str:
    """Return a heading in one line, without what nobody sees."""
    try:
        return spelling.line(text)
    except spelling.Unwritable:
        return text
