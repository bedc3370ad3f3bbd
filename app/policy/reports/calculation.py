"""Numbers of a report: derived figures, impossible ones and cells still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.policy.reports import formula_values
from app.policy.reports.cell_values import Refused, within_limits
from app.policy.reports.indicators import Definition, Indicator


def figures(definition: Definition, values: Mapping[str, Any]) -> dict[str, Decimal]:
    """Every number of the form, the derived ones computed: the one implementation for screen and server."""
    found = {
        one.key: values[one.key]
        for one in definition.inputs
        if one.is_number and isinstance(values.get(one.key), Decimal)
    }
    for key, node in definition.derived:
        value = formula_values.evaluate(node, found)
        if value is not None:
            found[key] = value
    return found


def impossible_figures(definition: Definition, found: Mapping[str, Decimal]) -> dict[str, str]:
    """Return derived figures outside of their hard limits, key → sentence."""
    sentences = {}
    for one in definition.indicators:
        if one.formula and one.key in found:
            try:
                within_limits(one, found[one.key])
            except Refused as refusal:
                sentences[one.key] = str(refusal)
    return sentences


def missing_cells(
    definition: Definition, values: Mapping[str, Any], skipped: Iterable[str]
) -> list[Indicator]:
    """Return required cells that are neither filled in nor marked 不涉及."""
    left_out = set(skipped)
    return [
        one
        for one in definition.inputs
        if one.required and values.get(one.key) is None and one.key not in left_out
    ]
