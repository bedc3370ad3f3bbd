"""Names of cells as a spreadsheet shows them, and back; rows of the names count from 1, everything else from 0."""

import re
from collections.abc import Sequence
from typing import Any

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def letters(column: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    name, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell: row 5 (counted from 1) and the third column are C5."""
    return f"{letters(column)}{row}"


def column_of(name: str) -> int:
    """Return the index of a column: A is 0, AA is 26."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def place_of(name: str) -> tuple[int, int] | None:
    """Return row and column of a cell: C5 is (4, 2); None for a text that names no cell."""
    match = _REFERENCE.fullmatch(name)
    return (int(match[2]) - 1, column_of(match[1])) if match else None


def within(place: tuple[int, int], rows: Sequence[Sequence[Any]]) -> bool:
    """Return whether rows read from a sheet reach as far as a cell; empty ones at the edges may be missing."""
    row, column = place
    return row < len(rows) and column < len(rows[row])
