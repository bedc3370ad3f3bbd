"""Numbers with units and days as cells hold them: typed, formatted, or written as text."""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from app.exchange.columns import NOTHING, compact
from app.exchange.normalise import EXACT_INTEGERS, Percent, Problem, Read, shown
from app.policy.measures import Measure

FULL_SCORE = 100
SERIAL_DAYS = range(36_526, 73_051)  # 2000-01-01 to 2099-12-31 as a spreadsheet counts days
SPREADSHEET_ZERO = datetime.date(1899, 12, 30)
DENSE_DAYS = range(20_000_101, 21_000_101)  # 20260401 typed as a number
DAYS_TO_1904 = 1_462
BEIJING = datetime.timedelta(hours=8)

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(.*)", re.DOTALL)
_BROKEN_NUMBER = re.compile(r"\d\s+(?!\d{3}(?!\d))\d")  # blanks that group no thousands
_DAY = re.compile(r"(\d{4})[-/.年、](\d{1,2})[-/.月、](\d{1,2})[日号]?(.*)", re.DOTALL)
_DENSE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})()")
_TIME = re.compile(
    r"[T ]*(?:(?:上午|下午|AM|PM)? *\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d{1,9})?)?|[时点](?:\d{1,2}分?)?(?:\d{1,2}秒)?) *(?:AM|PM)?)?"
    r" *(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_DASHES = re.compile(r"[‐‑‒–—―−]")


def quantity(value: Any, measure: Measure, unit: str = "") -> Read:
    """Read a number into the unit of the measure, from the unit in the cell or `unit` (the column's)."""
    if isinstance(value, (bool, datetime.date)):
        raise Problem(f"“{shown(value)}”不是数字；请填写数字")
    if isinstance(value, Percent):
        raise Problem(f"“{value}”是百分数，不是数量；请填写以{measure.unit}为单位的数字")
    if not isinstance(value, str):
        if abs(value) >= EXACT_INTEGERS:
            raise Problem(f"“{shown(value)}”过大，末位可能已丢失；请核对单位后填写")
        number, own = Decimal(f"{value:.15g}"), unit
    elif (stated := compact(value)) in NOTHING:
        return None, ""
    else:
        number, own = _stated(value, stated, measure, unit)
    factor = measure.factor(own) if own else None
    if factor is None:
        raise Problem(f"“{shown(value)}”没有写明单位；请填写以{measure.unit}为单位的数字")
    result = number if factor == 1 else _exact(number * factor)
    if result < 0:
        raise Problem(f"“{shown(value)}”是负数；请核对后填写")
    unchanged = factor == 1 and not isinstance(value, str)
    return result, None if unchanged else f"{result:f}" + _source(measure, own)


def _exact(number: Decimal) -> Decimal:
    """Return a converted number without the zeros of the conversion: 12000, not 12000.0."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _source(measure: Measure, unit: str) -> str:
    remark = measure.remark(unit)
    return f"（按 {remark} 折算）" if remark else ""


def _stated(value: str, stated: str, measure: Measure, unit: str) -> tuple[Decimal, str]:
    match = _NUMBER.fullmatch(stated)
    own = (match[2].strip("()") or unit) if match else ""
    known = match is not None and (not match[2] or measure.factor(own) is not None)
    if not match or not known or _BROKEN_NUMBER.search(unicodedata.normalize("NFKC", value)):
        raise Problem(f"“{stated}”不是可识别的数字；请只填数字，单位为{measure.unit}")
    return Decimal(match[1].replace(",", "")), own


def lacks_unit(value: Any) -> bool:
    """Return whether a cell is a number that says nothing of its unit."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(compact(value))
        return match is not None and not match[2]
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def score(value: Any, measure: Measure, unit: str = "") -> Read:
    """Read points from 0 to 100."""
    result, now = quantity(value, measure, unit)
    if result is not None and result > FULL_SCORE:
        raise Problem(f"得分{result:f}超过{FULL_SCORE}分；请核对评价报告后填写0至{FULL_SCORE}之间的数")
    return result, now


def day(value: Any, years: Iterable[int], from_1904: bool = False) -> Read:
    """Read a date of one of `years`, in any of the usual spellings; `from_1904` is how the workbook counts days."""
    if not isinstance(value, (str, float, int, datetime.date)) or isinstance(value, (bool, Percent)):
        raise Problem(f"“{shown(value)}”不是日期；请按“2026-04-30”的样式填写")
    date = value if isinstance(value, datetime.date) else _day(value, DAYS_TO_1904 if from_1904 else 0)
    if date is None:
        return None, ""
    if date.year not in years:
        raise Problem(f"日期{date}不在本年度申报期内；请核对年份")
    return date, None if isinstance(value, datetime.date) else date.isoformat()


def _day(value: str | float, offset: int) -> datetime.date | None:
    if not isinstance(value, str):
        if int(value) not in DENSE_DAYS or value != int(value):
            return _from_serial(value + offset, value)
        value = str(int(value))
    if value[4:5] == "-" == value[7:8] and len(value) == 10:
        with suppress(ValueError):
            return datetime.date.fromisoformat(value)
    stated = unicodedata.normalize("NFKC", value)
    stated = "".join(c for c in stated if unicodedata.category(c) != "Cf").strip()
    if stated in NOTHING:
        return None
    if _SERIAL.fullmatch(stated):
        return _from_serial(float(stated) + offset, stated)
    return _written_day(stated)


def _written_day(stated: str) -> datetime.date:
    stated = re.sub(r"\s*([-/.年月日号、])\s*", r"\1", _DASHES.sub("-", stated), count=3)
    match = _DENSE_DAY.fullmatch(stated) or _DAY.fullmatch(stated)
    time = _TIME.fullmatch(match[4]) if match else None
    with suppress(ValueError):
        if match and time:
            date = datetime.date(int(match[1]), int(match[2]), int(match[3]))
            return _in_beijing(date, match[4], time["zone"] or "")
    raise Problem(f"“{stated}”不是有效日期；请按“2026-04-30”的样式填写")


def _from_serial(days: float, value: Any) -> datetime.date:
    if int(days) not in SERIAL_DAYS:
        raise Problem(f"“{shown(value)}”不是有效日期；请按“2026-04-30”的样式填写")
    return SPREADSHEET_ZERO + datetime.timedelta(days=int(days))


def _in_beijing(date: datetime.date, time: str, zone: str) -> datetime.date:
    """Return the day in Beijing of a moment with its zone; a time without zone is Beijing's."""
    if not zone:
        return date
    clock = re.search(r"(\d{1,2})[:时点](\d{2})?", time)
    moment = datetime.datetime.combine(
        date, datetime.time(int(clock[1]), int(clock[2] or 0)) if clock else datetime.time()
    )
    if zone.upper() != "Z":
        sign = -1 if zone[0] == "-" else 1
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        moment -= sign * datetime.timedelta(hours=hours, minutes=minutes)
    return (moment + BEIJING).date()
