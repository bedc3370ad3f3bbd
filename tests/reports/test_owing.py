"""第十八条, sentence by sentence: who owes, until when, through the platform, which figures."""

from datetime import date, datetime

import pytest

from app.clock import SHANGHAI
from app.policy import deadlines
from app.policy.flow import NotAllowed
from app.policy.terms import Kind, Level, ReportStage, Role
from app.services.core import rules
from app.services.core.by import By
from app.services.reports import acts, drafts
from app.services.reports import due as reports_due
from tests.builders import cases, reports

BEFORE, AFTER = date(2026, 4, 15), date(2026, 4, 16)


@pytest.fixture(autouse=True)
def _ready(db):
    rules.use("yunfu")


def owed(today=BEFORE, year=2026, actor=None):
    return {(one.unit_name, one.kind): one for one in reports_due.expected_reports(year, today, actor)}


@pytest.mark.parametrize("level", list(Level))
def test_national_provincial_and_municipal_entries_all_owe(level):
    unit = cases.unit(now=reports.MARCH)
    reports.entry(unit, level)
    assert [(one.unit_id, one.levels) for one in reports_due.expected_reports(2026, BEFORE)] == [
        (unit.pk, (level.value,))
    ]


def test_one_report_serves_all_levels_of_a_kind_and_each_kind_has_its_own():
    unit = cases.unit(now=reports.MARCH)
    for level in Level:
        reports.entry(unit, level)
    reports.entry(unit, kind=Kind.SUPPLY_CHAIN.value)
    found = owed()
    assert found[(unit.name, "factory")].levels == ("national", "provincial", "municipal")
    assert found[(unit.name, "supply_chain")].levels == ("municipal",)


@pytest.mark.parametrize(
    "entered_on, removed_on, owes",
    [
        (date(2026, 4, 14), None, True),
        (date(2026, 4, 15), None, False),  # published on the day, not before it
        (date(2025, 8, 1), date(2026, 4, 15), False),  # no longer in force on the day
        (date(2025, 8, 1), date(2026, 4, 16), True),
    ],
)
def test_published_before_the_day_and_in_force_on_it(entered_on, removed_on, owes):
    reports.entry(
        cases.unit(now=reports.MARCH),
        entered_on=entered_on,
        removed_on=removed_on,
        in_force=removed_on is None,
    )
    assert bool(reports_due.expected_reports(2026, BEFORE)) is owes


def test_every_year_until_the_fifteenth_of_april_that_day_included():
    unit = reports.listed()
    for year in (2026, 2027):
        due = deadlines.legal_date(rules.pack(), "annual_report", year)
        assert due == date(year, 4, 15)
        (one,) = reports_due.owing_reports(year, due)
        assert not one.overdue and reports_due.owing_reports(year, date(year, 4, 16))[0].overdue
    assert reports_due.expected_reports(2026, BEFORE)[0].unit_id == unit.pk


def test_late_is_judged_by_the_platforms_day_not_by_the_day_of_typing():
    typed_late, handed_in_late = reports.listed(), reports.listed()
    reports.filed(typed_late, now=reports.LATE_APRIL, head={"submitted_on": date(2026, 4, 15)})
    reports.filed(
        handed_in_late,
        now=reports.LATE_APRIL,
        cells={"energy": "1802.13"},
        head={"submitted_on": date(2026, 4, 16)},
    )
    found = owed(date(2026, 5, 1))
    assert not found[(typed_late.name, "factory")].late
    assert found[(handed_in_late.name, "factory")].late
    assert not reports_due.owing_reports(2026, date(2026, 5, 1))


def test_a_report_without_the_platforms_receipt_is_not_filed():
    report = reports.filled(head={"platform_receipt": None, "submitted_on": None})
    with pytest.raises(NotAllowed, match="管理平台受理号"):
        reports.step(report, "submit", reports.by(report))


def test_a_report_without_its_key_figures_is_not_filed():
    report = reports.filled(cells={"carbon": "", "water": ""})
    with pytest.raises(NotAllowed, match="2 项必填指标没有填写：二氧化碳排放总量、取水量"):
        reports.step(report, "submit", reports.by(report))


def test_a_draft_a_returned_and_a_refused_report_are_still_owed():
    reports.draft()
    refused = reports.filled()
    acts.decline_report(
        refused,
        *reports.letter(),
        reason="企业停止填报",
        version=refused.version,
        by=By(reports.by(refused), reports.MARCH),
    )
    states = {one.state for one in reports_due.owing_reports(2026, BEFORE)}
    assert states == {ReportStage.DRAFT.label, ReportStage.DECLINED.label}
    assert reports.filed().stage != ReportStage.DRAFT
    assert len(reports_due.owing_reports(2026, BEFORE)) == 2


def test_a_unit_without_an_entry_cannot_file():
    unit = cases.unit(now=reports.MARCH)
    with pytest.raises(NotAllowed, match="没有已公布且在册"):
        reports.draft(unit)


def test_what_is_owed_elsewhere_is_not_seen():
    here, elsewhere = reports.listed(), reports.listed(cases.ELSEWHERE)
    county = cases.actor(Role.COUNTY)
    assert [one.unit_id for one in reports_due.owing_reports(2026, BEFORE, county)] == [here.pk]
    own = cases.actor(Role.UNIT, unit_id=elsewhere.pk)
    assert [one.unit_id for one in reports_due.owing_reports(2026, BEFORE, own)] == [elsewhere.pk]
    assert not reports_due.expected_reports(2026, BEFORE, cases.actor(Role.ADMIN))
    with pytest.raises(NotAllowed):
        drafts.start_report(elsewhere.pk, "factory", 2026, by=By(county, reports.MARCH))


def test_the_reminder_calendar_reads_the_same_day():
    due = deadlines.legal_date(rules.pack(), "annual_report", 2026)
    steps = deadlines.calendar_reminders(rules.values()["annual_report_reminders"], due)
    assert any(one.day <= due for one in steps)
    assert datetime(2026, 4, 15, tzinfo=SHANGHAI).date() == due
