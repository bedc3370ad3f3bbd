"""Decisions, prepared by the city and approved or sent back by its lead (四眼原则)."""

from mongoengine import (
    DateTimeField,
    DictField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.policy.terms import DecisionState
from models.record import Record


class DecisionLine(EmbeddedDocument):
    """Record of a decision and its result."""

    record_id = ObjectIdField(required=True)
    unit_id = ObjectIdField()
    label = StringField()
    area = StringField()
    result = StringField()  # "" while prepared, then "done" or "refused"
    why = StringField()

    def __str__(self) -> str:
        done = {"done": "已办理", "refused": "未办理"}.get(self.result or "")
        return f"{self.label}：{done}" if done else self.label or ""


class Decision(Record):
    """审批单: action on one or many records, prepared by one person and approved by another."""

    number = StringField(verbose_name="编号", required=True)
    resource = StringField(default="application", derived=True)  # whose records `lines` are
    action = StringField(verbose_name="事项", required=True, derived=True)
    label = StringField(verbose_name="事项")
    year = IntField(verbose_name="年度")
    lines = ListField(EmbeddedDocumentField(DecisionLine), verbose_name="对象")
    areas = ListField(StringField())
    unit_ids = ListField(ObjectIdField())
    reason = StringField(verbose_name="理由", max_length=1000)
    details = DictField()  # inputs of the step beside a reason, e.g. the first day of a notice
    state = StringField(
        verbose_name="状态", choices=DecisionState.choices(), default=DecisionState.PREPARED.value
    )
    prepared_by = StringField(verbose_name="拟办人账号", required=True)
    prepared_name = StringField(verbose_name="拟办人")
    prepared_at = DateTimeField(verbose_name="拟办时间", required=True)
    decided_by = StringField()
    decided_name = StringField(verbose_name="审签人")
    decided_at = DateTimeField(verbose_name="审签时间")
    answer = StringField(verbose_name="审签意见", max_length=1000)
    paper_id = ObjectIdField(verbose_name="公文")

    meta = {
        "collection": "decisions",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["number"], "unique": True},
            ("state", "-id"),
            ("-prepared_at", "-id"),
            ("areas", "state", "-id"),
        ],
    }

    def __str__(self) -> str:
        return f"{self.label}（{self.number}，{len(self.lines)} 家）"

    def line(self, record_id) -> DecisionLine:
        """Return the line of a record."""
        return next(line for line in self.lines if line.record_id == record_id)
