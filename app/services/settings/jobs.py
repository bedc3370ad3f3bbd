"""The switches of scheduled work: what there is, what an administrator paused, what he wants run now."""

from __future__ import annotations

from collections.abc import Iterable

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer
from app.services.core import audit
from app.services.core.by import By
from models.database import transact
from models.settings.jobs import JobRun, JobSwitch, RunState


def announce(rows: Iterable[tuple[str, str, str]]) -> None:
    """What a scheduler can run: name, label, schedule in words; jobs that no longer exist disappear."""
    names = []
    for name, label, schedule in rows:
        JobSwitch.objects(name=name).modify(upsert=True, set__label=label, set__schedule=schedule)
        names.append(name)
    JobSwitch.objects(name__nin=names).delete()


def switches() -> list[tuple[JobSwitch, JobRun | None]]:
    """Return every job with its latest run."""
    return [(one, JobRun.objects(job=one.name).order_by("-period").first()) for one in JobSwitch.objects]


def paused(name: str) -> bool:
    return JobSwitch.objects(name=name, paused=True).first() is not None


def take_wish(name: str) -> bool:
    """Whether somebody wants this job run now; the wish is taken by one scheduler only."""
    return JobSwitch.objects(name=name, wanted_at__ne=None).modify(unset__wanted_at=True) is not None


def run_now(name: str, *, by: By) -> JobSwitch:
    """Ask the leading scheduler to run a job once, paused or not. Raises NotAllowed."""
    wish = {"set__wanted_at": by.now, "set__wanted_by": by.actor.username}
    return _switch(name, Verb.JOB_REQUESTED, "", by=by, **wish)


def pause(name: str, reason: str, *, by: By) -> JobSwitch:
    """Stop a job until it is resumed; the days missed meanwhile are then made up. Raises NotAllowed."""
    if not reason.strip():
        raise NotAllowed("暂停任务须填写理由。")
    return _switch(name, Verb.JOB_PAUSED, reason.strip(), by=by, set__paused=True)


def resume(name: str, *, by: By) -> JobSwitch:
    return _switch(name, Verb.JOB_RESUMED, "", by=by, set__paused=False)


def offers(run: JobRun, *, actor: Actor) -> list[Offer]:
    """What an administrator may do with a run."""
    if not access.may(actor, "edit", "jobrun"):
        return []
    busy = "正在运行。" if run.state == RunState.RUNNING.value else ""
    note = "重新运行这一期任务；已经办过的不会重复办理。"
    return [Offer("again", "再运行一次", busy, note=note)]


def again(run: JobRun, *, by: By) -> JobRun:
    """Open a run once more for the leading scheduler. Raises NotAllowed (right, already running)."""
    if not access.may(by.actor, "edit", "jobrun"):
        raise NotAllowed("只有系统管理员可以管理任务。")

    def work() -> JobRun:
        fresh = JobRun.objects(pk=run.pk, state__ne=RunState.RUNNING.value).modify(
            new=True, set__state=RunState.FAILED.value, set__attempts=1
        )
        if fresh is None:
            raise NotAllowed("任务正在运行。")
        audit.record(Verb.JOB_REQUEUED, by=by, subject=fresh)
        return fresh

    return transact(work)


def _switch(name: str, verb: Verb, reason: str, *, by: By, **change: object) -> JobSwitch:
    if not access.may(by.actor, "edit", "jobrun"):
        raise NotAllowed("只有系统管理员可以管理任务。")
    if "set__paused" in change:
        change |= {"set__reason": reason, "set__set_by": by.actor.username, "set__set_at": by.now}

    def work() -> JobSwitch:
        switch = JobSwitch.objects(name=name).modify(new=True, **change)
        if switch is None:
            raise NotAllowed("没有这项任务，请刷新页面后重试。")
        audit.record(verb, by=by, subject=switch, reason=reason)
        return switch

    return transact(work)
