"""Legal dates of a year, lateness, reminder days and the three years of cultivation."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.policy.articles import article_label
from app.policy.pack import RulePack
from app.policy.workdays import Holidays, is_workday


@dataclass(frozen=True)
class Due:
    """Legal date of one year, with its article."""

    key: str
    label: str
    article: int
    day: date

    def days_left(self, today: date) -> int:
        """Return the days until the date, negative afterwards."""
        return (self.day - today).days


@dataclass(frozen=True)
class Reminder:
    """Reminder of a due day; `code` is part of the key that keeps it from being sent twice."""

    code: str
    label: str
    day: date


def years_later(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 28 in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_earlier(day: date, months: int) -> date:
    """Return the same day `months` earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)  # month counts from 0 here
    last_day = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last_day))


def legal_date(pack: RulePack, key: str, year: int) -> date:
    """Return a legal date of a year.

    Keys: annual_report (第十八条), application (第十二条), county (第十三条), nomination (第十六条).
    """
    row = pack.dates[key]
    return date(year, row.month, row.day)


def dates_of_year(pack: RulePack, year: int) -> tuple[Due, ...]:
    """Return the legal dates of a year in their order."""
    rows = pack.dates.values()
    dues = (Due(row.key, row.label, row.article, date(year, row.month, row.day)) for row in rows)
    return tuple(sorted(dues, key=lambda due: due.day))


def next_legal_date(pack: RulePack, today: date) -> Due:
    """Return the next legal date, today's included: “前” includes the day itself."""
    dues = (*dates_of_year(pack, today.year), *dates_of_year(pack, today.year + 1))
    return next(due for due in dues if due.day >= today)


def is_late(platform_day: date, due: date) -> bool:
    """Return whether a submission was late by its day on the platform; the due day itself is in time."""
    return platform_day > due


def holiday_hint(due: date, holidays: Holidays) -> str:
    """Return the hint at a due day that is no working day, else ""; the rules do not move it."""
    if is_workday(due, holidays):
        return ""
    return f"{due.month}月{due.day}日不是工作日；细则没有规定顺延，请提前办理。"


def cultivation_end(start: date, years: int) -> date:
    """Return the last day of cultivation (第十四条); the object lapses on the next day."""
    return years_later(start, years)


def calendar_reminders(days: Iterable[str], due: date) -> tuple[Reminder, ...]:
    """Return reminders on fixed days of the due day's year: 03-15, 04-01, … (第十八条)."""
    return tuple(_reminder(text, date.fromisoformat(f"{due.year}-{text}"), due) for text in days)


def relative_reminders(days_before: Iterable[int], due: date) -> tuple[Reminder, ...]:
    """Return reminders counted from the due day: 30 days before … 1 day after (−1)."""
    return tuple(
        _reminder(f"T{-before:+d}" if before else "T", due - timedelta(days=before), due)
        for before in days_before
    )


def _reminder(code: str, day: date, due: date) -> Reminder:
    left = (due - day).days
    if left > 0:
        label = f"距截止{left}天"
    else:
        label = f"逾期{-left}天" if left else "截止当日"
    return Reminder(code, label, day)


def expiry_notice(pack: RulePack, today: date, months: int) -> str:
    """Return the warning that the rules end soon or have ended (第二十九条), else ""."""
    end = pack.rules.in_force_to
    if today > end:
        ended = f"{pack.rules.citation}有效期已于{_chinese(end)}届满（{article_label(29)}）"
        return f"{ended}，新的申报事项不能再办理，请装载现行规则包。"
    if today < months_earlier(end, months):
        return ""
    left = (end - today).days
    return f"{pack.rules.citation}有效期至{_chinese(end)}（{article_label(29)}），还有{left}天。"


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
