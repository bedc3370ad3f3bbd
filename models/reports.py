"""Annual reports and the versioned definitions that their forms are made from (第十八条)."""

from decimal import Decimal
from typing import Any

from bson import Decimal128
from mongoengine import (
    BooleanField,
    DateField,
    DateTimeField,
    Decimal128Field,
    DictField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    QuerySet,
    StringField,
)

from app.policy.reports import built_in, calculation, cell_values, definition_checks, steps
from app.policy.reports.indicators import Compares, Definition, Form, Indicator, Nature, Relation
from app.policy.terms import ChangeKind, ExtensionState, Kind, ReportStage, Role, StandardState
from models.filing.applications import Correction
from models.record import Record, TrailEntry
from models.unit_record import UnitRecord


class IndicatorRow(EmbeddedDocument):
    """One cell of a form, as a clerk defined it."""

    key = StringField(verbose_name="编码", max_length=40, required=True)
    name = StringField(verbose_name="名称", max_length=60, required=True)
    group = StringField(verbose_name="分组", max_length=30, required=True)
    unit = StringField(verbose_name="单位", max_length=20, default="")
    form = StringField(verbose_name="填报形式", choices=Form.choices(), default=Form.NUMBER.value)
    nature = StringField(verbose_name="变化特点", choices=Nature.choices(), default=Nature.QUANTITY.value)
    required = BooleanField(verbose_name="必填", default=True)
    skippable = BooleanField(verbose_name="可填“不涉及”", default=False)
    minimum = Decimal128Field(verbose_name="允许范围下限")
    maximum = Decimal128Field(verbose_name="允许范围上限")
    low = Decimal128Field(verbose_name="合理范围下限")
    high = Decimal128Field(verbose_name="合理范围上限")
    formula = StringField(verbose_name="公式", max_length=400, default="")
    proof = StringField(verbose_name="证明材料", max_length=200, default="")
    note = StringField(verbose_name="填报说明", max_length=300, default="")
    scale = BooleanField(verbose_name="规模基准", default=False)
    trend = BooleanField(verbose_name="列入趋势", default=False)

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit else self.name or ""


class RelationRow(EmbeddedDocument):
    """A relation that must hold between cells (勾稽关系)."""

    name = StringField(verbose_name="关系", max_length=60, required=True)
    left = StringField(verbose_name="左边", max_length=400, required=True)
    compares = StringField(verbose_name="比较", choices=Compares.choices(), required=True)
    right = StringField(verbose_name="右边", max_length=400, required=True)
    tolerance = Decimal128Field(verbose_name="容差（%）", default=Decimal(0))

    def __str__(self) -> str:
        return self.name or ""


class Standard(Record):
    """A definition of one kind's annual figures for a year: drawn up by the city, in force once its lead approves."""

    kind = StringField(verbose_name="类别", choices=Kind.choices(), required=True)
    year = IntField(verbose_name="年度", required=True, min_value=2025, max_value=2100)
    edition = IntField(verbose_name="版次", required=True)
    title = StringField(verbose_name="名称", max_length=100, required=True)
    reason = StringField(verbose_name="编制说明", max_length=500)
    copied_from = StringField(verbose_name="复制自", max_length=120)
    indicators = ListField(EmbeddedDocumentField(IndicatorRow), verbose_name="指标")
    relations = ListField(EmbeddedDocumentField(RelationRow), verbose_name="勾稽关系")
    stage = StringField(
        verbose_name="状态", choices=StandardState.choices(), default=StandardState.DRAFT.value
    )
    prepared_by = StringField(verbose_name="编制人账号", required=True)
    prepared_name = StringField(verbose_name="编制人")
    editors = ListField(StringField())  # everybody who touched the draft: none of them may approve it
    approved_name = StringField(verbose_name="批准人")
    approved_on = DateField(verbose_name="批准日期")
    trail = ListField(EmbeddedDocumentField(TrailEntry), derived=True)

    meta = {
        "collection": "standards",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["kind", "year", "edition"], "unique": True},
            {
                "fields": ["kind", "year", "stage"],
                "unique": True,
                "partialFilterExpression": {"stage": StandardState.IN_FORCE.value},
            },
            ("stage", "-year", "-id"),
            ("-year", "-id"),
        ],
    }

    def __str__(self) -> str:
        return f"{Kind(self.kind).label} {self.year} 年度第 {self.edition} 版指标"

    @property
    def definition(self) -> Definition:
        return Definition(
            kind=self.kind,
            title=self.title or "",
            indicators=tuple(Indicator(**_plain(row)) for row in self.indicators),
            relations=tuple(Relation(**_plain(row)) for row in self.relations),
        )

    @property
    def problems(self) -> list[str]:
        return definition_checks.definition_problems(self.definition)

    def editable_by(self, role: Role) -> bool:
        return steps.STANDARD_TABLE.editable_by(role, StandardState(self.stage))


def _plain(row: EmbeddedDocument) -> dict[str, Any]:
    given = {name: getattr(row, name) for name in row._fields}
    return {name: value for name, value in given.items() if value is not None}


class ReportFinding(EmbeddedDocument):
    """A doubt about the figures: the two cells, their ratio, and how it was explained."""

    code = StringField(required=True)
    key = StringField(required=True)
    other = StringField()
    identity = StringField(required=True)
    cell = StringField(verbose_name="所疑单元格")
    other_cell = StringField(verbose_name="所比单元格")
    ratio = Decimal128Field(verbose_name="比值")
    text = StringField(verbose_name="疑点")
    explanation = StringField(verbose_name="说明", max_length=500)
    explained_name = StringField(verbose_name="说明人")
    explained_at = DateTimeField(verbose_name="说明时间")

    def __str__(self) -> str:
        return f"{self.text}说明：{self.explanation}" if self.explanation else self.text or ""


class ChangeStatement(EmbeddedDocument):
    """A change stated by the unit (第二十条); the Change record opened from it is named here."""

    kind = StringField(verbose_name="变更事项", choices=ChangeKind.choices(), required=True)
    before = StringField(verbose_name="变更前", max_length=300, required=True)
    after = StringField(verbose_name="变更后", max_length=300, required=True)
    changed_on = DateField(verbose_name="手续办结日期", required=True)
    reason = StringField(verbose_name="原因", max_length=500, required=True)
    change_id = ObjectIdField()

    def __str__(self) -> str:
        return (
            f"{ChangeKind(self.kind).label}：{self.before} → {self.after}（{self.changed_on}，{self.reason}）"
        )


class Extension(EmbeddedDocument):
    """A request to put off the day of the corrections: until when, why, and who answered it how."""

    until = DateField(verbose_name="延至", required=True)
    reason = StringField(verbose_name="理由", max_length=500, required=True)
    state = StringField(verbose_name="答复", choices=ExtensionState.choices(), required=True)
    asked_by = StringField(required=True)
    asked_name = StringField(verbose_name="申请人")
    asked_at = DateTimeField(required=True)
    answer = StringField(verbose_name="答复意见", max_length=500)
    answered_by = StringField()
    answered_name = StringField(verbose_name="答复人")
    answered_at = DateTimeField(verbose_name="答复时间")


class ReportQuerySet(QuerySet):
    """Questions asked of annual reports."""

    def at(self, *stages: ReportStage) -> "ReportQuerySet":
        return self.filter(stage__in=[stage.value for stage in stages])

    def filed(self) -> "ReportQuerySet":
        return self.at(*steps.FILED)


class AnnualReport(UnitRecord):
    """年度动态管理表: one unit, kind and year of filing, with the figures of the year before."""

    industry = StringField(verbose_name="所属行业", max_length=4)
    kind = StringField(verbose_name="类别", choices=Kind.choices(), required=True)
    year = IntField(verbose_name="填报年度", required=True, min_value=2025, max_value=2100)
    stage = StringField(
        verbose_name="环节", choices=ReportStage.choices(), default=ReportStage.DRAFT.value, required=True
    )
    standard_id = ObjectIdField()  # the definition it was filled in by; None: the program's own
    platform_receipt = StringField(verbose_name="管理平台受理号", max_length=40)
    submitted_on = DateField(verbose_name="管理平台提交日期")
    stated_name = StringField(verbose_name="表头单位名称", max_length=100)
    stated_address = StringField(verbose_name="表头生产地址", max_length=200)
    stated_boundary = StringField(verbose_name="表头边界四至", max_length=500)
    figures = DictField(verbose_name="指标")  # key → Decimal128, text or truth value, inputs only
    skipped = ListField(StringField(), verbose_name="不涉及")
    answers = DictField(verbose_name="合规自查")  # code → {answer, note}
    statements = ListField(EmbeddedDocumentField(ChangeStatement), verbose_name="重大事项变更")
    findings = ListField(EmbeddedDocumentField(ReportFinding), verbose_name="数据疑点")
    corrections = ListField(EmbeddedDocumentField(Correction), verbose_name="补正事项")
    extensions = ListField(EmbeddedDocumentField(Extension), verbose_name="延期申请")
    refusal_id = ObjectIdField()  # the attachment: the unit's refusal in writing
    trail = ListField(EmbeddedDocumentField(TrailEntry), derived=True)
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "annual_reports",
        "queryset_class": ReportQuerySet,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["unit_id", "kind", "year"], "unique": True},
            ("area", "-year", "-id"),
            ("-year", "-id"),
            ("stage", "-year", "-id"),
            ("kind", "year", "stage"),
            ("unit_name", "id"),
            ("area", "unit_name", "id"),
            "terms",
        ],
    }

    SEARCHED = ("unit_name", "credit_code", "platform_receipt", "former_names")

    def __str__(self) -> str:
        return f"{self.unit_name}（{self.year} 年度动态管理表，{Kind(self.kind).label}）"

    @property
    def standard(self) -> Standard | None:
        return Standard.objects(pk=self.standard_id).first() if self.standard_id else None

    @property
    def definition(self) -> Definition:
        """Return the definition that the report was filled in by."""
        standard = self.standard
        return standard.definition if standard else built_in.built_in_definitions()[self.kind]

    @property
    def cells(self) -> dict[str, cell_values.Cell]:
        """Return the inputs as values of the rules."""
        return {
            key: value.to_decimal() if isinstance(value, Decimal128) else value
            for key, value in self.figures.items()
        }

    @property
    def numbers(self) -> dict[str, Decimal]:
        """Return every figure, the derived ones computed now."""
        return calculation.figures(self.definition, self.cells)

    @property
    def head(self) -> dict[str, str]:
        return {
            "name": self.stated_name or "",
            "address": self.stated_address or "",
            "boundary": self.stated_boundary or "",
        }

    def editable_by(self, role: Role) -> bool:
        return steps.REPORT_TABLE.editable_by(role, ReportStage(self.stage))
