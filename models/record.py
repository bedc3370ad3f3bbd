"""What every record has: a version for optimistic locking, who wrote it last, and a trail of its steps."""

from mongoengine import DateTimeField, Document, EmbeddedDocument, IntField, ObjectIdField, StringField


class Record(Document):
    """Base of all business records; `version` counts writes and is compared on every save."""

    version = IntField(default=0)
    created_at = DateTimeField()
    updated_at = DateTimeField()
    updated_by = StringField()

    meta = {"abstract": True, "auto_create_index": False}


class TrailEntry(EmbeddedDocument):
    """One step taken: who, when, from where to where, why, by which decision."""

    at = DateTimeField(required=True)
    username = StringField(required=True)
    name = StringField()
    role = StringField()
    action = StringField(required=True)
    label = StringField()
    source = StringField()
    target = StringField()
    reason = StringField()
    decision_id = ObjectIdField()
    paper_id = ObjectIdField()
