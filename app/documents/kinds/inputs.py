"""Inputs of papers: the letterhead of all kinds, labels and types of their fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args, get_type_hints

LABEL = "label"
DEADLINE = "deadline"
Paragraphs = tuple[str, ...]


def named(label: str) -> dict[str, str]:
    """Return the metadata of a field that forms and wording call by this label."""
    return {LABEL: label}


def given_until(label: str) -> dict[str, Any]:
    """Return the metadata of the last day that a paper gives its addressee: never before the day of issue."""
    return named(label) | {DEADLINE: True}


def passed_deadlines(inputs: Any, today: date) -> list[str]:
    """Return the labels of the days given to the addressee that have passed on the day of issue."""
    days = [each for each in dataclasses.fields(inputs) if each.metadata.get(DEADLINE)]
    return [
        each.metadata[LABEL]
        for each in days
        if (day := getattr(inputs, each.name)) is not None and day < today
    ]


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Issuer, day, contact and rules, which every paper states."""

    issuer: str = field(metadata=named("发文机关"))
    signed_on: date = field(metadata=named("成文日期"))
    contact: str = field(metadata=named("联系人"))
    phone: str = field(metadata=named("联系电话"))
    rules_title: str = field(metadata=named("细则名称"))
    rules_number: str = field(metadata=named("细则文号"))


def labels_of(inputs: type) -> dict[str, str]:
    """Return field → Chinese label of a paper's inputs or of a table's row, in their order."""
    return {each.name: each.metadata[LABEL] for each in dataclasses.fields(inputs)}


def types_of(inputs: type) -> dict[str, Any]:
    """Return field → type of a paper's inputs or of a table's row, in their order."""
    hints = get_type_hints(inputs)
    return {each.name: hints[each.name] for each in dataclasses.fields(inputs)}


def row_type(hint: Any) -> type | None:
    """Return the dataclass of a table's rows, None for a field that is no table."""
    row = next(iter(get_args(hint)), None)
    return row if isinstance(row, type) and dataclasses.is_dataclass(row) else None


def stands_in_sentences(hint: Any) -> bool:
    """Tell whether wording may use a field itself: fillers turn tables and yes/no into values and cases."""
    return hint is not bool and row_type(hint) is None


def tables_of(inputs: Letterhead) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of every table among the inputs of a paper."""
    for name, hint in types_of(type(inputs)).items():
        if row_type(hint):
            yield getattr(inputs, name)
