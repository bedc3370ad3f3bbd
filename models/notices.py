"""Messages to people: written in the transaction of the act that causes them (outbox)."""

from mongoengine import DateTimeField, StringField

from models.record import Record


class Notice(Record):
    """One message to one account; its key makes a repeat impossible."""

    key = StringField(required=True)
    username = StringField(required=True)
    text = StringField(required=True)
    link = StringField()
    at = DateTimeField(required=True)
    read_at = DateTimeField()

    meta = {
        "collection": "notices",
        "auto_create_index": False,
        "indexes": [{"fields": ["key"], "unique": True}, ("username", "read_at", "-id")],
    }

    def __str__(self) -> str:
        return self.text or ""
