"""任务：每项任务按期运行的记录；系统管理员可以立即再运行一次。"""

from flask import abort
from mongoengine import Document

from app import clock
from app.policy.flow import Offer
from app.services import audit
from models.database import transact
from models.jobs import JobRun, RunState
from views import acting, formats
from views.filters import Choice, From, Until
from views.flow import FlowView


class JobRunView(FlowView):
    """任务运行记录：一项任务一个时期一条，重复运行不会重复办理。"""

    icon = "fa-clock-o"
    column_list = ("label", "period", "state", "attempts", "started_at", "finished_at", "result")
    column_formatters = {"state": formats.label(RunState)}
    column_default_sort = ("started_at", True)
    column_filters = (
        Choice("state", "状态", RunState.choices()),
        From("started_at", "开始日期"),
        Until("started_at", "开始日期"),
    )
    tab_field = "state"
    form_columns = ("result",)
    detail_groups = (
        (
            "运行",
            ("job", "label", "period", "state", "attempts", "holder", "started_at", "finished_at", "result"),
        ),
    )

    @property
    def can_create(self) -> bool:
        """Runs come from the scheduler."""
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    def offers(self, record: Document) -> list[Offer]:
        busy = "正在运行。" if record.state == RunState.RUNNING.value else ""
        note = "重新运行这一期任务；已经办过的不会重复办理。"
        return [Offer("again", "再运行一次", busy, note=note)] if self.can_edit else []

    def take(self, record: Document, action: str, version: int) -> str | None:
        if action != "again":
            abort(404)
        transact(lambda: audit.record("任务再运行", actor=acting(), now=clock.now(), subject=record))
        JobRun.objects(pk=record.pk, state__ne=RunState.RUNNING.value).update(
            set__state=RunState.FAILED.value, set__attempts=1
        )
        return "已登记，调度进程将在一分钟内运行。"
