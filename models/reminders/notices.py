"""Messages to accounts, written in the transaction of the act that causes them."""

from mongoengine import DateField, DateTimeField, StringField

from app.policy.reminders import PROGRESS
from models.record import Record


class Notice(Record):
    """One message to one account; its unique key prevents repeats."""

    key = StringField(required=True)
    username = StringField(required=True)
    text = StringField(required=True)
    link = StringField()
    category = StringField(default=PROGRESS)  # a rule of the reminders, or the progress of cases
    at = DateTimeField(required=True)
    read_at = DateTimeField()
    digest_on = DateField()  # the day of the mail that carried it

    meta = {
        "collection": "notices",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["key"], "unique": True},
            ("username", "read_at", "-id"),
            ("digest_on", "at", "username"),
        ],
    }

    def __str__(self) -> str:
        return self.text or ""
