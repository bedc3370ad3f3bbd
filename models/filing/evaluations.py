"""Evaluation reports with their declarations of truth (第十二条)."""

from mongoengine import (
    DateField,
    DateTimeField,
    Decimal128Field,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ObjectIdField,
    QuerySet,
    StringField,
    ValidationError,
)

from app.policy.terms import Kind, Met, Mode
from models.unit_record import UnitRecord


class Declaration(EmbeddedDocument):
    """Declaration of truth (第十二条第二款): signatory and day."""

    signatory = StringField(verbose_name="签字人", max_length=40)
    signed_on = DateField(verbose_name="签字日期")

    def __bool__(self) -> bool:
        return bool(self.signatory and self.signed_on)

    def __str__(self) -> str:
        return f"{self.signatory}（{self.signed_on}）" if self else ""


class EvaluationQuerySet(QuerySet):
    """Queries for evaluation reports."""

    def for_application(self, application) -> "EvaluationQuerySet":
        """Return the report of the application's unit, kind and year, if there is one."""
        return self.filter(unit_id=application.unit_id, kind=application.kind, year=application.year)


class Evaluation(UnitRecord):
    """Evaluation report of a unit, kind and year: mode, score by a standard, file, declarations."""

    kind = StringField(verbose_name="类别", choices=Kind.choices(), required=True)
    year = IntField(verbose_name="年度", required=True)
    mode = StringField(verbose_name="评价方式", choices=Mode.choices(), required=True)
    evaluator_id = ObjectIdField(verbose_name="第三方机构")
    evaluator_name = StringField(verbose_name="机构名称")
    standard = StringField(verbose_name="评价标准", max_length=60)
    basic = StringField(verbose_name="基本要求", choices=Met.choices())
    score = Decimal128Field(verbose_name="得分")
    highlights = StringField(verbose_name="主要亮点", max_length=100)
    attachment_id = ObjectIdField(verbose_name="评价报告")
    unit_declaration = EmbeddedDocumentField(Declaration, verbose_name="申报单位真实性承诺")
    institution_declaration = EmbeddedDocumentField(Declaration, verbose_name="第三方机构真实性承诺")
    conflict_statement = StringField(verbose_name="利益冲突说明", max_length=500)
    submitted_at = DateTimeField(verbose_name="提交时间")
    # Without an index of terms, which would be most of the cost of writing a report: people search among
    # units and applications, and read reports by year, area and institution.
    search_text = StringField(derived=True)

    meta = {
        "collection": "evaluations",
        "queryset_class": EvaluationQuerySet,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["unit_id", "kind", "year"], "unique": True},
            ("area", "-year", "-id"),
            ("evaluator_id", "-year", "-id"),
            ("-year", "-id"),
        ],
    }

    SEARCHED = ("unit_name", "evaluator_name", "former_names")

    def __str__(self) -> str:
        return f"{self.unit_name} {self.year} 年度{Kind(self.kind).label}评价报告"

    def declarations(self) -> list[tuple[str, bool]]:
        """Return the parties that must declare the truth, and whether each has."""
        parties = [("申报单位", bool(self.unit_declaration))]
        if self.mode == Mode.THIRD_PARTY:
            parties.append(("第三方机构", bool(self.institution_declaration)))
        return parties

    def clean(self) -> None:
        if self.score is not None and not 0 <= self.score <= 100:
            raise ValidationError("得分应在 0 至 100 之间。", errors={"score": "得分应在 0 至 100 之间。"})
        super().clean()
