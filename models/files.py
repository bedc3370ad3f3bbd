"""Attachments: the record of a stored file; its bytes lie in GridFS under a random id."""

from mongoengine import DateTimeField, IntField, ObjectIdField, StringField

from app.policy.terms import FileState
from models.record import Record


class Attachment(Record):
    """A file with its digest and its owner record, whose scope it shares."""

    filename = StringField(verbose_name="文件名", max_length=200, required=True)
    kind = StringField(verbose_name="类型", required=True)
    mime = StringField(required=True)
    size = IntField(verbose_name="大小（字节）", required=True)
    sha256 = StringField(verbose_name="SHA-256", required=True)
    content_id = ObjectIdField(required=True)  # GridFS
    state = StringField(verbose_name="状态", choices=FileState.choices(), default=FileState.STAGING.value)
    resource = StringField()  # resource name of the owner record, "" while nobody owns it
    owner_id = ObjectIdField()
    uploaded_by = StringField(required=True)
    uploaded_at = DateTimeField(required=True)

    meta = {
        "collection": "attachments",
        "auto_create_index": False,
        "indexes": [("resource", "owner_id"), ("state", "uploaded_at"), "sha256", "uploaded_by"],
    }

    def __str__(self) -> str:
        return self.filename or ""
