"""Values of cells: typed text read within its limits, stored values as people write them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from app.policy import measures
from app.policy.reports.indicators import Form, Indicator

Cell = Decimal | str | bool

MAX_TEXT_LENGTH = 1000
MAX_DIGITS = 24
YES_WORDS = {"是", "有", "y", "yes", "true", "1", "√", "✓"}
NO_WORDS = {"否", "无", "没有", "n", "no", "false", "0", "×"}
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d,]+(?:\.\d+)?)([^\d.,+-].*)")
BLANK_MARKS = {"", "-", "—", "——", "/"}


class Refused(ValueError):
    """A cell that cannot be taken; the message is a Chinese sentence."""


def read_cell(indicator: Indicator, text: Any) -> Cell | None:
    """Parse a typed cell; return None for an empty one. Raises Refused in words."""
    if isinstance(text, bool) and indicator.form != Form.FLAG:
        raise Refused(f"“{indicator.name}”应填{'数值' if indicator.is_number else '文字'}。")
    written = unicodedata.normalize(
        "NFKC" if indicator.form != Form.TEXT else "NFC", str(text if text is not None else "")
    ).strip()
    if written in BLANK_MARKS:
        return None
    if indicator.form == Form.TEXT:
        if len(written) > MAX_TEXT_LENGTH:
            raise Refused(f"“{indicator.name}”有 {len(written)} 字，超过 {MAX_TEXT_LENGTH} 字，请精简。")
        return "".join(c for c in written if c in "\n\t" or c.isprintable())
    return (
        read_flag(indicator.name, written) if indicator.form == Form.FLAG else read_number(indicator, written)
    )


def read_flag(name: str, written: str) -> bool | None:
    """Parse 是 or 否 in any of the usual spellings; None for nothing. Raises Refused in words."""
    plain = unicodedata.normalize("NFKC", written).strip().lower()
    if plain not in YES_WORDS | NO_WORDS | BLANK_MARKS:
        raise Refused(f"“{name}”应填“是”或“否”，现为“{written[:20]}”。")
    return None if plain in BLANK_MARKS else plain in YES_WORDS


def read_number(indicator: Indicator, written: str) -> Decimal:
    """Parse a figure and demand its hard limits. Raises Refused in words."""
    plain = written.replace(" ", "").removesuffix("%") if indicator.unit == "%" else written.replace(" ", "")
    plain, factor = _with_own_unit(indicator, plain)
    plain = plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
    try:
        value = Decimal(plain) * factor
    except InvalidOperation:
        raise Refused(
            f"“{indicator.name}”应填数字（单位：{indicator.unit or '无'}），现为“{written[:20]}”。"
        ) from None
    if (
        not value.is_finite()
        or len(value.as_tuple().digits) > MAX_DIGITS
        or not -20 <= value.adjusted() <= 20
    ):
        raise Refused(f"“{indicator.name}”的数字过长，请核对。")
    return within_limits(indicator, value)


def _with_own_unit(indicator: Indicator, written: str) -> tuple[str, Decimal]:
    """Part a number from a unit typed behind it: 1.2亿元 where 万元 is asked for."""
    match = _WITH_UNIT.fullmatch(written)
    factor = measures.factor_of_report(indicator.unit, match[2]) if match and indicator.unit else None
    return (match[1], factor) if match and factor is not None else (written, Decimal(1))


def within_limits(indicator: Indicator, value: Decimal) -> Decimal:
    """Return the value if it lies within the hard limits. Raises Refused naming them."""
    below = indicator.minimum is not None and value < indicator.minimum
    if below or (indicator.maximum is not None and value > indicator.maximum):
        low, high = (
            "不限" if limit is None else plain(limit) for limit in (indicator.minimum, indicator.maximum)
        )
        raise Refused(
            f"“{indicator.name}”为 {plain(value)}{indicator.unit}，超出允许范围（{low} 至 {high}），请核对数值和单位。"
        )
    return value


def plain(value: Decimal) -> str:
    """Return a number in words of a form: no exponent, no needless zeros, thousands grouped."""
    return f"{value.normalize():,f}" if value else "0"


def rounded(value: Decimal) -> Decimal:
    """Return a derived figure for showing: two decimals, or four significant digits of a small one."""
    if not value or abs(value) >= 10:
        return value.quantize(Decimal("0.01"))
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 3))


def cell_text(indicator: Indicator, value: Cell | None) -> str:
    """Return a cell in words, with its unit."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if not isinstance(value, Decimal):
        return str(value)
    space = " " if indicator.unit and indicator.unit != "%" else ""
    return f"{plain(rounded(value) if indicator.formula else value)}{space}{indicator.unit}"
