"""The audit log, for the auditor alone, and the backups, for the administrator."""

from typing import Any

from mongoengine import Document

from app import clock
from app.policy.audit import LABELS
from app.policy.resources import RESOURCES
from app.policy.terms import Role
from models.audit import AuditEntry, Backup, BackupState
from views.panel import formats
from views.panel.filters import Choice, Exactly, From, Until
from views.panel.published import Published

SOURCES = {"form": "界面", "import": "导入", "batch": "批量", "job": "任务", "cli": "命令行"}


def _verb(view: Any, context: Any, model: AuditEntry, name: str) -> str:
    return LABELS.get(model.verb, model.verb)


def _subject(view: Any, context: Any, model: AuditEntry, name: str) -> str:
    """Return the declared label of the record's resource."""
    if not model.subject_type:
        return ""
    resource = RESOURCES.get(model.subject_type.lower())
    return resource.label if resource else "其他"


class AuditEntryView(Published):
    """Entries of the log: act, person, record, time and place."""

    column_list = ("at", "name", "role", "verb", "subject_label", "reason", "source", "address")
    column_formatters = {
        "subject_type": _subject,
        "source": lambda v, c, m, n: SOURCES.get(m.source, m.source),
        "role": lambda v, c, m, n: dict(Role.choices()).get(m.role, m.role),
        "verb": _verb,
    }
    column_default_sort = ("at", True)
    column_filters = (
        Exactly("who", "账号"),
        Choice("role", "角色", Role.choices()),
        Exactly("subject_id", "对象编号"),
        From("at", "日期"),
        Until("at", "日期"),
        Choice("verb", "操作", tuple(LABELS.items())),
    )
    form_columns = ("reason",)
    detail_groups = (
        ("办理", ("at", "who", "name", "role", "area", "address", "source", "verb", "reason")),
        ("对象", ("subject_type", "subject_label", "subject_area", "subject_id")),
    )

    def detail_context(self, record: Document) -> dict:
        context = super().detail_context(record)
        changes = [(change.label or "内部字段", change.old, change.new) for change in record.changes]
        context["tables"] = [("改动", ("项目", "原值", "新值"), changes)] if changes else []
        context["timeline"] = []
        context["title"] = f"{_verb(self, None, record, '')}：{record.subject_label or record.name}"
        return context


def _age(view: Any, context: Any, model: Backup, name: str) -> str:
    hours = int((clock.now() - model.taken_at).total_seconds() // 3600)
    return f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时"


def _size(view: Any, context: Any, model: Backup, name: str) -> str:
    return f"{model.size / 1e6:,.1f} MB" if model.size else ""


class BackupView(Published):
    """Backups with age, size and result; the daily job and the command take them."""

    column_list = ("taken_at", "age", "name", "state", "rows", "size", "encrypted", "removed_at", "reason")
    column_labels = {"age": "距今"}
    column_formatters = {"state": formats.label(BackupState), "age": _age, "size": _size}
    column_default_sort = ("taken_at", True)
    column_filters = (
        Choice("state", "结果", BackupState.choices()),
        From("taken_at", "日期"),
        Until("taken_at", "日期"),
    )
    tab_field = "state"
    form_columns = ("reason",)
    detail_groups = (
        ("备份", ("taken_at", "name", "folder", "state", "reason")),
        ("内容", ("rows", "size", "seconds", "encrypted", "schema", "removed_at")),
    )
