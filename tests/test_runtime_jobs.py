"""Jobs: once a day, made up when missed, one leader, quick take-over."""

import datetime as dt
import threading

import pytest

from jobs import registry, runs
from jobs.__main__ import Scheduler
from jobs.lease import LEASE_SECONDS, RENEW_SECONDS, Lease
from jobs.registry import Job, job
from models import database
from models.audit import AuditEntry
from models.settings.jobs import JobLease, JobRun


@pytest.fixture
def table(monkeypatch):
    """An empty table of jobs."""
    monkeypatch.setattr(registry, "REGISTRY", {})
    monkeypatch.setattr("jobs.MODULES", ())
    return registry.REGISTRY


@pytest.fixture
def daily(table):
    """A daily job at 08:30 that notes the days it ran for."""
    days = []

    @job(hour=8, minute=30, label="记日子")
    def note_day(today):
        days.append(today)
        return f"第 {len(days)} 次"

    return days


def look(holder: Lease | None = None) -> Scheduler:
    scheduler = Scheduler(holder or Lease())
    scheduler.lease.renew()
    scheduler.look()
    return scheduler


def test_a_job_runs_once_a_day_not_before_its_time(db, clock, daily):
    clock.set("2026-04-01T08:29")
    lease = Lease()
    look(lease)
    assert daily == []
    clock.set("2026-04-01T08:30")
    look(lease)
    look(lease)
    assert daily == [dt.date(2026, 4, 1)]
    run = JobRun.objects.get()
    assert (run.job, run.period, run.state, run.result) == ("note-day", "2026-04-01", "done", "第 1 次")
    assert [entry.verb for entry in AuditEntry.objects] == ["run_job"]


def test_days_without_a_scheduler_are_made_up_in_order(db, clock, daily):
    lease = Lease()
    clock.set("2026-04-01T09:00")
    look(lease)
    clock.set("2026-04-04T08:00")  # the fourth is not due yet
    look(lease)
    assert [day.day for day in daily] == [1, 2, 3]


def test_who_does_not_lead_does_nothing(db, clock, daily):
    leader, other = Lease(), Lease()
    assert leader.renew()
    assert not other.renew()
    look(other)
    assert daily == []
    leader.release()
    look(other)
    assert len(daily) == 1


def test_a_lapsed_lease_is_taken_and_the_old_leader_notices(db, clock):
    old, new = Lease(), Lease()
    assert old.renew()
    JobLease.objects.update(until=dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    assert new.renew()
    assert not old.renew()
    assert not old.held()


def test_the_server_clock_decides_and_take_over_takes_40_seconds_at_most(db, clock):
    clock.set("2090-01-01T00:00")  # a wrong clock in a process must not give it the lease
    lease = Lease()
    lease.renew()
    server_now = database.client().admin.command("hello")["localTime"].replace(tzinfo=dt.UTC)
    assert 0 < (JobLease.objects.get().until - server_now).total_seconds() <= LEASE_SECONDS
    assert LEASE_SECONDS + RENEW_SECONDS <= 40


def test_many_at_once_elect_one_leader(db):
    leases = [Lease() for _ in range(12)]
    barrier = threading.Barrier(len(leases))

    def race(lease: Lease) -> None:
        barrier.wait()
        lease.renew()

    threads = [threading.Thread(target=race, args=[lease]) for lease in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lease.held() for lease in leases) == 1


def test_many_at_once_run_a_day_once(db, clock, daily):
    barrier = threading.Barrier(8)

    def race() -> None:
        barrier.wait()
        runs.run("note-day", dt.date(2026, 4, 1))

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(daily) == 1


def test_a_run_of_a_killed_leader_is_taken_over(db, clock, daily):
    JobRun(job="note-day", period="2026-04-01", holder="dead").save()
    look()
    assert daily == [dt.date(2026, 4, 1)]
    assert JobRun.objects.get().attempts == 2


def test_a_failure_is_kept_and_does_not_stop_the_others(db, clock, table):
    done = []

    @job(hour=1, label="会失败")
    def fails(today):
        raise LookupError("缺数据")

    @job(hour=2, label="会成功")
    def works(today):
        done.append(today)

    scheduler = look()
    scheduler.look()  # not at once again
    failed = JobRun.objects.get(job="fails")
    assert (failed.state, failed.result, failed.attempts) == ("failed", "LookupError: 缺数据", 1)
    assert done
    for _ in range(5):
        look(scheduler.lease)
    assert JobRun.objects.get(job="fails").attempts == runs.MAX_ATTEMPTS


def test_again_runs_a_day_a_second_time(db, clock, daily):
    runs.run("note-day", dt.date(2026, 4, 1))
    runs.run("note-day", dt.date(2026, 4, 1))
    assert len(daily) == 1
    again = runs.run("note-day", dt.date(2026, 4, 1), again=True)
    assert (len(daily), again.attempts) == (2, 2)


def test_a_job_of_minutes_keeps_one_row_and_is_audited_when_it_did_something(db, clock, table):
    results = iter([None, "寄出 3 封"])

    @job(every=1, label="寄信")
    def send(now):
        assert now.tzinfo
        return next(results)

    runs.run("send", dt.date(2026, 4, 1))
    assert AuditEntry.objects.count() == 0
    runs.run("send", dt.date(2026, 4, 1))
    assert JobRun.objects.get().result == "寄出 3 封"
    assert AuditEntry.objects.count() == 1


def test_unknown_names_are_refused_with_those_there_are(db, daily):
    with pytest.raises(KeyError, match="note-day"):
        runs.run("nothing", dt.date(2026, 4, 1))


def test_a_schedule_is_one_thing_or_the_other(table):
    with pytest.raises(ValueError, match="either"):
        job(label="两者都没有")
    with pytest.raises(ValueError, match="either"):
        job(label="两者都有", hour=1, every=1)
    assert Job("a", "b", print, hour=8, minute=5).when() == "每天 08:05"
