"""Scheduled jobs: their runs by period, their switches, and the lease of the leading scheduler."""

from mongoengine import BooleanField, DateTimeField, Document, IntField, StringField

from app.policy.terms import Term

LAST = "last"  # the period of a job that runs every few minutes


class RunState(Term):
    """State of one run of a job."""

    RUNNING = "running", "运行中", "info"
    DONE = "done", "已完成", "success"
    FAILED = "failed", "失败", "danger"


class JobRun(Document):
    """One job in one period: a day for a daily job, "last" for one that runs every few minutes."""

    job = StringField(verbose_name="任务", required=True)
    label = StringField(verbose_name="任务名称")
    period = StringField(verbose_name="所属日期", required=True)
    state = StringField(verbose_name="状态", choices=RunState.choices(), default=RunState.RUNNING.value)
    attempts = IntField(verbose_name="次数", default=1)
    holder = StringField(verbose_name="运行进程")
    started_at = DateTimeField(verbose_name="开始时间")
    finished_at = DateTimeField(verbose_name="结束时间")
    result = StringField(verbose_name="结果", default="")

    meta = {
        "collection": "job_runs",
        "auto_create_index": False,
        "ordering": ["-started_at"],
        "indexes": [{"fields": ["job", "period"], "unique": True}, {"fields": ["-started_at"]}],
    }

    def __str__(self) -> str:
        return f"{self.label or self.job}（{'最近一次' if self.period == LAST else self.period}）"


class JobSwitch(Document):
    """A job as a scheduler registered it, and as an administrator controls it."""

    name = StringField(primary_key=True)
    label = StringField(required=True)
    schedule = StringField(required=True)
    paused = BooleanField(default=False)
    reason = StringField(default="", max_length=500)
    set_by = StringField(default="")
    set_at = DateTimeField()
    wanted_at = DateTimeField()  # requested on the screen
    wanted_by = StringField(default="")

    meta = {"collection": "job_switches", "auto_create_index": False, "ordering": ["schedule", "name"]}

    def __str__(self) -> str:
        return self.label


class JobLease(Document):
    """The one row that the leading scheduler renews; it lapses by the server's clock."""

    name = StringField(primary_key=True)
    holder = StringField(required=True)
    until = DateTimeField(required=True)

    meta = {"collection": "job_leases", "auto_create_index": False}
