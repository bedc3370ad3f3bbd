"""Units of measurement that headings and cells name, with their factors; an unknown one is never guessed.

Coal equivalents follow GB/T 2589-2020, appendix A: 1 GJ = 0.03412 tce.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

JOULES = "GB/T 2589：1 GJ = 0.03412 tce"
_GJ = Decimal("0.03412")


@dataclass(frozen=True, eq=False)
class Measure:
    """What is measured: the unit it is stored in, factors of other units to it, remarks on conversions."""

    unit: str
    factors: Mapping[str, Decimal]
    offered: tuple[str, ...] = ()
    remarks: Mapping[str, str] | None = None

    def factor(self, unit: str) -> Decimal | None:
        """Return the factor from a unit to the stored one, None for an unknown unit."""
        return _plain_factors(self).get(plain(unit))

    def remark(self, unit: str) -> str:
        """Return the standard by which a unit is converted, "" for a mere power of ten."""
        return next((text for name, text in (self.remarks or {}).items() if plain(name) == plain(unit)), "")


@lru_cache
def _plain_factors(measure: Measure) -> Mapping[str, Decimal]:
    """Return the factors by plain unit, the longest units first."""
    factors = {plain(unit): factor for unit, factor in measure.factors.items()}
    return {unit: factors[unit] for unit in sorted(factors, key=len, reverse=True)}


def plain(unit: str) -> str:
    """Return a unit for comparing: half width, lower case, without blanks and qualifiers."""
    text = "".join(unicodedata.normalize("NFKC", unit).lower().split())
    return QUALIFIER.sub("", text)


QUALIFIER = re.compile(r"[(（]?(?:人民币|当量值|当量|等价值|折标|标准值)[)）]?")
_TENS = {
    "": Decimal(1),
    "千": Decimal(1_000),
    "万": Decimal(10_000),
    "百万": Decimal(10**6),
    "亿": Decimal(10**8),
}
_COAL = ("tce", "吨标准煤", "吨标煤", "吨煤", "吨", "t标准煤", "t标煤", "t")
_COAL_KILOS = (
    "kgce",
    "千克标准煤",
    "公斤标准煤",
    "千克标煤",
    "公斤标煤",
    "kg标准煤",
    "kg标煤",
    "千克",
    "公斤",
)

MONEY = Measure(
    "万元",
    {
        f"{tens}元": factor / 10_000
        for tens, factor in {
            **_TENS,
            "百": Decimal(100),
            "十万": Decimal(10**5),
            "千万": Decimal(10**7),
        }.items()
    }
    | {"万": Decimal(1), "亿": Decimal(10_000), "rmb": Decimal("0.0001"), "万rmb": Decimal(1)},
    ("万元", "亿元", "元", "千元", "百万元"),
)
ENERGY = Measure(
    "tce",
    {f"{tens}{coal}": factor for tens, factor in _TENS.items() for coal in _COAL}
    | {kilo: Decimal("0.001") for kilo in _COAL_KILOS}
    | {"gce": Decimal("0.000001"), "ktce": Decimal(1_000)}
    | {"gj": _GJ, "吉焦": _GJ, "百万千焦": _GJ, "tj": _GJ * 1_000, "太焦": _GJ * 1_000, "万gj": _GJ * 10_000}
    | {"mj": _GJ / 1_000, "兆焦": _GJ / 1_000},
    ("tce", "万吨标准煤", "kgce", "GJ"),
    dict.fromkeys(("gj", "吉焦", "百万千焦", "tj", "太焦", "mj", "兆焦", "万gj"), JOULES),
)
POINTS = Measure("分", {"分": Decimal(1)})

# Units of something else: a heading that names one is contradicted, not explained, by a guess.
_FOREIGN = re.compile(
    r"(?:美元|美金|欧元|港元|港币|日元|英镑|外币|usd|eur|hkd|%|‰|百分比|kwh|千瓦时|度|m3|m³|立方米?|平方米|㎡|亩|公顷"
    r"|人|家|个|台|套|件|米|升|l|吨|t|kg|千克|公斤|元|焦|j|tce|gce|分)(?:/.+)?"
)
_TENS_PREFIX = re.compile(r"^[十百千万亿]+")


def looks_like_unit(text: str) -> bool:
    """Return whether a text names a unit of some kind, whether or not it is known here."""
    bare = _TENS_PREFIX.sub("", plain(text))
    return bool(bare) and _FOREIGN.fullmatch(bare) is not None


def is_by_joules(factor: Decimal) -> bool:
    """Return whether a factor to tce converts joules rather than powers of ten."""
    return factor in {ENERGY.factors[unit] for unit in ENERGY.remarks or {}}


# Units that a heading of the annual figures may name instead of the form's own, with their factor to it.
OF_REPORTS: Mapping[str, Mapping[str, Decimal]] = {
    "tce": ENERGY.factors,
    "万元": MONEY.factors,
    "t": {
        "kg": Decimal("0.001"),
        "吨": Decimal(1),
        "万吨": Decimal(10_000),
        "万t": Decimal(10_000),
        "千克": Decimal("0.001"),
    },
    "m³": {
        "立方米": Decimal(1),
        "万m³": Decimal(10_000),
        "万立方米": Decimal(10_000),
        "m3": Decimal(1),
        "万m3": Decimal(10_000),
    },
    "万kWh": {
        "kWh": Decimal("0.0001"),
        "千瓦时": Decimal("0.0001"),
        "万千瓦时": Decimal(1),
        "亿kWh": Decimal(10_000),
    },
    "tCO₂": {"kgCO₂": Decimal("0.001"), "万tCO₂": Decimal(10_000), "tCO2": Decimal(1)},
}


def factor_of_report(unit: str, stated: str) -> Decimal | None:
    """Return the factor from a stated unit to the unit of an indicator, None for an unknown one."""
    if plain(stated) == plain(unit):
        return Decimal(1)
    return _report_factors(unit).get(plain(stated))


@lru_cache
def _report_factors(unit: str) -> Mapping[str, Decimal]:
    return {plain(name): factor for name, factor in OF_REPORTS.get(unit, {}).items()}
