"""Runs of jobs, once a period: claim, work, save the result."""

import logging
from datetime import date, timedelta

from mongoengine import NotUniqueError

from app import clock
from app.config import Config
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import PolicyError
from app.services.core import audit
from app.services.core.by import By
from jobs import lease, registry
from jobs.registry import Job
from models.database import transactional
from models.settings.jobs import LAST, JobRun, RunState

log = logging.getLogger(__name__)

MANUAL = "cli"
LOOK_BACK = timedelta(days=62)
MAX_ATTEMPTS = 3
MAX_RESULT_LENGTH = 2000


def run(
    name: str,
    today: date | None = None,
    *,
    holder: str = MANUAL,
    again: bool = False,
    config: Config | None = None,
) -> JobRun:
    """Run one job for a day (default today) unless it was done; `again` runs it nevertheless.

    Raises KeyError for an unknown job. A failure is not raised; it stands in the returned run.
    """
    job = registry.find(name)
    day = today or clock.today()
    claimed = _claim(job, day, holder, again)
    return (
        _work(job, day, claimed, config)
        if claimed
        else JobRun.objects.get(job=job.name, period=period(job, day))
    )


def period(job: Job, day: date) -> str:
    """Return the period that a run is unique for."""
    return day.isoformat() if job.daily else LAST


def missed(job: Job) -> list[date]:
    """Return the days up to today that still need a run; a new job begins today."""
    now = clock.now()
    today = now.date() if job.due(now) else now.date() - timedelta(days=1)
    rows = {run.period: run for run in JobRun.objects(job=job.name, period__gte=str(today - LOOK_BACK))}
    first = date.fromisoformat(min(rows)) if rows else now.date()
    days = [first + timedelta(days=count) for count in range((today - first).days + 1)]
    return [day for day in days if _open(rows.get(str(day)))]


def _open(run: JobRun | None) -> bool:
    if run is None:
        return True
    if run.state == RunState.FAILED.value:
        return run.attempts < MAX_ATTEMPTS
    # Running in the hands of a leader that is no more: its process was killed. Manual runs are left alone.
    return run.state == RunState.RUNNING.value and run.holder not in (MANUAL, lease.holder())


def _claim(job: Job, day: date, holder: str, again: bool) -> JobRun | None:
    """Return this process's run of the period, or None when it is done or claimed by another."""
    mark = {"state": RunState.RUNNING.value, "holder": holder, "label": job.label, "started_at": clock.now()}
    try:
        return JobRun(job=job.name, period=period(job, day), **mark).save(force_insert=True)
    except NotUniqueError:
        pass
    run = JobRun.objects.get(job=job.name, period=period(job, day))
    if job.daily and not again and not _open(run):
        return None
    # Compare-and-set on who had it: of two that see a dead leader's run, one takes it over.
    seen = {"state": run.state, "holder": run.holder, "attempts": run.attempts}
    attempts = run.attempts + 1 if job.daily else 1
    return JobRun.objects(pk=run.pk, **seen).modify(
        new=True, attempts=attempts, finished_at=None, result="", **mark
    )


def _work(job: Job, day: date, run: JobRun, config: Config | None) -> JobRun:
    by = By(Actor.system(job.name), clock.now())
    try:
        result = job.work(**registry.arguments(job, day, by, config))
        state, words = RunState.DONE, "" if result is None else str(result)
    except PolicyError as why:  # said in words by the service itself
        state, words = RunState.FAILED, str(why)
    except Exception as error:  # one job's failure must not stop the others; the run keeps it
        log.exception("job %s failed for %s", job.name, run.period)
        state, words = RunState.FAILED, f"{type(error).__name__}: {error}"
    return _finish(job, run, state, words[:MAX_RESULT_LENGTH])


@transactional
def _finish(job: Job, run: JobRun, state: RunState, words: str) -> JobRun:
    now = clock.now()

    done = JobRun.objects(pk=run.pk).modify(new=True, state=state.value, result=words, finished_at=now)
    # An idle look every few minutes is no act; what was done, and every failure, is.
    if job.daily or words:
        audit.record(Verb.JOB_RAN, by=By(Actor.system(job.name), now), subject=done, reason=words)
    return done
