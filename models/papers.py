"""Official documents, their batches, the register of numbers and the versions of wording."""

from mongoengine import (
    BooleanField,
    DateField,
    DateTimeField,
    DictField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.policy.papers import KINDS
from app.policy.terms import NumberState, PaperState, Succession
from models.record import Proposed, Record
from models.search import terms_of, text_of

KIND_LABELS = {code: kind.label for code, kind in KINDS.items()}


class Paper(Record):
    """A document; once issued, its bytes, inputs, number and digest never change."""

    kind = StringField(verbose_name="种类", required=True, labels=KIND_LABELS)
    title = StringField(verbose_name="标题", required=True)
    series = StringField(verbose_name="文号系列", derived=True)  # "" for kinds that carry no number
    year = IntField(verbose_name="年度")
    number = IntField(verbose_name="序号")
    number_text = StringField(verbose_name="文号")
    state = StringField(verbose_name="状态", choices=PaperState.choices(), default=PaperState.DRAFTED.value)
    inputs = DictField()
    areas = ListField(StringField())
    unit_ids = ListField(ObjectIdField())
    decision_id = ObjectIdField()
    attachment_id = ObjectIdField(verbose_name="文件")
    sha256 = StringField(verbose_name="SHA-256")
    verification = StringField(verbose_name="验证码")
    drafted_by = StringField(verbose_name="拟稿人账号")
    drafted_name = StringField(verbose_name="拟稿人")
    signed_by = StringField()
    signed_name = StringField(verbose_name="审签人")
    signed_at = DateTimeField(verbose_name="审签时间")
    issued_on = DateField(verbose_name="印发日期")
    issued_at = DateTimeField(verbose_name="印发时间")
    wording = StringField(verbose_name="本件用语", max_length=20_000)  # "" where the wording in force is used
    skeleton_id = ObjectIdField()  # the bureau's own skeleton that was signed; none: the one shipped
    editors = ListField(StringField())  # everybody who touched the draft: none of them may sign it
    final_id = ObjectIdField(verbose_name="定稿文件")  # edited outside and uploaded; frozen when issued
    issuing_by = StringField()  # set when issuing begins: what a crash leaves, the sweep ends
    batch_id = ObjectIdField()
    corrects_id = ObjectIdField()  # the issued paper that this one replaces or revokes
    succession = StringField(choices=Succession.choices())
    replaced_by = ObjectIdField()
    replaced_number = StringField(verbose_name="替代或撤销它的公文")
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "papers",
        "auto_create_index": False,
        "indexes": [
            {
                "fields": ["verification"],
                "unique": True,
                "partialFilterExpression": {"verification": {"$type": "string"}},
            },
            {
                "fields": ["decision_id", "kind"],
                "unique": True,
                "partialFilterExpression": {"decision_id": {"$type": "objectId"}},
            },
            ("-id",),
            ("areas", "-id"),
            ("state", "-id"),
            ("series", "year", "number"),
            ("batch_id", "id"),
            "corrects_id",
            "sha256",
            "terms",
        ],
    }

    def __str__(self) -> str:
        return f"{self.title}（{self.number_text}）" if self.number_text else (self.title or "")

    @property
    def open(self) -> bool:
        """Return whether the paper may still be changed."""
        return self.state == PaperState.DRAFTED.value

    @property
    def valid(self) -> bool:
        """Return whether the paper is issued and in force."""
        return self.state == PaperState.ISSUED.value

    def clean(self) -> None:
        self.terms = terms_of(self.title, self.number_text)
        self.search_text = text_of(self.title, self.number_text)


class Number(Record):
    """One number of a series and year; the register is the only source of numbers."""

    SCOPE_THROUGH = ("paper_id", Paper)

    series = StringField(verbose_name="文号系列", required=True, derived=True)
    year = IntField(verbose_name="年度", required=True)
    number = IntField(verbose_name="序号", required=True, min_value=1)
    text = StringField(verbose_name="文号", required=True)
    state = StringField(verbose_name="状态", choices=NumberState.choices(), required=True)
    paper_id = ObjectIdField(verbose_name="公文")
    title = StringField(verbose_name="标题")
    area = StringField(verbose_name="县（市、区）")  # whose series it is; none: the bureau's own
    reason = StringField(verbose_name="作废理由", max_length=300)
    purpose = StringField(verbose_name="预留用途", max_length=200)
    on_paper = BooleanField(verbose_name="纸质印发", default=False)  # issued outside and carried over
    issued_on = DateField(verbose_name="印发日期")
    reserved_by = StringField(verbose_name="登记人")
    reserved_at = DateTimeField(verbose_name="预留时间", required=True)
    settled_at = DateTimeField(verbose_name="办结时间")

    meta = {
        "collection": "numbers",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["series", "year", "number"], "unique": True},
            # 一份公文只占一个号：重试得到同一个
            {
                "fields": ["paper_id"],
                "unique": True,
                "partialFilterExpression": {"paper_id": {"$type": "objectId"}},
            },
            ("-year", "-number", "-id"),
            ("state", "reserved_at"),
        ],
    }

    def __str__(self) -> str:
        return self.text or ""


class PaperBatch(Record):
    """Letters of one kind drafted, signed and issued together, in list order."""

    title = StringField(verbose_name="批次名称", required=True, max_length=200)
    kind = StringField(verbose_name="种类", required=True, labels=KIND_LABELS)
    paper_ids = ListField(ObjectIdField(), verbose_name="公文")
    prepared_by = StringField(verbose_name="拟办人账号", required=True)
    prepared_name = StringField(verbose_name="拟办人")
    prepared_at = DateTimeField(verbose_name="建立时间", required=True)
    issuing_by = StringField()  # set when issuing begins: what a crash leaves, the sweep ends
    issued_at = DateTimeField(verbose_name="印毕时间")
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "paper_batches",
        "auto_create_index": False,
        "indexes": [("-id",), "issuing_by", "terms"],
    }

    def __str__(self) -> str:
        return f"{self.title}（{len(self.paper_ids)} 份）"

    def clean(self) -> None:
        self.terms = terms_of(self.title)
        self.search_text = text_of(self.title)


class Wording(Proposed):
    """A version of a kind's wording, or of a family's skeleton when `target` begins with "skeleton:"."""

    text = StringField(verbose_name="用语", max_length=20_000)
    attachment_id = ObjectIdField(verbose_name="模板文件")

    meta = {"collection": "wordings", "auto_create_index": False}
