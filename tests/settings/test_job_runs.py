"""Opening a run again: the administrator's act, once, with its trace, and never while it runs."""

import pytest

from app.config import Config
from app.factory import create_app
from app.policy.flow import NotAllowed
from app.services import settings
from app.services.core.by import By
from models.audit import AuditEntry
from models.settings.jobs import JobRun, RunState
from tests.builders import cases


@pytest.fixture
def command(db):
    app = create_app(Config.from_environment({"VAR_DIR": str(db.var_dir)}))
    return lambda *arguments: app.test_cli_runner().invoke(args=["run-job", *arguments])


def test_the_command_says_what_came_of_it_and_fails_when_the_job_did(command, monkeypatch):
    done = command("check-holidays", "--today", "2026-11-30")
    assert (done.exit_code, "已完成" in done.output) == (0, True)
    monkeypatch.setattr("app.services.reminders.warn_of_expiry", lambda *_, **__: 1 // 0)
    failed = command("warn-of-expiry")
    assert failed.exit_code == 1 and "失败" in failed.output
    unknown = command("nonsense")
    assert unknown.exit_code == 1 and "check-holidays" in unknown.output


def run(state: RunState) -> JobRun:
    return JobRun(
        job="remind", label="提醒", period="2026-04-01", state=state.value, started_at=cases.APRIL
    ).save()


def test_a_finished_run_is_opened_once_and_audited(db):
    done = settings.rerun_job(run(RunState.DONE), by=By(cases.ADMIN, cases.APRIL))
    assert done.state == RunState.FAILED.value
    assert AuditEntry.objects(subject_id=str(done.pk), verb="任务再运行").count() == 1


@pytest.mark.parametrize("by, state", [(cases.CITY, RunState.DONE), (cases.ADMIN, RunState.RUNNING)])
def test_others_and_running_ones_are_refused_without_a_trace(db, by, state):
    present = run(state)
    with pytest.raises(NotAllowed):
        settings.rerun_job(present, by=By(by, cases.APRIL))
    assert JobRun.objects.get(pk=present.pk).state == state.value and AuditEntry.objects.count() == 0
