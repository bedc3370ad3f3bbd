"""Doubts, the figures that a form is compared with, and words for ratios and digits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.policy.reports.cell_values import cell_text, rounded
from app.policy.reports.indicators import Definition, Indicator, Nature

Numbers = Mapping[str, Decimal]

SLIP = 0.2  # decades around a power of ten that still look like a slipped unit
JUMP = math.log10(2.5)
TELLING_DIGITS = 3  # figures with fewer significant digits repeat by chance
SIZES = {3: "千", 4: "万", 6: "百万", 2: "百", 1: "十"}
# The unit in which a cell was probably filled in, by its own unit and the power of ten.
MISTAKEN = {
    ("tce", 3): "kgce",
    ("tce", -4): "万tce",
    ("万元", 4): "元",
    ("万元", 1): "千元",
    ("万元", -4): "亿元",
    ("t", 3): "kg",
    ("t", -4): "万t",
    ("tCO₂", 3): "kgCO₂",
    ("tCO₂", -4): "万tCO₂",
    ("m³", -4): "万m³",
    ("万m³", 4): "m³",
    ("万kWh", 4): "kWh",
    ("万kWh", -4): "亿kWh",
    ("m²", -4): "公顷",
    ("km²", 6): "m²",
    ("km²", 2): "公顷",
    ("MWp", 3): "kWp",
    ("%", -2): "小数（应填百分数）",
    ("kgce/万元", -3): "tce/万元",
}


@dataclass(frozen=True)
class Doubt:
    """One matter to explain or correct: `cell` and `other_cell` name the compared figures in words."""

    code: str
    key: str
    other: str
    cell: str
    other_cell: str
    text: str
    ratio: Decimal | None = None
    involved: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Return the key of its explanation, which stays valid while the same two cells hold the same."""
        return f"{self.code}|{self.key}|{self.other}|{self.cell}|{self.other_cell}"

    @property
    def cells(self) -> frozenset[str]:
        return frozenset((self.key, self.other, *self.involved)) - {""}


@dataclass(frozen=True)
class Past:
    """The unit's own report of an earlier year."""

    year: int
    numbers: Numbers


@dataclass(frozen=True)
class Known:
    """Facts of the unit's own record."""

    names: tuple[str, ...] = ()  # the present name first
    addresses: tuple[str, ...] = ()
    boundary: str = ""
    numbers: Numbers = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """Everything that a form is compared with; `peers` are the same industry's figures in the city."""

    year: int
    past: Sequence[Past] = ()
    peers: Sequence[Numbers] = ()
    twins: Sequence[Numbers] = ()  # same year, other units
    known: Known = Known()


@dataclass(frozen=True)
class Filled:
    """A form as the checks see it."""

    definition: Definition
    year: int
    numbers: Numbers
    head: Mapping[str, str]
    declared: Collection[str]  # kinds of change that the unit states (第二十条)

    def cell(self, indicator: Indicator, value: Decimal | None = None) -> str:
        shown = self.numbers[indicator.key] if value is None else value
        return f"{self.year} 年表“{indicator.name}”{cell_text(indicator, shown)}"

    @property
    def amounts(self) -> list[Indicator]:
        """Return the filled-in cells that grow with production."""
        return [
            indicator
            for indicator in self.definition.inputs
            if indicator.is_number and indicator.nature == Nature.QUANTITY
        ]


def last(context: Context, key: str) -> Past | None:
    return max(
        (past for past in context.past if key in past.numbers), key=lambda past: past.year, default=None
    )


def slip_words(indicator: Indicator, power: int) -> str:
    if unit := MISTAKEN.get((indicator.unit, power)):
        return f"疑为按“{unit}”填报（本表单位为 {indicator.unit}）"
    size = SIZES.get(abs(power), f"10 的 {abs(power)} 次方")
    return f"疑为小数点或单位错位（{'放大' if power > 0 else '缩小'}约{size}倍）"


def as_ratio(value: float) -> Decimal:
    return rounded(Decimal(repr(value)))


def repeats(now: Decimal | None, before: Decimal | None, least: int) -> bool:
    return now is not None and now == before and significant(now) >= least


def significant(value: Decimal) -> int:
    """Return the number of significant digits, trailing zeros not counted."""
    return len(value.normalize().as_tuple().digits) if value else 0
