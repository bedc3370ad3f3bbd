"""The outbox: mails and calls to an outside address, written with the act that causes them."""

from mongoengine import DateTimeField, IntField, StringField

from app.policy.reminders import DeliveryState
from app.policy.terms import Term
from models.record import Record


class Channel(Term):
    """Channels that leave the system."""

    MAIL = "mail", "邮件"
    WEBHOOK = "webhook", "群消息"


class Delivery(Record):
    """One mail or call; its unique key prevents a second one for the same purpose."""

    key = StringField(required=True)
    token = StringField()  # with the id the name of a mail; who reports that it came back must know it
    channel = StringField(verbose_name="方式", choices=Channel.choices(), required=True)
    to = StringField(verbose_name="地址", default="")
    username = StringField(default="")
    title = StringField(required=True)
    text = StringField(required=True)
    state = StringField(
        verbose_name="状态", choices=DeliveryState.choices(), default=DeliveryState.QUEUED.value
    )
    attempts = IntField(default=0)
    next_at = DateTimeField(required=True)  # not before; while an attempt runs, when another may take over
    sent_at = DateTimeField()
    problem = StringField(default="")

    meta = {
        "collection": "deliveries",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["key"], "unique": True},
            ("state", "next_at"),
            ("username", "-id"),
        ],
    }

    def __str__(self) -> str:
        return self.title or ""
