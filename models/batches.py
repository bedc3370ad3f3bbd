"""Results of batches: the outcome of each row, for whoever started the batch."""

from mongoengine import (
    BooleanField,
    DateTimeField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentField,
    ListField,
    StringField,
)

RETENTION_SECONDS = 180 * 86_400  # the audit log and each record's history keep the same for good


class BatchLine(EmbeddedDocument):
    """Row of a batch: its label, whether it succeeded, and its number or the reason it failed."""

    label = StringField()
    url = StringField()
    ok = BooleanField()
    message = StringField()


class BatchResult(Document):
    """Result table of one batch, with an address of its own: reading it again repeats nothing."""

    username = StringField(required=True)
    name = StringField()
    area = StringField()  # of the account then: after a move to another area the rows stay behind
    resource = StringField(required=True)
    title = StringField()
    back = StringField()
    at = DateTimeField(required=True)
    lines = ListField(EmbeddedDocumentField(BatchLine))

    meta = {
        "collection": "batch_results",
        "auto_create_index": False,
        "indexes": [{"fields": ["at"], "expireAfterSeconds": RETENTION_SECONDS}],
    }
