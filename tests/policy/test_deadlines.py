"""Dates of a year: both sides of every boundary day."""

from datetime import date, timedelta

import pytest

from app.policy import deadlines
from app.policy.pack import load

PACK = load()


def test_the_four_dates_with_their_articles():
    assert [(due.key, due.day, due.article) for due in deadlines.dates_of_year(PACK, 2027)] == [
        ("annual_report", date(2027, 4, 15), 18),
        ("application", date(2027, 4, 30), 12),
        ("county", date(2027, 5, 20), 13),
        ("nomination", date(2027, 6, 30), 16),
    ]
    assert deadlines.legal_date(PACK, "county", 2026) == date(2026, 5, 20)


@pytest.mark.parametrize(
    "today, key, left",
    [
        (date(2026, 4, 15), "annual_report", 0),
        (date(2026, 4, 16), "application", 14),
        (date(2026, 7, 1), "annual_report", 288),
        (date(2026, 12, 31), "annual_report", 105),
    ],
)
def test_the_next_legal_date_includes_its_own_day(today, key, left):
    due = deadlines.next_legal_date(PACK, today)
    assert (due.key, due.days_left(today)) == (key, left)


def test_before_includes_the_day_itself():
    due = date(2026, 4, 30)
    assert not deadlines.is_late(due, due)
    assert deadlines.is_late(due + timedelta(days=1), due)


def test_a_date_on_a_rest_is_pointed_out_and_not_moved():
    holidays = {date(2026, 5, 20): False}
    assert "5月20日不是工作日" in deadlines.holiday_hint(date(2026, 5, 20), holidays)
    assert deadlines.holiday_hint(date(2026, 5, 20), {}) == ""
    assert deadlines.legal_date(PACK, "application", 2028) == date(2028, 4, 30)  # a Sunday


@pytest.mark.parametrize(
    "start, end",
    [
        (date(2025, 6, 20), date(2028, 6, 20)),
        (date(2028, 2, 29), date(2031, 2, 28)),
        (date(2025, 2, 28), date(2028, 2, 28)),
    ],
)
def test_cultivation_lapses_on_the_day_after_three_years(start, end):
    assert deadlines.cultivation_end(start, PACK.cultivation_years) == end


def test_a_leap_day_stays_one_after_four_years():
    assert deadlines.years_later(date(2028, 2, 29), 4) == date(2032, 2, 29)


def test_reminders_of_the_annual_report():
    steps = deadlines.calendar_reminders(PACK.default("annual_report_reminders"), date(2026, 4, 15))
    assert [(step.code, step.label) for step in steps] == [
        ("03-15", "距截止31天"),
        ("04-01", "距截止14天"),
        ("04-10", "距截止5天"),
        ("04-16", "逾期1天"),
    ]
    assert [step.day for step in steps][-1] == date(2026, 4, 16)


def test_reminders_before_another_date():
    steps = deadlines.relative_reminders((30, 1, 0, -1), date(2026, 3, 1))
    assert [(step.code, step.day) for step in steps] == [
        ("T-30", date(2026, 1, 30)),
        ("T-1", date(2026, 2, 28)),
        ("T", date(2026, 3, 1)),
        ("T+1", date(2026, 3, 2)),
    ]
    assert steps[2].label == "截止当日"


@pytest.mark.parametrize(
    "today, beginning",
    [
        (date(2028, 12, 31), ""),
        (date(2029, 1, 1), "《云浮市绿色工厂梯度培育管理实施细则》"),
        (date(2029, 7, 1), "《云浮市绿色工厂梯度培育管理实施细则》"),
    ],
)
def test_the_end_of_the_rules_is_announced_six_months_before(today, beginning):
    notice = deadlines.expiry_notice(PACK, today, PACK.default("expiry_warning_months"))
    assert notice.startswith(beginning) and bool(notice) is bool(beginning)


def test_after_the_end_of_the_rules_the_notice_says_so():
    assert "还有0天" in deadlines.expiry_notice(PACK, date(2029, 7, 1), 6)
    assert "2029年7月1日届满" in deadlines.expiry_notice(PACK, date(2029, 7, 2), 6)


@pytest.mark.parametrize(
    "day, months, earlier",
    [
        (date(2029, 7, 1), 6, date(2029, 1, 1)),
        (date(2031, 1, 31), 3, date(2030, 10, 31)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 24, date(2024, 12, 31)),
    ],
)
def test_months_earlier_stays_in_the_month(day, months, earlier):
    assert deadlines.months_earlier(day, months) == earlier
