"""Base of records: a version for optimistic locking, who wrote last, and a trail of steps."""

from mongoengine import DateTimeField, Document, EmbeddedDocument, IntField, ObjectIdField, StringField

from app.policy.terms import ProposalState


class Record(Document):
    """Base of all business records; `version` counts writes and is compared on every save.

    A field marked `derived` is written by the program and has no history line of its own; `unique_message`
    is the refusal of a value that a unique index has already; `labels` are the words of codes
    that are no closed choice.
    """

    version = IntField(default=0, derived=True)
    created_at = DateTimeField(derived=True)
    updated_at = DateTimeField(derived=True)
    updated_by = StringField(derived=True)

    meta = {"abstract": True, "auto_create_index": False}


class Proposed(Record):
    """Change that one person prepares and another approves or sends back; every one is kept."""

    target = StringField(
        verbose_name="对象",
        required=True,
        derived=True,
        unique_message="已有一项待审批的修改，请先审批或退回。",
    )
    label = StringField(verbose_name="事项")
    note = StringField(verbose_name="修改理由", max_length=500, required=True)
    state = StringField(
        verbose_name="状态", choices=ProposalState.choices(), default=ProposalState.PREPARED.value
    )
    prepared_by = StringField(verbose_name="拟办人账号", required=True)
    prepared_name = StringField(verbose_name="拟办人")
    prepared_at = DateTimeField(verbose_name="拟办时间", required=True)
    decided_by = StringField()
    decided_name = StringField(verbose_name="审批人")
    decided_at = DateTimeField(verbose_name="审批时间")
    answer = StringField(verbose_name="审批意见", max_length=500)

    meta = {
        "abstract": True,
        "auto_create_index": False,
        "indexes": [
            ("target", "state", "-decided_at"),
            ("-id",),
            ("state", "-id"),
            # 同一对象同时只有一项待审批
            {
                "fields": ["target"],
                "unique": True,
                "partialFilterExpression": {"state": ProposalState.PREPARED.value},
            },
        ],
    }

    def __str__(self) -> str:
        return f"{self.label or self.target}（{self.prepared_name}拟办）"


class TrailEntry(EmbeddedDocument):
    """Step taken: who, when, from where to where, why, by which decision."""

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
