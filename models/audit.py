"""The audit log: insert-only rows in a database of their own, sealed by a process of its own."""

from __future__ import annotations

from mongoengine import Document, EmbeddedDocument
from mongoengine.fields import (
    DateTimeField,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)


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
