"""Public notices, objections and the list itself (第十五、十七条)."""

import json
from typing import Any

from mongoengine import (
    BooleanField,
    DateField,
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from app.policy.privacy import masked_name, masked_phone
from app.policy.terms import Kind, Level, ObjectionState
from models.record import Record
from models.unit_record import UnitRecord


class PublicNotice(Record):
    """A public notice 公示: the published lines and its period, counted in one kind of days."""

    SCOPE_FROM = "first_day"

    year = IntField(verbose_name="年度", required=True)
    title = StringField(verbose_name="标题", required=True)
    paper_id = ObjectIdField(required=True)
    first_day = DateField(verbose_name="公示首日", required=True)
    last_day = DateField(verbose_name="公示末日", required=True)
    days = IntField(verbose_name="公示天数", required=True)
    day_type = StringField(verbose_name="日期类型", required=True)
    areas = ListField(StringField())
    unit_ids = ListField(ObjectIdField())
    lines = ListField(StringField())  # JSON of what was published, written once by publication
    text = StringField()
    revoked_on = DateField(verbose_name="撤销日期")  # then it counts as no notice at all
    revoked_by = StringField(verbose_name="撤销它的公文")

    meta = {
        "collection": "public_notices",
        "auto_create_index": False,
        "indexes": [
            ("-first_day", "-id"),
            ("areas", "-first_day", "-id"),
            "unit_ids",
            "last_day",
            "paper_id",
        ],
    }

    def __str__(self) -> str:
        return self.title or ""

    @staticmethod
    def line(published: dict[str, Any]) -> str:
        """Return a unit as one of `lines`, as the paper shows it."""
        return json.dumps(published, ensure_ascii=False)


class Objector(EmbeddedDocument):
    """The objector by name, as the notice asks; masked wherever it is written, unmasked by an act of its own."""

    name = StringField(verbose_name="姓名或单位", max_length=60, required=True)
    phone = StringField(verbose_name="联系方式", max_length=40, required=True)

    def __str__(self) -> str:
        return f"{masked_name(self.name or '')} {masked_phone(self.phone or '')}"


class Inquiry(EmbeddedDocument):
    """A question handed to the county of the unit, and its answer."""

    question = StringField(verbose_name="请核查的事项", max_length=2000, required=True)
    due = DateField(verbose_name="答复期限", required=True)
    asked_name = StringField(verbose_name="交办人")
    asked_at = DateTimeField()
    asked_by = StringField()
    answer = StringField(verbose_name="核查情况", max_length=2000)
    answered_name = StringField(verbose_name="答复人")
    answered_at = DateTimeField()


class Conclusion(EmbeddedDocument):
    """A conclusion that a clerk proposes and the lead settles."""

    state = StringField(choices=ObjectionState.choices(), required=True)
    text = StringField(max_length=2000, required=True)
    by = StringField(required=True)
    name = StringField()
    at = DateTimeField()

    def __str__(self) -> str:
        return f"拟办“{ObjectionState(self.state).label}”：{self.text}（{self.name}）"


class Objection(UnitRecord):
    """An objection raised during a public notice: open, or closed with a reasoned answer."""

    application_id = ObjectIdField(verbose_name="申报", required=True)
    notice_id = ObjectIdField(required=True)
    year = IntField(verbose_name="年度")
    received_on = DateField(verbose_name="收到日期", required=True)
    matter = StringField(verbose_name="异议事项", max_length=2000, required=True)
    objector = EmbeddedDocumentField(Objector, verbose_name="异议人")
    handed_to = StringField(verbose_name="交办县（市、区）", max_length=6)  # only then it exists for a county
    inquiries = EmbeddedDocumentListField(Inquiry, verbose_name="交县级核查")
    asked_due = DateField(verbose_name="县级答复期限")  # of the question that has no answer yet
    state = StringField(
        verbose_name="状态", choices=ObjectionState.choices(), default=ObjectionState.OPEN.value
    )
    # stays after the approval, so that both people are named; open until then
    proposal = EmbeddedDocumentField(Conclusion, verbose_name="拟办结论")
    answer = StringField(verbose_name="核查结论和理由", max_length=2000)
    answered_by = StringField()
    answered_at = DateTimeField(verbose_name="办结时间")

    meta = {
        "collection": "objections",
        "auto_create_index": False,
        "indexes": [
            ("application_id", "state"),
            ("area", "-id"),
            ("-received_on", "-id"),
            ("state", "-id"),
            ("handed_to", "asked_due"),
        ],
    }

    def __str__(self) -> str:
        return f"对{self.unit_name}的异议（{self.received_on}）"

    @property
    def question(self) -> Inquiry | None:
        """Return the question that waits for the county's answer, or None."""
        last = self.inquiries[-1] if self.inquiries else None
        return last if last is not None and self.asked_due is not None else None


class Listing(UnitRecord):
    """An entry of a list: at most one in force for a unit, kind and level."""

    kind = StringField(verbose_name="类别", choices=Kind.choices(), required=True)
    level = StringField(verbose_name="级别", choices=Level.choices(), required=True)
    year = IntField(verbose_name="年度", required=True)
    entered_on = DateField(verbose_name="列入日期", required=True)
    application_id = ObjectIdField()
    paper_id = ObjectIdField(verbose_name="依据公文")
    source_paper = StringField(verbose_name="依据文号", max_length=100)
    in_force = BooleanField(verbose_name="在册", default=True)
    removed_on = DateField(verbose_name="移出日期")
    revoked_on = DateField(verbose_name="公布撤销日期")  # no removal: 第十条（三）does not count it
    revoked_by = StringField(verbose_name="撤销公布的公文")
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "listings",
        "auto_create_index": False,
        "indexes": [
            {
                "fields": ["unit_id", "kind", "level"],
                "unique": True,
                "partialFilterExpression": {"in_force": True},
            },
            ("area", "-year", "-id"),
            ("-year", "-id"),
            ("in_force", "kind", "area", "-year", "-id"),
            ("in_force", "level", "-year", "-id"),
            "application_id",
            "terms",
        ],
    }

    SEARCHED = ("unit_name", "credit_code", "former_names")

    def __str__(self) -> str:
        return f"{self.unit_name}（{Level(self.level).label}{Kind(self.kind).label}，{self.year}）"
