"""Working days and periods of public notice, counted by a calendar passed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import Enum

Holidays = Mapping[date, bool]  # True: a weekend worked in exchange, False: a rest

_DAY = timedelta(days=1)
_SATURDAY = 5


class DayType(str, Enum):
    """Way of counting days, which the rules leave open (第十五条)."""

    WORKING = "working"
    NATURAL = "natural"


def is_workday(day: date, holidays: Holidays) -> bool:
    """Return whether the calendar has the day worked; without an entry, whether it is Monday to Friday."""
    return holidays.get(day, day.weekday() < _SATURDAY)


def add_workdays(start: date, count: int, holidays: Holidays) -> date:
    """Return the count-th working day from `start`, which counts itself if worked (公示: 含首日、含尾日)."""
    if count < 1:
        raise ValueError("天数至少为 1")
    day = start
    while True:
        count -= is_workday(day, holidays)
        if not count:
            return day
        day += _DAY


def workdays_after(event: date, count: int, holidays: Holidays) -> date:
    """Return the last day of a period of working days that begins the day after `event` (答复、陈述、补正)."""
    return add_workdays(event + _DAY, count, holidays)


def notice_end(first_day: date, days: int, day_type: DayType | str, holidays: Holidays) -> date:
    """Return the last day of a public notice, both ends counted; a natural last day is not moved."""
    if DayType(day_type) is DayType.WORKING:
        return add_workdays(first_day, days, holidays)
    if days < 1:
        raise ValueError("天数至少为 1")
    return first_day + _DAY * (days - 1)


def uncertainty_hint(years: Iterable[int]) -> str:
    """Return the sentence beside a date in years without published holidays, "" for no years."""
    listed = "、".join(str(year) for year in years)
    if not listed:
        return ""
    return f"{listed}年节假日安排尚未录入，暂按周一至周五为工作日计算，待国务院办公厅公布后校正。"
