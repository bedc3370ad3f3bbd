"""Numbers of a report: derived figures, impossible ones and cells still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.policy.reports import formula_values
from app.policy.reports.cell_values import Refused, within_limits
from app.policy.reports.indicators import Definition, Indicator


def figures(definition: Definition, values: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return every number of the form, derived ones computed: the one implementation for screen and server."""
    numbers = {
        indicator.key: values[indicator.key]
        for indicator in definition.inputs
        if indicator.is_number and isinstance(values.get(indicator.key), Decimal)
    }
    for key, node in definition.derived:
        value = formula_values.evaluate(node, numbers)
        if value is not None:
            numbers[key] = value
    return numbers


def impossible_figures(definition: Definition, numbers: Mapping[str, Decimal]) -> dict[str, str]:
    """Return derived figures outside of their hard limits, key → sentence."""
    sentences = {}
    for indicator in definition.indicators:
        if indicator.formula and indicator.key in numbers:
            try:
                within_limits(indicator, numbers[indicator.key])
            except Refused as refusal:
                sentences[indicator.key] = str(refusal)
    return sentences


def missing_cells(
    definition: Definition, values: Mapping[str, Any], skipped: Iterable[str]
) -> list[Indicator]:
    """Return required cells that are neither filled in nor marked 不涉及."""
    left_out = set(skipped)
    return [
        indicator
        for indicator in definition.inputs
        if indicator.required and values.get(indicator.key) is None and indicator.key not in left_out
    ]
