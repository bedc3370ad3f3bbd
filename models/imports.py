"""Imports: what a file held, what became of each row, and how to take it back."""

from mongoengine import DateTimeField, DictField, IntField, ListField, ObjectIdField, StringField

from app.policy.terms import BatchState
from models.record import Record


class ImportBatch(Record):
    """One ledger file: previewed, committed as a whole, perhaps undone."""

    filename = StringField(verbose_name="文件名", max_length=200, required=True)
    sha256 = StringField(required=True)
    attachment_id = ObjectIdField(required=True)
    year = IntField(verbose_name="年度", required=True)
    mapping = DictField()  # column index → field, corrected by the clerk
    counts = DictField(verbose_name="结果")
    state = StringField(verbose_name="状态", choices=BatchState.choices(), default=BatchState.PREVIEWED.value)
    username = StringField(verbose_name="导入人账号", required=True)
    name = StringField(verbose_name="导入人")
    area = StringField(verbose_name="县（市、区）")
    at = DateTimeField(verbose_name="时间", required=True)
    committed_at = DateTimeField(verbose_name="导入时间")
    undone_at = DateTimeField(verbose_name="撤销时间")

    meta = {
        "collection": "import_batches",
        "auto_create_index": False,
        "indexes": [("username", "-id"), ("-id",)],
    }

    def __str__(self) -> str:
        return f"{self.filename}（{self.year} 年度）"


class ImportLine(Record):
    """What one row did to one record, with the image before it, so that it can be undone."""

    batch_id = ObjectIdField(required=True)
    row = IntField(required=True)
    collection = StringField(required=True)
    record_id = ObjectIdField(required=True)
    before = DictField(null=True)  # None: the row created the record
    after_version = IntField(required=True)

    meta = {
        "collection": "import_lines",
        "auto_create_index": False,
        "indexes": [("batch_id", "row")],
    }


