"""Working days and public notices, by notices that were really published."""

from datetime import date, timedelta

import pytest

from app.policy.workdays import (
    DayType,
    add_workdays,
    is_workday,
    notice_end,
    uncertainty_hint,
    workdays_after,
)


def _days(*spans):
    for first, last in spans:
        first, last = date.fromisoformat(first), date.fromisoformat(last)
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


# The State Council's arrangements around the examples: rests, and the weekends worked in exchange.
RESTS = _days(
    ("2020-01-01", "2020-01-01"),
    ("2020-10-01", "2020-10-08"),
    ("2022-04-03", "2022-04-05"),
    ("2023-04-05", "2023-04-05"),
    ("2024-04-04", "2024-04-06"),
    ("2025-05-31", "2025-06-02"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
WORKS = (
    "2022-04-02",
    "2024-04-07",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
)
CALENDAR = dict.fromkeys(RESTS, False) | {date.fromisoformat(day): True for day in WORKS}


@pytest.mark.parametrize(
    "place, first, last, natural, working",
    [
        ("徐州 2024，首日为调休上班的周日", "2024-04-07", "2024-04-11", 5, 5),
        ("天津 2022", "2022-04-06", "2022-04-12", 7, 5),
        ("潍坊 2023，跨清明", "2023-03-31", "2023-04-07", 8, 5),
        ("银川 2023", "2023-11-07", "2023-11-09", 3, 3),
        ("汕头 2025，跨端午", "2025-05-30", "2025-06-05", 7, 4),
        ("工信部 2023", "2023-11-08", "2023-11-22", 15, 11),
    ],
)
def test_published_notices(place, first, last, natural, working):
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    assert notice_end(first, natural, DayType.NATURAL, CALENDAR) == last
    assert notice_end(first, working, DayType.WORKING, CALENDAR) == last


@pytest.mark.parametrize(
    "first, days, last",
    [("2025-05-30", 5, "2025-06-06"), ("2026-06-15", 5, "2026-06-22"), ("2026-06-15", 7, "2026-06-24")],
)
def test_rests_do_not_count(first, days, last):
    assert notice_end(date.fromisoformat(first), days, "working", CALENDAR) == date.fromisoformat(last)


def test_a_notice_that_begins_on_a_rest_counts_from_the_next_working_day():
    assert add_workdays(date(2026, 6, 20), 1, CALENDAR) == date(2026, 6, 22)
    assert add_workdays(date(2026, 2, 14), 1, CALENDAR) == date(2026, 2, 14)  # a Saturday that is worked
    assert add_workdays(date(2026, 2, 14), 2, CALENDAR) == date(2026, 2, 24)


def test_a_period_after_an_event_does_not_count_its_day():
    assert workdays_after(date(2026, 6, 15), 5, CALENDAR) == date(2026, 6, 23)
    assert workdays_after(date(2026, 6, 18), 1, CALENDAR) == date(2026, 6, 22)


def test_legal_dates_of_2026_are_working_days():
    assert all(is_workday(date(2026, *day), CALENDAR) for day in ((4, 15), (4, 30), (5, 20), (6, 30)))


def test_without_an_entry_monday_to_friday_work_and_the_year_is_marked():
    assert is_workday(date(2027, 10, 1), {})
    assert not is_workday(date(2027, 10, 2), {})
    assert uncertainty_hint(()) == ""
    assert uncertainty_hint((2027,)).startswith("2027年节假日安排尚未录入")


@pytest.mark.parametrize("day_type", list(DayType))
def test_no_days_is_no_notice(day_type):
    with pytest.raises(ValueError, match="至少为 1"):
        notice_end(date(2026, 6, 15), 0, day_type, CALENDAR)
