"""A form against the unit's own years: slipped units, jumps, vanished and copied figures."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from decimal import Decimal

from app.policy.reports.cell_values import cell_text, plain
from app.policy.reports.doubts.found import (
    JUMP,
    SLIP,
    TELLING_DIGITS,
    Context,
    Doubt,
    Filled,
    Past,
    as_ratio,
    last,
    repeats,
    significant,
    slip_words,
)
from app.policy.reports.indicators import Indicator, Nature

RATE_SLIP = 0.05  # rates do move by large factors, but hardly ever by exactly ten
STEADY_JUMP = math.log10(2)
UNMISTAKABLE_DIGITS = 5
FEWEST_COPIES = 3


def own_years(form: Filled, context: Context) -> Iterator[Doubt]:
    """Find slips (×10, ×1000, kgce/tce, 万元/元) against the last year that has the cell, then plain jumps."""
    growth = _growth(form, context)
    for indicator in form.definition.inputs:
        past = last(context, indicator.key)
        if past is None or indicator.key not in form.numbers:
            continue
        before, now = past.numbers[indicator.key], form.numbers[indicator.key]
        if not before or not now:
            if before and indicator.nature == Nature.QUANTITY and indicator.required:
                yield _vanished(form, indicator, past)
            continue
        if before * now < 0:
            continue
        yield from _compared(form, indicator, past, float(now / before), growth)


def _compared(form: Filled, indicator: Indicator, past: Past, ratio: float, growth: float) -> Iterator[Doubt]:
    moved = math.log10(ratio)
    relative = moved - growth if indicator.nature == Nature.QUANTITY else moved
    power = round(relative)
    slack = SLIP if indicator.nature in (Nature.QUANTITY, Nature.STEADY) else RATE_SLIP
    other_cell = f"{past.year} 年表“{indicator.name}”{cell_text(indicator, past.numbers[indicator.key])}"
    shown = as_ratio(ratio)
    if (
        power
        and abs(relative - power) <= slack
        and _may_be_slip(indicator, past.numbers[indicator.key], form.numbers[indicator.key])
    ):
        text = f"{form.cell(indicator)}，是{other_cell}的 {plain(shown)} 倍，{slip_words(indicator, power)}。"
        yield Doubt("slip", indicator.key, "", form.cell(indicator), other_cell, text, shown)
    elif (indicator.nature == Nature.QUANTITY and _jumped(indicator, moved, growth)) or (
        indicator.nature == Nature.STEADY and abs(moved) > STEADY_JUMP
    ):
        text = f"{form.cell(indicator)}，是{other_cell}的 {plain(shown)} 倍，变化过大。"
        yield Doubt("jump", indicator.key, "", form.cell(indicator), other_cell, text, shown)


def _jumped(indicator: Indicator, moved: float, growth: float) -> bool:
    """Return whether a figure is far from last year's and from the growth of the form as a whole."""
    return (
        indicator.required
        and not indicator.skippable
        and abs(moved) > JUMP
        and abs(moved - growth) > JUMP / 2
    )


def _may_be_slip(indicator: Indicator, before: Decimal, now: Decimal) -> bool:
    """Return whether a change of scale tells a slip: small counts move by large factors honestly."""
    if indicator.nature == Nature.COUNT:
        return min(abs(before), abs(now)) >= 10
    return not (indicator.nature == Nature.RATE and min(abs(before), abs(now)) == 0)


def _vanished(form: Filled, indicator: Indicator, past: Past) -> Doubt:
    other_cell = f"{past.year} 年表“{indicator.name}”{cell_text(indicator, past.numbers[indicator.key])}"
    text = f"{form.cell(indicator)}，而{other_cell}（比值 0）；不再涉及的请勾“不涉及”或说明。"
    return Doubt("vanished", indicator.key, "", form.cell(indicator), other_cell, text, Decimal(0))


def _growth(form: Filled, context: Context) -> float:
    """Return the decades by which the form's amounts moved as a whole; 0 where that is too far to be growth."""
    moves = []
    for indicator in form.amounts:
        past, now = last(context, indicator.key), form.numbers.get(indicator.key)
        if past and now and past.numbers[indicator.key] * now > 0:
            moves.append(math.log10(now / past.numbers[indicator.key]))
    middle = statistics.median(moves) if len(moves) >= 4 else 0.0
    return middle if abs(middle) <= 0.6 else 0.0


def copied_years(form: Filled, context: Context) -> Iterator[Doubt]:
    """Return doubts about the same digits as last year, in several cells or in one with many digits."""
    past = max(context.past, key=lambda past: past.year, default=None)
    if past is None:
        return
    same = [
        indicator
        for indicator in form.amounts
        if repeats(form.numbers.get(indicator.key), past.numbers.get(indicator.key), TELLING_DIGITS)
    ]
    if len(same) < FEWEST_COPIES:
        same = [
            indicator for indicator in same if significant(form.numbers[indicator.key]) >= UNMISTAKABLE_DIGITS
        ]
    for indicator in same:
        other_cell = f"{past.year} 年表“{indicator.name}”{cell_text(indicator, past.numbers[indicator.key])}"
        text = f"{form.cell(indicator)}，与{other_cell}完全相同（比值 1），疑为照抄上年。"
        yield Doubt("copied_year", indicator.key, "", form.cell(indicator), other_cell, text, Decimal(1))
