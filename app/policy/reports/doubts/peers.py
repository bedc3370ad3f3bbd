"""A form against other units: the industry's intensities, and figures that another unit has too."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from decimal import Decimal

from app.policy.reports.cell_values import plain, rounded
from app.policy.reports.doubts.found import (
    JUMP,
    TELLING_DIGITS,
    Context,
    Doubt,
    Filled,
    Numbers,
    as_ratio,
    last,
    significant,
)
from app.policy.reports.indicators import Indicator

FEWEST_PEERS = 5
PEER_SPREADS, PEER_LEAST = 5.0, 0.85  # robust spreads; decades
FEWEST_TWINS = 4


def industry(form: Filled, context: Context) -> Iterator[Doubt]:
    """Amounts per output against the median of the same industry in the city."""
    scale = form.definition.scale
    size = form.numbers.get(scale.key) if scale else None
    if scale is None or not size or size < 0:
        return
    off = [found for one in form.amounts if one is not scale and (found := _off(form, one, scale, context))]
    same_way = [one for one in off if (one[1] > 0) == (off[0][1] > 0)] if off else []
    if len(same_way) >= 3 and len(same_way) * 5 >= len(_comparable(form, scale, context)) * 3:
        yield _scale_doubt(form, scale, same_way)
        return
    for one, away, middle, count in off:
        intensity = form.numbers[one.key] / size
        ratio = as_ratio(10**away)
        other_cell = f"本行业全市中位数 {plain(rounded(Decimal(repr(10**middle))))}{one.unit}/{scale.unit}（{count} 家）"
        cell = f"{form.cell(one)}，折 {plain(rounded(intensity))}{one.unit}/{scale.unit}"
        text = f"{cell}，是{other_cell}的 {plain(ratio)} 倍；请核对“{one.name}”和“{scale.name}”的数值和单位。"
        yield Doubt("industry", one.key, scale.key, cell, other_cell, text, ratio)


def _scale_doubt(form: Filled, scale: Indicator, off: Sequence[tuple[Indicator, float, float, int]]) -> Doubt:
    one, away, middle, count = off[0]
    ratio = as_ratio(10 ** -statistics.median(each[1] for each in off))
    other_cell = f"{form.cell(one)}按本行业全市中位数（{count} 家）所对应的规模"
    names = "、".join(each[0].name for each in off[:4])
    text = f"{form.cell(scale)}，约为{other_cell}的 {plain(ratio)} 倍，{names}同向偏离；请核对单位。"
    return Doubt("industry", scale.key, one.key, form.cell(scale), other_cell, text, ratio)


def _comparable(form: Filled, scale: Indicator, context: Context) -> list[Indicator]:
    return [
        one
        for one in form.amounts
        if one is not scale and _spread(one, scale, context) and form.numbers.get(one.key, 0) > 0
    ]


def _off(
    form: Filled, one: Indicator, scale: Indicator, context: Context
) -> tuple[Indicator, float, float, int] | None:
    """How many decades the cell is away from the median, where that is too far."""
    value, spread = form.numbers.get(one.key), _spread(one, scale, context)
    if not value or value < 0 or spread is None or one.skippable or not one.required:
        return None
    here = math.log10(value / form.numbers[scale.key])
    middle, width, count = spread
    away = here - middle
    past = last(context, one.key)
    if past and abs(here - (_intensity(past.numbers, one, scale) or math.inf)) < JUMP:
        return None  # the unit is unlike its industry, but like itself
    return (one, away, middle, count) if abs(away) > max(PEER_LEAST, PEER_SPREADS * width) else None


def _intensity(numbers: Numbers, one: Indicator, scale: Indicator) -> float | None:
    """Decades of amount per output, where both are there."""
    amount, size = numbers.get(one.key, 0), numbers.get(scale.key, 0)
    return math.log10(amount / size) if amount > 0 and size > 0 else None


def _spread(one: Indicator, scale: Indicator, context: Context) -> tuple[float, float, int] | None:
    """Median and robust spread (decades) of amount per output, and how many units."""
    found = [away for peer in context.peers if (away := _intensity(peer, one, scale)) is not None]
    if len(found) < FEWEST_PEERS:
        return None
    middle = statistics.median(found)
    return middle, 1.4826 * statistics.median(abs(each - middle) for each in found), len(found)


def twins(form: Filled, context: Context) -> Iterator[Doubt]:
    """Return a doubt about figures copied from another unit's form of this year, which stays unnamed."""
    amounts = [
        one for one in form.amounts if significant(form.numbers.get(one.key, Decimal(0))) >= TELLING_DIGITS
    ]
    for other in context.twins:
        same = [one for one in amounts if form.numbers[one.key] == other.get(one.key)]
        if len(same) >= FEWEST_TWINS and len(same) * 2 >= len(amounts):
            one = same[0]
            names = "、".join(each.name for each in same[:5])
            text = f"{form.cell(one)}等 {len(same)} 项（{names}）与本年度另一单位所填完全相同（比值 1），疑为照抄。"
            yield Doubt(
                "twin",
                one.key,
                "twin",
                form.cell(one),
                "本年度另一单位所填的同名指标",
                text,
                Decimal(1),
                tuple(each.key for each in same),
            )
            return
