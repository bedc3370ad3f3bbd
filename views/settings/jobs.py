"""Scheduled jobs and their runs; an administrator runs, pauses and resumes them."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from mongoengine import Document

from app.policy.flow import Offer, PolicyError
from app.services import settings
from models.settings.jobs import LAST, JobRun, RunState
from views import acting, by
from views.panel import formats
from views.panel.actions import Action
from views.panel.filters import Choice, From, Until
from views.panel.flow import FlowView


def _period(view: Any, context: Any, model: JobRun, name: str) -> str:
    """Return the period of a run; a job of minutes keeps its latest run only."""
    return "最近一次" if model.period == LAST else model.period


class JobRunView(FlowView):
    """Runs of jobs: one for a job and a period, however often it is repeated."""

    list_template = "ui/jobs.html"
    column_list = ("label", "period", "state", "attempts", "started_at", "finished_at", "result")
    column_formatters = {"state": formats.label(RunState), "period": _period}
    column_default_sort = ("started_at", True)
    column_filters = (
        Choice("state", "状态", RunState.choices()),
        From("started_at", "开始日期"),
        Until("started_at", "开始日期"),
    )
    tab_field = "state"
    actions = {"again": Action(settings.rerun_job, done="已登记，调度进程将在一分钟内运行。")}
    form_columns = ("result",)
    detail_groups = (
        (
            "运行",
            ("label", "period", "state", "attempts", "holder", "started_at", "finished_at", "result"),
        ),
    )

    @property
    def can_create(self) -> bool:
        """Refuse new runs: they come from the scheduler."""
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    def _list_context(self, context: dict[str, Any]) -> dict[str, Any]:
        return super()._list_context(context) | {"switches": _switches(), "may_switch": self.can_edit}

    @expose("/control/", methods=("POST",))
    def control_view(self) -> Any:
        """Run a job now, pause or resume it; the leading scheduler obeys within a quarter of a minute."""
        try:
            answer = self._control(request.form.get("name", ""), request.form.get("action", ""))
        except PolicyError as refusal:
            flash(str(refusal), "error")
        else:
            flash(answer, "success")
        return redirect(self.get_url(".index_view"))

    def _control(self, name: str, action: str) -> str:
        match action:
            case "run":
                return f"“{settings.request_job_run(name, by=by())}”已登记，调度进程将在一分钟内运行。"
            case "pause":
                paused = settings.pause_job(name, request.form.get("reason", ""), by=by())
                return f"“{paused}”已暂停；恢复后补办暂停期间的各期。"
            case "resume":
                return f"“{settings.resume_job(name, by=by())}”已恢复。"
        return abort(404)

    def offers(self, record: Document) -> list[Offer]:
        return settings.run_offers(record, actor=acting())


def _switches() -> list[dict[str, Any]]:
    """Return every job with its switch and its latest run."""
    return [{"job": switch, "last": last} for switch, last in settings.job_switches()]
