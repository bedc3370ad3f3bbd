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
    """Compare amounts per output with the median of the same industry in the city."""
    scale = form.definition.scale
    size = form.numbers.get(scale.key) if scale else None
    if scale is None or not size or size < 0:
        return
    outliers = [
        outlier
        for indicator in form.amounts
        if indicator is not scale and (outlier := _outlier(form, indicator, scale, context))
    ]
    same_way = [each for each in outliers if (each[1] > 0) == (outliers[0][1] > 0)]
    if len(same_way) >= 3 and len(same_way) * 5 >= len(_comparable(form, scale, context)) * 3:
        yield _scale_doubt(form, scale, same_way)
        return
    for indicator, away, middle, count in outliers:
        intensity = form.numbers[indicator.key] / size
        ratio = as_ratio(10**away)
        other_cell = f"本行业全市中位数 {plain(rounded(Decimal(repr(10**middle))))}{indicator.unit}/{scale.unit}（{count} 家）"
        cell = f"{form.cell(indicator)}，折 {plain(rounded(intensity))}{indicator.unit}/{scale.unit}"
        text = f"{cell}，是{other_cell}的 {plain(ratio)} 倍；请核对“{indicator.name}”和“{scale.name}”的数值和单位。"
        yield Doubt("industry", indicator.key, scale.key, cell, other_cell, text, ratio)


def _scale_doubt(
    form: Filled, scale: Indicator, outliers: Sequence[tuple[Indicator, float, float, int]]
) -> Doubt:
    first, _, _, count = outliers[0]
    ratio = as_ratio(10 ** -statistics.median(each[1] for each in outliers))
    other_cell = f"{form.cell(first)}按本行业全市中位数（{count} 家）所对应的规模"
    names = "、".join(each[0].name for each in outliers[:4])
    text = f"{form.cell(scale)}，约为{other_cell}的 {plain(ratio)} 倍，{names}同向偏离；请核对单位。"
    return Doubt("industry", scale.key, first.key, form.cell(scale), other_cell, text, ratio)


def _comparable(form: Filled, scale: Indicator, context: Context) -> list[Indicator]:
    return [
        indicator
        for indicator in form.amounts
        if indicator is not scale
        and _spread(indicator, scale, context)
        and form.numbers.get(indicator.key, 0) > 0
    ]


def _outlier(
    form: Filled, indicator: Indicator, scale: Indicator, context: Context
) -> tuple[Indicator, float, float, int] | None:
    """Return a cell too far from the median: its distance in decades, the median and the number of peers."""
    value, spread = form.numbers.get(indicator.key), _spread(indicator, scale, context)
    if not value or value < 0 or spread is None or indicator.skippable or not indicator.required:
        return None
    here = math.log10(value / form.numbers[scale.key])
    middle, width, count = spread
    away = here - middle
    past = last(context, indicator.key)
    if past and abs(here - (_intensity(past.numbers, indicator, scale) or math.inf)) < JUMP:
        return None  # the unit is unlike its industry, but like itself
    return (indicator, away, middle, count) if abs(away) > max(PEER_LEAST, PEER_SPREADS * width) else None


def _intensity(numbers: Numbers, indicator: Indicator, scale: Indicator) -> float | None:
    """Return the decades of amount per output, None unless both are there."""
    amount, size = numbers.get(indicator.key, 0), numbers.get(scale.key, 0)
    return math.log10(amount / size) if amount > 0 and size > 0 else None


def _spread(indicator: Indicator, scale: Indicator, context: Context) -> tuple[float, float, int] | None:
    """Return median and robust spread (decades) of amount per output, and the number of units."""
    intensities = [away for peer in context.peers if (away := _intensity(peer, indicator, scale)) is not None]
    if len(intensities) < FEWEST_PEERS:
        return None
    middle = statistics.median(intensities)
    return middle, 1.4826 * statistics.median(abs(each - middle) for each in intensities), len(intensities)


def twins(form: Filled, context: Context) -> Iterator[Doubt]:
    """Return a doubt about figures copied from another unit's form of this year, which stays unnamed."""
    amounts = [
        indicator
        for indicator in form.amounts
        if significant(form.numbers.get(indicator.key, Decimal(0))) >= TELLING_DIGITS
    ]
    for other in context.twins:
        same = [indicator for indicator in amounts if form.numbers[indicator.key] == other.get(indicator.key)]
        if len(same) >= FEWEST_TWINS and len(same) * 2 >= len(amounts):
            first = same[0]
            names = "、".join(each.name for each in same[:5])
            text = f"{form.cell(first)}等 {len(same)} 项（{names}）与本年度另一单位所填完全相同（比值 1），疑为照抄。"
            yield Doubt(
                "twin",
                first.key,
                "twin",
                form.cell(first),
                "本年度另一单位所填的同名指标",
                text,
                Decimal(1),
                tuple(each.key for each in same),
            )
            return
