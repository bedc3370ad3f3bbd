"""What the jobs do beside reminding: pausing, running now, the end of notices, rules, calendars and numbers."""

from datetime import date

import pytest

from app.policy.terms import NumberState, Role
from app.services import settings
from app.services.core import rules
from app.services.core.by import By
from app.services.reminders import alerts
from jobs import registry
from jobs.__main__ import Scheduler
from jobs.lease import Lease
from jobs.registry import job
from models.lists import PublicNotice
from models.papers import Number
from models.reminders.notices import Notice
from models.settings.jobs import JobRun, JobSwitch
from models.settings.values import Holiday
from tests.builders import cases
from tests.builders.post import at, person

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def table(monkeypatch):
    monkeypatch.setattr(registry, "REGISTRY", {})
    monkeypatch.setattr("jobs.MODULES", ())
    days = []

    @job(hour=8, minute=30, label="记日子")
    def note_day(today):
        days.append(str(today))

    settings.register_jobs([("note-day", "记日子", "每天 08:30")])
    return days


def look():
    scheduler = Scheduler(Lease())
    scheduler.lease.renew()
    scheduler.look()
    scheduler.lease.release()


def test_a_paused_job_rests_and_its_days_are_made_up(clock, table):
    clock.set("2026-04-01T09:00")
    look()
    settings.pause_job("note-day", "核对", by=By(cases.ADMIN, at("2026-04-01")))
    clock.set("2026-04-03T09:00")
    look()
    assert table == ["2026-04-01"]
    settings.resume_job("note-day", by=By(cases.ADMIN, at("2026-04-03")))
    look()
    assert table == ["2026-04-01", "2026-04-02", "2026-04-03"]


def test_run_now_runs_once_even_before_its_time_and_while_paused(clock, table):
    clock.set("2026-04-01T07:00")
    settings.pause_job("note-day", "核对", by=By(cases.ADMIN, at("2026-04-01")))
    settings.request_job_run("note-day", by=By(cases.ADMIN, at("2026-04-01")))
    look()
    look()
    assert table == ["2026-04-01"]
    assert JobRun.objects.get().state == "done"


def test_a_scheduler_says_what_it_can_run(monkeypatch):
    JobSwitch(name="gone", label="旧任务", schedule="每天 01:00").save()
    scheduler = Scheduler(Lease())
    monkeypatch.setattr(scheduler.scheduler, "start", lambda: None)
    scheduler.start()
    scheduler.lease.release()
    names = set(JobSwitch.objects.scalar("name"))
    assert names == set(registry.load())
    assert {
        "send-reminders",
        "send-digests",
        "send-outbox",
        "lapse-cultivation",
        "announce-notice-ends",
        "warn-of-expiry",
        "check-holidays",
        "sweep-numbers",
        "sweep-uploads",
        "finish-decisions",
        "seal-audit-log",
    } <= names


def test_the_city_hears_once_that_a_notice_is_over():
    city = person(Role.CITY)
    notice = PublicNotice(
        year=2026,
        title="拟入选名单公示",
        paper_id="0" * 24,
        first_day=date(2026, 6, 1),
        last_day=date(2026, 6, 5),
        days=5,
        day_type="working",
    ).save()
    for day in ("2026-06-05", "2026-06-06", "2026-06-06", "2026-06-07"):
        alerts.announce_ended_notices(date.fromisoformat(day), now=at(day))
    told = Notice.objects.get(username=city.username)
    assert "公示期满（第十五条）：无未办结异议" in told.text and str(notice.pk) in told.link


def test_the_end_of_the_rules_is_told_months_before_and_once_a_day():
    lead = person(Role.CITY_LEAD)
    days = [
        date(2028, 12, 31),
        date(2029, 1, 1),
        date(2029, 1, 2),
        date(2029, 6, 1),
        date(2029, 6, 30),
        date(2029, 7, 2),
    ]
    said = [alerts.warn_of_expiry(day, now=at(str(day))) for day in days + days]
    assert [bool(text) for text in said[:6]] == [False, True, False, True, True, True]
    assert Notice.objects(username=lead.username).count() == 4
    assert "还有30天" in said[3] and "已于2029年7月1日届满" in said[5]


def test_missing_days_off_are_asked_for_on_mondays_until_they_are_there():
    city = person(Role.CITY)
    monday = date(2027, 11, 1)
    assert monday.weekday() == 0
    assert "2028年节假日安排尚未录入" in alerts.warn_of_missing_holidays(monday, now=at(str(monday)))
    assert alerts.warn_of_missing_holidays(date(2027, 11, 2), now=at("2027-11-02")) == ""
    assert alerts.warn_of_missing_holidays(date(2027, 10, 25), now=at("2027-10-25")) == ""
    Holiday(day=date(2028, 1, 1), version=1).save()
    assert alerts.warn_of_missing_holidays(date(2027, 11, 8), now=at("2027-11-08")) == ""
    assert Notice.objects(username=city.username).count() == 1
    assert alerts.warn_of_missing_holidays(date(2025, 11, 3), now=at("2025-11-03")) == "", "2026 is known"


def number(count, year, state=NumberState.RESERVED, day="2026-01-05"):
    text = rules.pack().series["document"].number(year, count)
    return Number(
        series="document",
        year=year,
        number=count,
        text=text,
        state=state.value,
        reserved_at=at(day),
        version=1,
    ).save()


def test_numbers_of_a_past_year_become_void_with_a_reason_and_old_ones_are_named():
    city = person(Role.CITY)
    number(1, 2025, NumberState.USED, "2025-05-01")
    number(2, 2025, day="2025-12-30")
    number(1, 2026)
    monday = date(2026, 1, 19)
    said = [
        alerts.void_old_numbers(monday, by=By(cases.Actor.system("sweep"), at(str(monday)))) for _ in range(2)
    ]
    assert said == ["作废上年度未使用文号1个", ""]
    assert {(one.year, one.number): one.state for one in Number.objects} == {
        (2025, 1): "used",
        (2025, 2): "void",
        (2026, 1): "reserved",
    }
    assert "云工信〔2026〕1号" in Notice.objects.get(username=city.username).text


def test_telling_again_tells_only_those_who_came_meanwhile():
    person(Role.CITY)
    assert alerts.notify_roles([Role.CITY], "k", "一", "/", now=at("2026-01-05")) == 1
    person(Role.CITY)
    assert alerts.notify_roles([Role.CITY], "k", "一", "/", now=at("2026-01-06")) == 1
    assert alerts.notify_roles([Role.CITY], "k", "一", "/", now=at("2026-01-07")) == 0
    assert Notice.objects.count() == 2
