"""Official documents and the register of their numbers."""

from mongoengine import DateField, DateTimeField, DictField, IntField, ListField, ObjectIdField, StringField

from app.policy.terms import NumberState, PaperState
from models.record import Record
from models.search import terms_of, text_of


class Paper(Record):
    """A document: drafted, signed, issued; from then on its bytes, inputs, number and digest are frozen."""

    kind = StringField(verbose_name="种类", required=True)
    title = StringField(verbose_name="标题", required=True)
    series = StringField(verbose_name="文号系列")  # "" for kinds that carry no number
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
    replaced_by = ObjectIdField()
    terms = ListField(StringField())
    search_text = StringField()

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
            "terms",
        ],
    }

    def __str__(self) -> str:
        return f"{self.title}（{self.number_text}）" if self.number_text else (self.title or "")

    def clean(self) -> None:
        self.terms = terms_of(self.title, self.number_text)
        self.search_text = text_of(self.title, self.number_text)


class Number(Record):
    """One number of a series and year: the register is the only source of numbers."""

    series = StringField(verbose_name="文号系列", required=True)
    year = IntField(verbose_name="年度", required=True)
    number = IntField(verbose_name="序号", required=True, min_value=1)
    text = StringField(verbose_name="文号", required=True)
    state = StringField(verbose_name="状态", choices=NumberState.choices(), required=True)
    paper_id = ObjectIdField(verbose_name="公文")
    title = StringField(verbose_name="标题")
    reason = StringField(verbose_name="作废理由", max_length=300)
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
