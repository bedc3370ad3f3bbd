"""The audit log, for the auditor alone; others read the history of a record on its own page."""

from typing import Any

from mongoengine import Document

from app.policy.audit import LABELS
from app.policy.resources import RESOURCES
from app.policy.terms import Role
from models.audit import AuditEntry
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
