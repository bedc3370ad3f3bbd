"""From the inputs of a paper to what its wording may use: placeholder values, cases, tables."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from app.documents.layout import chinese

NO_CASES: dict[str, bool] = {}
_FILLERS: dict[str, Callable] = {}


@dataclass(frozen=True)
class Filling:
    """`values`: placeholder → text, paragraphs or table (None: left out); `cases`: condition → holds."""

    values: dict[str, Any]
    cases: dict[str, bool] = field(default_factory=dict)


def fills(*kinds):
    """Declares a function `(inputs) -> (values, cases)` that adds what the inputs' own fields do not say."""

    def register(function):
        _FILLERS.update(dict.fromkeys(kinds, function))
        return function

    return register


def fill(kind, inputs):
    """Every scalar field is a placeholder of its own name; the filler adds counts, lists and tables."""
    values = {one.name: _plain(getattr(inputs, one.name)) for one in fields(inputs) if _is_plain(one)}
    filler = _FILLERS.get(kind)
    more, cases = filler(inputs) if filler else ({}, NO_CASES)
    return Filling(values | more, cases)


def _plain(value):
    return value if isinstance(value, tuple) or value is None else chinese.text(value)


def _is_plain(one):
    """Records and yes/no cannot stand in a sentence: the filler makes tables and cases of them."""
    return one.type != "bool" and (not one.type.startswith("tuple") or one.type == "tuple[str, ...]")
