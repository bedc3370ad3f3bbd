"""Scheduled jobs as administrators control them: paused, resumed, run now, run again."""

from __future__ import annotations

from collections.abc import Iterable

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.services.core import audit
from app.services.core.by import By
from models.database import transactional
from models.settings.jobs import JobRun, JobSwitch, RunState


def register_jobs(rows: Iterable[tuple[str, str, str]]) -> None:
    """Store name, label and schedule of every job that a scheduler can run; forget those that no longer exist."""
    names = []
    for name, label, schedule in rows:
        JobSwitch.objects(name=name).modify(upsert=True, set__label=label, set__schedule=schedule)
        names.append(name)
    JobSwitch.objects(name__nin=names).delete()


def job_switches() -> list[tuple[JobSwitch, JobRun | None]]:
    """Return every job with its latest run."""
    return [
        (switch, JobRun.objects(job=switch.name).order_by("-period").first()) for switch in JobSwitch.objects
    ]


def is_job_paused(name: str) -> bool:
    """Return whether an administrator has paused this job."""
    return JobSwitch.objects(name=name, paused=True).first() is not None


def take_run_request(name: str) -> bool:
    """Take the request to run this job now, if there is one; of several schedulers one gets it."""
    return JobSwitch.objects(name=name, wanted_at__ne=None).modify(unset__wanted_at=True) is not None


def request_job_run(name: str, *, by: By) -> JobSwitch:
    """Ask the leading scheduler to run a job once, paused or not. Raises NotAllowed."""
    request = {"set__wanted_at": by.now, "set__wanted_by": by.actor.username}
    return _switch(name, Verb.JOB_REQUESTED, "", by=by, **request)


def pause_job(name: str, reason: str, *, by: By) -> JobSwitch:
    """Stop a job until it is resumed; days missed meanwhile are then made up. Raises NotAllowed."""
    if not reason.strip():
        raise NotAllowed("暂停任务须填写理由。")
    return _switch(name, Verb.JOB_PAUSED, reason.strip(), by=by, set__paused=True)


def resume_job(name: str, *, by: By) -> JobSwitch:
    """Let a paused job run again. Raises NotAllowed."""
    return _switch(name, Verb.JOB_RESUMED, "", by=by, set__paused=False)


def run_offers(run: JobRun, *, actor: Actor) -> list[Offer]:
    """Return the acts open to an administrator on a run."""
    if not access.may(actor, "edit", "jobrun"):
        return []
    busy = "正在运行。" if run.state == RunState.RUNNING.value else ""
    note = "重新运行这一期任务；已经办过的不会重复办理。"
    return [Offer("again", "再运行一次", busy, note=note)]


@transactional
def rerun_job(run: JobRun, *, by: By) -> JobRun:
    """Requeue a finished run for the leading scheduler. Raises NotAllowed (right, already running)."""
    _demand_administrator(by.actor)
    fresh = JobRun.objects(pk=run.pk, state__ne=RunState.RUNNING.value).modify(
        new=True, set__state=RunState.FAILED.value, set__attempts=1
    )
    if fresh is None:
        raise NotAllowed("任务正在运行。")
    audit.record(Verb.JOB_REQUEUED, by=by, subject=fresh)
    return fresh


@transactional
def _switch(name: str, verb: Verb, reason: str, *, by: By, **change: object) -> JobSwitch:
    _demand_administrator(by.actor)
    if "set__paused" in change:
        change |= {"set__reason": reason, "set__set_by": by.actor.username, "set__set_at": by.now}
    switch = JobSwitch.objects(name=name).modify(new=True, **change)
    if switch is None:
        raise NotAllowed("没有这项任务，请刷新页面后重试。")
    audit.record(verb, by=by, subject=switch, reason=reason)
    return switch


def _demand_administrator(actor: Actor) -> None:
    if not access.may(actor, "edit", "jobrun"):
        raise NotAllowed("只有系统管理员可以管理任务。")
