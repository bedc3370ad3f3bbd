"""The audit log: insert-only rows in a database of their own, sealed by a process of its own."""

from __future__ import annotations

from mongoengine import Document, EmbeddedDocument
from mongoengine.fields import (
    BooleanField,
    DateTimeField,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.policy.terms import Term


class AuditChange(EmbeddedDocument):
    """A changed field with its old and new value."""

    field = StringField(required=True)
    label = StringField(default="")
    old = StringField(default="")
    new = StringField(default="")

    def __str__(self) -> str:
        return f"{self.label or self.field}：{self.old or '（空）'} → {self.new or '（空）'}"


class AuditEntry(Document):
    """One act on a record: who, when, from where, why; written with the act, never changed."""

    at = DateTimeField(required=True, verbose_name="时间")
    who = StringField(default="", verbose_name="账号")
    name = StringField(default="", verbose_name="姓名")
    role = StringField(default="", verbose_name="角色")
    area = StringField(default="", verbose_name="所属县（市、区）")
    address = StringField(default="", verbose_name="来源地址")
    source = StringField(default="form", verbose_name="途径")
    verb = StringField(required=True, verbose_name="操作")
    subject_type = StringField(default="", verbose_name="对象类别")
    subject_id = StringField(default="", verbose_name="对象编号")
    subject_label = StringField(default="", verbose_name="对象")
    subject_area = StringField(default="", verbose_name="对象所在县（市、区）")
    unit_id = ObjectIdField(verbose_name="单位")
    changes = ListField(EmbeddedDocumentField(AuditChange), verbose_name="变更内容")
    reason = StringField(default="", verbose_name="事由")

    meta = {
        "db_alias": "audit",
        "collection": "entries",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["subject_id", "-at"]},
            {"fields": ["who", "-at"]},
            {"fields": ["-at"]},
        ],
    }

    def __str__(self) -> str:
        return f"{self.name or self.who} {self.subject_label}".strip()


class Seal(Document):
    """One link of the chain, written by the sealer alone with a key outside the database."""

    seq = IntField(primary_key=True)
    entry = ObjectIdField(required=True)
    row = StringField(required=True)  # keyed digest of the entry as it was when sealed
    chain = StringField(required=True)  # keyed digest of this link and the one before

    meta = {
        "db_alias": "audit",
        "collection": "seals",
        "auto_create_index": False,
        "indexes": [{"fields": ["entry"], "unique": True}],
    }


class BackupState(Term):
    """Outcome of a backup."""

    DONE = "done", "已完成", "success"
    FAILED = "failed", "失败", "danger"


class Backup(Document):
    """A backup that was taken, or the reason why none was."""

    taken_at = DateTimeField(verbose_name="时间", required=True)
    name = StringField(verbose_name="名称", default="")
    folder = StringField(verbose_name="保存目录", default="")
    state = StringField(verbose_name="结果", choices=BackupState.choices(), required=True)
    rows = IntField(verbose_name="记录条数", default=0)
    size = IntField(verbose_name="大小（字节）", default=0)
    seconds = IntField(verbose_name="用时（秒）", default=0)
    encrypted = BooleanField(verbose_name="已加密", default=False)
    schema = IntField(verbose_name="数据库结构（版）", default=0)
    removed_at = DateTimeField(verbose_name="按保留份数删除的时间")
    reason = StringField(verbose_name="说明", default="")

    meta = {
        "collection": "backups",
        "auto_create_index": False,
        "ordering": ["-taken_at"],
        "indexes": [{"fields": ["-taken_at"]}, {"fields": ["state", "-taken_at"]}],
    }

    def __str__(self) -> str:
        return self.name or f"{self.taken_at:%Y-%m-%d %H:%M} 的备份"
