"""Opening a run again: the administrator's act, once, with its trace, and never while it runs."""

import pytest

from app.policy.flow import NotAllowed
from app.services import jobs
from models.audit import AuditEntry
from models.jobs import JobRun, RunState
from tests import build


def run(state: RunState) -> JobRun:
    return JobRun(
        job="remind", label="提醒", period="2026-04-01", state=state.value, started_at=build.APRIL
    ).save()


def test_a_finished_run_is_opened_once_and_audited(db):
    done = jobs.again(run(RunState.DONE), actor=build.ADMIN, now=build.APRIL)
    assert done.state == RunState.FAILED.value
    assert AuditEntry.objects(subject_id=str(done.pk), verb="任务再运行").count() == 1


@pytest.mark.parametrize("by, state", [(build.CITY, RunState.DONE), (build.ADMIN, RunState.RUNNING)])
def test_others_and_running_ones_are_refused_without_a_trace(db, by, state):
    present = run(state)
    with pytest.raises(NotAllowed):
        jobs.again(present, actor=by, now=build.APRIL)
    assert JobRun.objects.get(pk=present.pk).state == state.value and AuditEntry.objects.count() == 0
