"""Applications with their findings, corrections, scores and trail (第十至十五条)."""

from datetime import date

from bson import ObjectId
from mongoengine import (
    DateField,
    DateTimeField,
    Decimal128Field,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    QuerySet,
    StringField,
)

from app.policy.filing import cultivation
from app.policy.terms import Defect, Kind, Role, Stage
from models.record import TrailEntry
from models.unit_record import UnitRecord


class Finding(EmbeddedDocument):
    """Result for a condition of 第七至九条 or ground of 第十条, its source and day, who recorded and who confirmed it."""

    code = StringField(required=True)
    result = StringField(required=True)
    source = StringField(max_length=200)
    checked_on = DateField()
    fact_on = DateField()  # day of the fact, where a ground was met: 第十条 counts from it
    ended_on = DateField()  # a lasting state's end
    note = StringField(max_length=500)
    by = StringField()
    by_name = StringField()
    confirmed_by = StringField()
    confirmed_name = StringField()
    confirmed_at = DateTimeField()


class Correction(EmbeddedDocument):
    """Matter to be put right before the application goes on, with its deadline."""

    field = StringField(required=True)
    label = StringField()
    defect = StringField(choices=Defect.choices(), required=True)
    note = StringField(max_length=300)
    due = DateField(required=True)

    def __str__(self) -> str:
        return f"{self.label}{Defect(self.defect).label}"


class Score(EmbeddedDocument):
    """Reviewer's total and remark (第十五条)."""

    reviewer = StringField(required=True)
    name = StringField()
    total = Decimal128Field(required=True)
    remark = StringField(max_length=500)
    at = DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.total} 分"


class ApplicationQuerySet(QuerySet):
    """Queries on applications."""

    def at(self, *stages: Stage) -> "ApplicationQuerySet":
        """Filter by stage."""
        return self.filter(stage__in=[stage.value for stage in stages])

    def cultivating(self, unit_id: ObjectId, kind: str) -> "ApplicationQuerySet":
        """Filter for live cultivations of a unit and kind."""
        return self.filter(unit_id=unit_id, kind=kind).at(*cultivation.CULTIVATING)

    def lapsing(self, today: date) -> "ApplicationQuerySet":
        """Filter for cultivation objects whose years are over."""
        return self.at(Stage.CULTIVATED).filter(cultivation_ends__lt=today)


class Application(UnitRecord):
    """Application of a unit for a kind and year; its stage changes only through the step table."""

    kind = StringField(verbose_name="类别", choices=Kind.choices(), required=True)
    year = IntField(verbose_name="年度", required=True, min_value=2025, max_value=2100)
    stage = StringField(
        verbose_name="环节", choices=Stage.choices(), default=Stage.DRAFT.value, required=True
    )
    platform_receipt = StringField(verbose_name="管理平台受理号", max_length=40)
    submitted_on = DateField(verbose_name="管理平台提交日期")
    stated_exclusions = StringField(verbose_name="汇总表所填负面清单核查", max_length=200)
    stated_opinion = StringField(verbose_name="汇总表所填县级意见", max_length=500)
    findings = ListField(EmbeddedDocumentField(Finding), verbose_name="资格核查")
    county_order = IntField(verbose_name="推荐顺序", min_value=1)
    county_opinion = StringField(verbose_name="县级综合评价意见", max_length=1000)
    late_reason = StringField(verbose_name="逾期申报办理理由", max_length=500)
    recommended_on = DateField(verbose_name="县级推荐日期")
    city_opinion = StringField(verbose_name="市级审核意见", max_length=1000)
    city_late_reason = StringField(verbose_name="逾期推荐办理理由", max_length=500)
    corrections = ListField(EmbeddedDocumentField(Correction), verbose_name="补正事项")
    cultivated_on = DateField(verbose_name="列为培育对象日期")
    cultivation_ends = DateField(verbose_name="培育有效期至")
    review_year = IntField(verbose_name="评审年度")
    scores = ListField(EmbeddedDocumentField(Score), verbose_name="评审打分")
    notice_id = ObjectIdField()
    notice_last_day = DateField(verbose_name="公示截止日")
    listed_on = DateField(verbose_name="列入名单日期")
    decision_id = ObjectIdField()  # the prepared decision that waits for approval
    score = Decimal128Field(verbose_name="评价得分")  # label for the list; the report owns it
    trail = ListField(EmbeddedDocumentField(TrailEntry), derived=True)
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "applications",
        "queryset_class": ApplicationQuerySet,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["unit_id", "kind", "year"], "unique": True},
            ("area", "-year", "-id"),
            ("-year", "-id"),
            ("stage", "-year", "-id"),
            ("area", "stage", "-year", "-id"),
            ("unit_name", "id"),
            ("area", "unit_name", "id"),
            ("stage", "cultivation_ends"),
            "terms",
        ],
    }

    SEARCHED = ("unit_name", "credit_code", "platform_receipt", "former_names")

    def __str__(self) -> str:
        return f"{self.unit_name}（{self.year} 年度{Kind(self.kind).label}）"

    def finding(self, code: str) -> Finding | None:
        """Return the finding of a requirement, if any."""
        return next((finding for finding in self.findings if finding.code == code), None)

    def editable_by(self, role: Role) -> bool:
        """Return whether a role may edit the application now; a prepared decision locks it."""
        return self.decision_id is None and cultivation.TABLE.editable_by(role, Stage(self.stage))
