"""Points of an evaluation by its standard, and the result of independent reviewers' totals (第十五条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from app.policy.filing.standards import Item, Standard

Number = Decimal | int | float
_CENT = Decimal("0.01")
_FULL = Decimal(100)


@dataclass(frozen=True)
class Entry:
    """Entry on one line of a scoresheet: a measured value, or points given by the reviewer."""

    value: Number | None = None
    awarded: Number | None = None
    applies: bool = True  # 不适用的指标剔除后按适用项折算


@dataclass(frozen=True)
class Line:
    """Scored line; `counted` is False for 不适用 and for lines of a set that are not its best."""

    item: Item
    points: Decimal | None
    counted: bool
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """Scored sheet: `points` of `full` counted points, `total` of 100; `problems` name missing entries."""

    lines: tuple[Line, ...]
    points: Decimal
    full: Decimal
    total: Decimal

    @property
    def problems(self) -> list[str]:
        return [line.problem for line in self.lines if line.problem]


def linear(full: Decimal, limits: tuple[Decimal, Decimal], value: Number) -> Decimal:
    """Return full points at the leading value or better, none at the baseline or worse, linear between."""
    baseline, leading = limits
    share = (to_decimal(value) - baseline) / (leading - baseline)
    return full * min(max(share, Decimal(0)), Decimal(1))


def to_decimal(number: Number) -> Decimal:
    """Return a number as it is written: 0.1 is a tenth, however the database stored it."""
    return number if isinstance(number, Decimal) else Decimal(str(number))


def score_sheet(standard: Standard, entries: Mapping[str, Entry], *, rescale: bool = True) -> Sheet:
    """Score every line by its entry; with `rescale` the total is taken of the applicable points, else of all."""
    lines = _count_best(standard, [_line(item, entries.get(item.code)) for item in standard.items])
    counted = [line for line in lines if line.counted]
    points = sum((line.points for line in counted if line.points is not None), Decimal(0))
    applicable = sum((line.item.full for line in counted), Decimal(0))
    full = applicable if rescale else standard.full
    return Sheet(lines, _rounded(points), full, _rounded(points * _FULL / full) if full else Decimal(0))


def _line(item: Item, entry: Entry | None) -> Line:
    if entry is not None and not entry.applies:
        return Line(item, None, False)
    if item.limits:
        return _measured_line(item, item.limits, entry.value if entry else None)
    return _awarded_line(item, entry.awarded if entry else None)


def _measured_line(item: Item, limits: tuple[Decimal, Decimal], value: Number | None) -> Line:
    if value is None:
        return Line(item, None, True, f"{item.code}“{item.name}”没有填写数值。")
    return Line(item, linear(item.full, limits, value), True)


def _awarded_line(item: Item, points: Number | None) -> Line:
    if points is None:
        return Line(item, None, True, f"{item.code}“{item.name}”没有填写得分。")
    awarded = to_decimal(points)
    if not 0 <= awarded <= item.full:
        return Line(item, None, True, f"{item.code}“{item.name}”的得分应在 0 至 {item.full} 之间。")
    return Line(item, awarded, True)


def _count_best(standard: Standard, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines with those of a set beyond its best uncounted: of these nothing is missing."""
    dropped = _beyond_the_best(standard, lines)
    return tuple(Line(line.item, line.points, False) if line.item.code in dropped else line for line in lines)


def _beyond_the_best(standard: Standard, lines: Iterable[Line]) -> set[str]:
    """Return the codes of a set's lines beyond its best; an unfilled line is worse than any filled one."""
    dropped: set[str] = set()
    for name, count in standard.choose.items():
        own = [row for row in lines if row.item.choose == name and row.counted]
        own.sort(key=lambda row: -1 if row.points is None else row.points / row.item.full, reverse=True)
        dropped |= {row.item.code for row in own[count:]}
    return dropped


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Comparison:
    """Reviewers' totals side by side; `final` is None while `gap` says that they do not suffice."""

    totals: tuple[tuple[str, Decimal], ...]
    difference: Decimal | None
    final: Decimal | None
    gap: str


def compare(scores: Iterable[tuple[str, Number | None]], needed: int, limit: Number) -> Comparison:
    """Compare the totals of different reviewers: their difference, whether another is due, the result.

    Within the limit the result is the mean; beyond it a further reviewer decides, and the mean of the two
    nearest totals counts. Both are the bureau's discretion: the rules are silent.
    """
    totals = {reviewer: to_decimal(total) for reviewer, total in scores if total is not None}
    values = sorted(totals.values())
    difference = values[-1] - values[0] if len(values) > 1 else None
    gap = ""
    if len(values) < needed:
        gap = f"只有 {len(values)} 份独立评分，至少需要 {needed} 份不同评审人的评分（第十五条）。"
    elif difference is not None and difference > to_decimal(limit) and len(values) == needed:
        gap = f"评分最多相差 {difference} 分，超过 {limit} 分，须再由一名评审人评分（第十五条）。"
    return Comparison(
        tuple(totals.items()), difference, None if gap else _final(values, to_decimal(limit)), gap
    )


def _final(values: list[Decimal], limit: Decimal) -> Decimal:
    if values[-1] - values[0] > limit:
        low, high = min(combinations(values, 2), key=lambda pair: pair[1] - pair[0])
        return _rounded((low + high) / 2)
    return _rounded(sum(values, Decimal(0)) / len(values))


def review_gap(scores: Iterable[tuple[str, Number | None]], *, needed: int, limit: Number) -> str:
    """Return why the totals do not suffice to shortlist, "" if they do."""
    return compare(scores, needed, limit).gap
