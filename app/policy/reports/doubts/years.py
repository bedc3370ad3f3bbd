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
    """×10, ×1000, kgce/tce, 万元/元 against the last year that has the cell; then plain jumps."""
    growth = _growth(form, context)
    for one in form.definition.inputs:
        past = last(context, one.key)
        if past is None or one.key not in form.numbers:
            continue
        before, now = past.numbers[one.key], form.numbers[one.key]
        if not before or not now:
            if before and one.nature == Nature.QUANTITY and one.required:
                yield _vanished(form, one, past)
            continue
        if before * now < 0:
            continue
        yield from _compared(form, one, past, float(now / before), growth)


def _compared(form: Filled, one: Indicator, past: Past, ratio: float, growth: float) -> Iterator[Doubt]:
    moved = math.log10(ratio)
    relative = moved - growth if one.nature == Nature.QUANTITY else moved
    power = round(relative)
    slack = SLIP if one.nature in (Nature.QUANTITY, Nature.STEADY) else RATE_SLIP
    other_cell = f"{past.year} 年表“{one.name}”{cell_text(one, past.numbers[one.key])}"
    shown = as_ratio(ratio)
    if (
        power
        and abs(relative - power) <= slack
        and _worth_it(one, past.numbers[one.key], form.numbers[one.key])
    ):
        text = f"{form.cell(one)}，是{other_cell}的 {plain(shown)} 倍，{slip_words(one, power)}。"
        yield Doubt("slip", one.key, "", form.cell(one), other_cell, text, shown)
    elif (one.nature == Nature.QUANTITY and _jumped(one, moved, growth)) or (
        one.nature == Nature.STEADY and abs(moved) > STEADY_JUMP
    ):
        text = f"{form.cell(one)}，是{other_cell}的 {plain(shown)} 倍，变化过大。"
        yield Doubt("jump", one.key, "", form.cell(one), other_cell, text, shown)


def _jumped(one: Indicator, moved: float, growth: float) -> bool:
    """Far from last year and far from the growth of the form as a whole."""
    return one.required and not one.skippable and abs(moved) > JUMP and abs(moved - growth) > JUMP / 2


def _worth_it(one: Indicator, before: Decimal, now: Decimal) -> bool:
    """Small counts move by large factors honestly."""
    if one.nature == Nature.COUNT:
        return min(abs(before), abs(now)) >= 10
    return not (one.nature == Nature.RATE and min(abs(before), abs(now)) == 0)


def _vanished(form: Filled, one: Indicator, past: Past) -> Doubt:
    other_cell = f"{past.year} 年表“{one.name}”{cell_text(one, past.numbers[one.key])}"
    text = f"{form.cell(one)}，而{other_cell}（比值 0）；不再涉及的请勾“不涉及”或说明。"
    return Doubt("vanished", one.key, "", form.cell(one), other_cell, text, Decimal(0))


def _growth(form: Filled, context: Context) -> float:
    """By how many decades the amounts of the form moved as a whole; 0 where they moved too far to be growth."""
    moves = []
    for one in form.amounts:
        past, now = last(context, one.key), form.numbers.get(one.key)
        if past and now and past.numbers[one.key] * now > 0:
            moves.append(math.log10(now / past.numbers[one.key]))
    middle = statistics.median(moves) if len(moves) >= 4 else 0.0
    return middle if abs(middle) <= 0.6 else 0.0


def copied_years(form: Filled, context: Context) -> Iterator[Doubt]:
    """Return doubts about the same digits as last year, in several cells or in one with many digits."""
    past = max(context.past, key=lambda one: one.year, default=None)
    if past is None:
        return
    same = [
        one
        for one in form.amounts
        if repeats(form.numbers.get(one.key), past.numbers.get(one.key), TELLING_DIGITS)
    ]
    if len(same) < FEWEST_COPIES:
        same = [one for one in same if significant(form.numbers[one.key]) >= UNMISTAKABLE_DIGITS]
    for one in same:
        other_cell = f"{past.year} 年表“{one.name}”{cell_text(one, past.numbers[one.key])}"
        text = f"{form.cell(one)}，与{other_cell}完全相同（比值 1），疑为照抄上年。"
        yield Doubt("copied_year", one.key, "", form.cell(one), other_cell, text, Decimal(1))
