"""Files of an evidence bundle: documents, tables and facts, named so that every system can unpack them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MAX_NAME_LENGTH = 80


@dataclass(frozen=True)
class Piece:
    """One file of the bundle: path, bytes, description, and the digest that the system recorded for it."""

    path: str
    content: bytes
    what: str
    recorded: str = ""


@dataclass(frozen=True)
class Gap:
    """Something that the chain should hold and does not, with the reason."""

    item: str
    why: str


def table(path: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], what: str) -> Piece:
    """Return a CSV file that spreadsheets open with its Chinese intact."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([headings, *([_cell(value) for value in row] for row in rows)])
    return Piece(path, ("\ufeff" + text.getvalue()).encode(), what)


def facts(path: str, values: dict[str, Any], what: str) -> Piece:
    """Return a JSON file of labelled values."""
    plain = {label: _in_words(value) for label, value in values.items()}
    return Piece(path, json.dumps(plain, ensure_ascii=False, indent=2).encode(), what)


def distinct_paths(pieces: Iterable[Piece]) -> list[Piece]:
    """Return all pieces under different paths: the later of two uploads with the same name gets a number."""
    taken: set[str] = set()
    distinct = []
    for piece in pieces:
        stem, dot, extension = piece.path.rpartition(".")
        path, number = piece.path, 1
        while path in taken:
            number += 1
            path = f"{stem}（{number}）{dot}{extension}"
        taken.add(path)
        distinct.append(replace(piece, path=path))
    return distinct


def plain_name(name: str) -> str:
    """Return a name that every system can write, never a path; a long one keeps its extension."""
    plain = "".join("_" if sign in '\\/:*?"<>|' or ord(sign) < 32 else sign for sign in name)
    stem, dot, extension = plain.rpartition(".")
    if len(plain) <= MAX_NAME_LENGTH:
        return plain
    return stem[: MAX_NAME_LENGTH - 1 - len(extension)] + dot + extension


def _cell(value: Any) -> str:
    """Return the text of a cell that no spreadsheet takes for a formula."""
    text = _in_words(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
