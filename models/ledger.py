"""Imports: batches, the outcome of each row, and the written records for undoing them."""

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.policy.terms import BatchState, RowOutcome
from models.record import Record


class ImportBatch(Record):
    """One ledger file: previewed, committed as a whole, perhaps undone."""

    filename = StringField(verbose_name="文件名", max_length=200, required=True)
    sha256 = StringField(required=True)
    attachment_id = ObjectIdField(required=True)
    year = IntField(verbose_name="年度", required=True)
    mapping = DictField()  # column index → field, corrected by the clerk
    answers = DictField()  # question → choice
    counts = DictField(verbose_name="结果")
    digests = ListField(StringField())  # of the plan's portions: a commit does what was previewed or nothing
    state = StringField(verbose_name="状态", choices=BatchState.choices(), default=BatchState.PREVIEWED.value)
    username = StringField(verbose_name="导入人账号", required=True)
    name = StringField(verbose_name="导入人")
    area = StringField(verbose_name="县（市、区）")
    at = DateTimeField(verbose_name="时间", required=True)
    committed_at = DateTimeField(verbose_name="导入时间")
    undone_at = DateTimeField(verbose_name="撤销时间")
    # Progress of a file too large for one transaction; a process that dies leaves it to `ledger.recover`.
    written_to = IntField(default=0)  # last row whose records are written
    restored = IntField(default=0)  # portions of records that are back as they were
    failed = BooleanField(default=False)
    moved_at = DateTimeField()  # by the database's clock

    meta = {
        "collection": "import_batches",
        "auto_create_index": False,
        "indexes": [("username", "-id"), ("-id",), ("state", "at"), ("state", "moved_at")],
    }

    def __str__(self) -> str:
        return f"{self.filename}（{self.year} 年度）"

    @property
    def previewed(self) -> bool:
        return self.state == BatchState.PREVIEWED

    @property
    def writing(self) -> int:
        """Return the number of rows that make or change records."""
        return self.counts[RowOutcome.NEW.value] + self.counts[RowOutcome.CHANGED.value]

    @property
    def refused(self) -> int:
        return self.counts[RowOutcome.REFUSED.value]


class ImportWrite(EmbeddedDocument):
    """A record created or changed by a row, with the replaced values for undoing it."""

    collection = StringField(required=True)
    record_id = ObjectIdField(required=True)
    label = StringField()
    before = DictField(null=True)  # changed fields as they were; None: the row makes the record
    after_version = IntField(required=True)


class ImportLine(Record):
    """The effect of one row of the file; written with the preview, true once the batch is committed."""

    batch_id = ObjectIdField(required=True)
    row = IntField(verbose_name="行号", required=True)
    outcome = StringField(verbose_name="结果", choices=RowOutcome.choices(), required=True)
    name = StringField(verbose_name="单位名称")
    area = StringField(verbose_name="县（市、区）")
    kind = StringField(verbose_name="类别")
    late = BooleanField(verbose_name="逾期提交", default=False)
    differences = ListField(ListField(StringField()), verbose_name="变化")  # label, old, new
    problems = ListField(ListField(StringField()), verbose_name="问题")  # column, why
    normalised = ListField(ListField(StringField()), verbose_name="规范化")  # column, was, now
    writes = ListField(EmbeddedDocumentField(ImportWrite))

    meta = {
        "collection": "import_lines",
        "auto_create_index": False,
        "indexes": [("batch_id", "row"), ("batch_id", "outcome", "row")],
    }

    @property
    def refused(self) -> bool:
        return self.outcome == RowOutcome.REFUSED

    @property
    def badge(self) -> str:
        """Return the outcome's badge, or a warning for a row imported late or normalised."""
        marked = not self.refused and (self.late or self.normalised)
        return "warning" if marked else RowOutcome(self.outcome).badge

    @property
    def remarks(self) -> list[str]:
        """Return all remarks on the row: problems, changes, normalisations, lateness."""
        return [
            *(f"{column}：{why}" for column, why in self.problems),
            *(f"{label}：{old or '（空）'} → {new or '（空）'}" for label, old, new in self.differences),
            *(f"已规范 {column}：“{was}” → “{now}”" for column, was, now in self.normalised),
            *(["逾期：管理平台提交日期晚于截止日"] if self.late else ()),
        ]
