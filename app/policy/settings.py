"""Discretionary values: a default in the pack, an override in the database, one check for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

# Keys that the program reads; a pack that lacks one, or names another, is refused.
REQUIRED = frozenset(
    (
        "notice_days",
        "notice_day_type",
        "review_scores",
        "review_difference",
        "reply_days",
        "statement_days",
        "statement_days_immediate",
        "tip_acceptance_days",
        "tip_closing_days",
        "correction_days",
        "rectification_days",
        "county_cutoff",
        "annual_report_reminders",
        "reminder_days",
        "reminder_day_type",
        "escalation_days",
        "lookback_same_day",
        "lasting_years",
        "evaluator_cap",
        "expiry_warning_months",
        "contact_name",
        "contact_phone",
        "contact_address",
    )
)


@dataclass(frozen=True)
class Discretion:
    """One value left to the bureau (市局酌定), with the article that leaves it open."""

    key: str
    label: str
    form: str
    value: Any
    article: int
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def problem(self, value: Any) -> str:
        """Return why a value is refused, "" if it is not; defaults and overrides are judged alike."""
        check = _FORMS.get(self.form)
        return check(self, value) if check else f"{self.label}：不认识的形式 {self.form}"

    def shown(self, value: Any) -> str:
        """Return a value with its unit, as screens and letters write it."""
        if self.form == "choice":
            return dict(self.choices)[value]
        if self.form == "flag":
            return "是" if value else "否"
        parts = value if isinstance(value, (tuple, list)) else (value,)
        return "、".join(str(part) for part in parts) + self.unit


def month_day(text: Any) -> tuple[int, int] | None:
    """Parse “04-10” to (4, 10); return None for no day of every year."""
    try:
        day = date.fromisoformat(f"2001-{text}")  # a common year: 29 February does not come every year
    except ValueError:
        return None
    return day.month, day.day


def _number(row: Discretion, value: Any) -> str:
    if type(value) is int and _within(row, value):
        return ""
    return f"{row.label}应为 {row.minimum} 至 {row.maximum} 的整数"


def _within(row: Discretion, value: int) -> bool:
    return row.minimum is not None and row.maximum is not None and row.minimum <= value <= row.maximum


def _choice(row: Discretion, value: Any) -> str:
    labels = dict(row.choices)
    return "" if value in labels else f"{row.label}只能选 {'、'.join(labels.values())}"


def _flag(row: Discretion, value: Any) -> str:
    return "" if isinstance(value, bool) else f"{row.label}只能选是或否"


def _month_day(row: Discretion, value: Any) -> str:
    return "" if month_day(value) else f"{row.label}应写成“月-日”，例如 04-10"


def _month_days(row: Discretion, value: Any) -> str:
    parts = value if isinstance(value, (tuple, list)) else ()
    days = [day for part in parts if (day := month_day(part))]
    good = days and len(days) == len(parts) and days == sorted(set(days))
    return "" if good else f"{row.label}应为由早到晚、不重复的“月-日”，例如 03-15、04-01"


def _steps(row: Discretion, value: Any) -> str:
    good = (
        isinstance(value, (tuple, list))
        and value
        and all(type(part) is int and _within(row, part) for part in value)
        and list(value) == sorted(set(value), reverse=True)
    )
    return "" if good else f"{row.label}应为由大到小、不重复的整数，在 {row.minimum} 至 {row.maximum} 之间"


def _text(row: Discretion, value: Any) -> str:
    good = isinstance(value, str) and _within(row, len(value.strip())) and value.isprintable()
    return "" if good else f"{row.label}应为不超过 {row.maximum} 个字的一行文字"


_FORMS = {
    "number": _number,
    "choice": _choice,
    "flag": _flag,
    "month_day": _month_day,
    "month_days": _month_days,
    "steps": _steps,
    "text": _text,
}
