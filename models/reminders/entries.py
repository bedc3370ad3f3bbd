"""The reminder ledger 催报台账: each reminder, its recipient, its rule and its delivery (第二十一条)."""

from mongoengine import (
    DateField,
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.policy.reminders import RULES, DeliveryState, NoteKind
from models.unit_record import UnitRecord


class ReminderNote(EmbeddedDocument):
    """An official's note: a call, a letter handed over, an answer, a returned mail."""

    way = StringField(choices=NoteKind.choices(), required=True)
    on = DateField(required=True)
    text = StringField(max_length=500, required=True)
    by = StringField(required=True)
    name = StringField()
    at = DateTimeField(required=True)


class ReminderEntry(UnitRecord):
    """One step of one obligation for one recipient; a unique index prevents repeats."""

    rule = StringField(verbose_name="事项", choices=[(row.code, row.label) for row in RULES.values()])
    subject = StringField(required=True)  # key of the unit, or code of the area that owes it
    unit_id = ObjectIdField(verbose_name="单位")  # none where an area owes it
    name = StringField(verbose_name="对象", required=True)
    kind = StringField(verbose_name="类别", default="")
    year = IntField(verbose_name="年度", required=True)
    due = DateField(verbose_name="期限", required=True)
    step = StringField(verbose_name="节点", required=True)
    step_label = StringField(verbose_name="节点说明")
    recipient = StringField(verbose_name="接收账号", required=True)  # account, "mail:…", or "none"
    recipient_name = StringField(verbose_name="接收人")
    recipient_role = StringField()
    text = StringField(verbose_name="内容", required=True)
    at = DateTimeField(verbose_name="提醒时间", required=True)
    state = StringField(verbose_name="状态", choices=DeliveryState.choices(), required=True)
    message = StringField(verbose_name="站内消息", choices=DeliveryState.choices())
    mail = StringField(verbose_name="邮件", choices=DeliveryState.choices())
    mail_at = DateTimeField(verbose_name="邮件时间")
    mail_to = StringField(verbose_name="邮件地址")
    problem = StringField(verbose_name="未送达原因")
    delivery_id = ObjectIdField()
    notes = ListField(EmbeddedDocumentField(ReminderNote), verbose_name="登记")

    meta = {
        "collection": "reminder_entries",
        "auto_create_index": False,
        "indexes": [
            {
                "fields": ["rule", "due", "step", "recipient", "subject", "kind", "year"],
                "unique": True,
            },
            ("area", "-year", "-id"),
            ("-year", "-id"),
            ("unit_id", "kind", "year", "id"),
            {"fields": ["delivery_id"], "sparse": True},
            {
                "fields": ["mail", "recipient"],
                "partialFilterExpression": {"mail": DeliveryState.QUEUED.value},
            },
        ],
    }

    # The ledger proves the words that were sent: `name` and `text` stay as they were that day.
    FOLLOWS_NAME = False

    def __str__(self) -> str:
        return f"{self.name}（{self.year}年度，{self.step_label or self.step}，{self.recipient_name or '无接收人'}）"
