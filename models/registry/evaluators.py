"""Third-party institutions, who engaged them, and the evaluation reports (第十二、二十二条)."""

from mongoengine import (
    DateField,
    EmbeddedDocument,
    EmbeddedDocumentField,
    IntField,
    ListField,
    ObjectIdField,
    QuerySet,
    StringField,
    ValidationError,
)

from app.policy import spelling
from app.policy.terms import Kind, Service, Verified
from models.oversight import Sanction
from models.record import Record
from models.registry.units import CODE_LENGTH, Contact, credit_code_problem, tidy_names
from models.search import terms_of, text_of
from models.unit_record import UnitRecord


class Qualification(EmbeddedDocument):
    """Evidence that the institution can evaluate (《绿色制造第三方评价工作要求》)."""

    title = StringField(verbose_name="证明材料", max_length=200, required=True)
    number = StringField(verbose_name="编号", max_length=100)
    valid_until = DateField(verbose_name="有效期至")


class Evaluator(Record):
    """An institution of the registry; an unknown one from a ledger is 待核实."""

    SCOPE_SELF = ("pk", "evaluator_id")

    credit_code = StringField(
        verbose_name="统一社会信用代码",
        max_length=CODE_LENGTH,
        unique_message="该统一社会信用代码已登记，同一主体只登记一次。",
    )
    name = StringField(
        verbose_name="机构名称", max_length=100, required=True, unique_message="该名称已登记。"
    )
    verified = StringField(
        verbose_name="核实状态", choices=Verified.choices(), default=Verified.PENDING.value
    )
    address = StringField(verbose_name="地址", max_length=200)
    legal_person = StringField(verbose_name="法定代表人", max_length=40)
    contacts = ListField(EmbeddedDocumentField(Contact), verbose_name="联系人")
    staff_intermediate = IntField(verbose_name="中级职称以上专职人员数", min_value=0)
    staff_senior = IntField(verbose_name="其中高级职称人数", min_value=0)
    qualifications = ListField(EmbeddedDocumentField(Qualification), verbose_name="资质材料")
    services = ListField(StringField(choices=Service.choices()), verbose_name="服务内容")
    sanctions = ListField(EmbeddedDocumentField(Sanction), verbose_name="不再采信其评价报告")
    terms = ListField(StringField(), derived=True)
    search_text = StringField(derived=True)

    meta = {
        "collection": "evaluators",
        "auto_create_index": False,
        "indexes": [
            # 从汇总表登记的机构可能还没有代码；有代码的必须唯一
            {
                "fields": ["credit_code"],
                "unique": True,
                "partialFilterExpression": {"credit_code": {"$type": "string"}},
            },
            {"fields": ["name"], "unique": True},
            "terms",
        ],
    }

    def __str__(self) -> str:
        return self.name or ""

    def sanction_on(self, today) -> Sanction | None:
        """Return the sanction that forbids engaging the institution on a day, or None."""
        return next((sanction for sanction in self.sanctions if sanction.in_force(today)), None)

    def clean(self) -> None:
        """Normalise and check the credit code, refresh the search fields. Raises ValidationError."""
        self.credit_code = spelling.code(self.credit_code or "") or None
        tidy_names(self, "name")
        if self.credit_code and (problem := credit_code_problem(self.credit_code)):
            raise ValidationError(problem, errors={"credit_code": problem})
        self.terms = terms_of(self.name, self.credit_code)
        self.search_text = text_of(self.name, self.credit_code)


class EngagementQuerySet(QuerySet):
    """Queries for engagements."""

    def running(self, evaluator_id, today) -> "EngagementQuerySet":
        """Return the engagements of an institution that run on a day."""
        return self.filter(evaluator_id=evaluator_id, since__lte=today, until__gte=today)


class Engagement(UnitRecord):
    """Engagement of an institution by a unit for a kind and year: the only source of an evaluator's scope."""

    SCOPE_ENGAGED = "id"

    kind = StringField(verbose_name="类别", choices=Kind.choices(), required=True)
    year = IntField(verbose_name="年度", required=True)
    evaluator_id = ObjectIdField(verbose_name="第三方机构", required=True)
    evaluator_name = StringField(verbose_name="机构名称")
    since = DateField(verbose_name="委托日期", required=True)
    until = DateField(verbose_name="终止日期", required=True)

    meta = {
        "collection": "engagements",
        "queryset_class": EngagementQuerySet,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["unit_id", "kind", "year", "evaluator_id"], "unique": True},
            ("evaluator_id", "until"),
            ("area", "-year", "-id"),
            ("-year", "-id"),
        ],
    }

    def __str__(self) -> str:
        return f"{self.unit_name}委托{self.evaluator_name}（{self.year}年）"

    def clean(self) -> None:
        """Check the period. Raises ValidationError when it ends before it begins."""
        if self.since and self.until and self.until < self.since:
            raise ValidationError("终止日期早于委托日期。", errors={"until": "终止日期早于委托日期。"})
