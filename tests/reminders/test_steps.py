"""When is whom reminded of what: dates computed by hand."""

from datetime import date

import pytest

from app.policy import pack, reminders
from app.policy.reminders import RULES, Obligation
from app.policy.terms import Role
from app.services.reminders.obligations import SOURCES

YUNFU = pack.load("yunfu")
VALUES = {key: row.value for key, row in YUNFU.discretion.items()}
MAY_DAY = {date(2026, 5, day): False for day in range(1, 6)} | {date(2026, 5, 9): True}


def days(rule, due, holidays=MAY_DAY, **values):
    return [
        (step.code, str(step.day)) for step in reminders.steps(RULES[rule], due, VALUES | values, holidays)
    ]


def test_the_annual_report_is_asked_for_on_four_days_and_goes_up_five_days_late():
    assert days("annual_report", date(2026, 4, 15)) == [
        ("03-15", "2026-03-15"),
        ("04-01", "2026-04-01"),
        ("04-10", "2026-04-10"),
        ("04-16", "2026-04-16"),
        ("UP", "2026-04-20"),
    ]


def test_other_dates_are_counted_back():
    assert days("lapse", date(2029, 5, 12)) == [
        ("T-30", "2029-04-12"),
        ("T-15", "2029-04-27"),
        ("T-7", "2029-05-05"),
        ("T-3", "2029-05-09"),
        ("T-1", "2029-05-11"),
        ("T+1", "2029-05-13"),
    ]


def test_in_working_days_over_a_long_holiday():
    # Due on Friday 8 May 2026: the three working days before are 7, 6 May and 30 April; 9 May is worked.
    found = days("correction", date(2026, 5, 8), reminder_day_type="working", reminder_days=[3, 1, -1])
    assert found == [
        ("W-3", "2026-04-30"),
        ("W-1", "2026-05-07"),
        ("W+1", "2026-05-09"),
        ("UP", "2026-05-13"),
    ]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_each_rule_has_people_words_an_article_and_a_source(rule):
    assert rule.to
    assert "{due}" in rule.owes
    assert rule.article in YUNFU.articles
    assert rule.steps in VALUES
    assert rule.code in SOURCES


def test_the_superior_gets_the_step_of_the_late():
    rule = RULES["annual_report"]
    steps = reminders.steps(rule, date(2026, 4, 15), VALUES, {})
    assert reminders.recipients(rule, steps[0]) == {Role.UNIT, Role.COUNTY}
    assert reminders.recipients(rule, steps[-1]) == {Role.CITY}


@pytest.mark.parametrize(
    "today, words",
    [
        (date(2026, 4, 1), "应于2026年4月15日前填报2026年度动态管理表（细则第十八条），距截止14天。"),
        (date(2026, 4, 15), "今日截止。"),
        (date(2026, 4, 16), "已逾期1天。"),
    ],
)
def test_the_sentence_names_thing_day_article_and_what_is_left(today, words):
    rule = RULES["annual_report"]
    owed = Obligation("annual_report", "u", "甲厂（绿色工厂）", "445302", 2026, date(2026, 4, 15))
    step = reminders.steps(rule, owed.due, VALUES, {})[0]
    said = reminders.text(rule, owed, step, today)
    assert said.startswith("甲厂（绿色工厂）") and said.endswith(words)
