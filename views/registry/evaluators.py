"""第三方机构、委托关系与评价报告（第十二、二十二条）。"""

from typing import Any

from flask import request
from mongoengine import Document
from wtforms import FileField

from app.policy.terms import Kind, Mode, Verified
from app.services import filing, oversight, registry
from models.registry.evaluators import Evaluator
from models.registry.units import Unit
from views import acting, by
from views.panel import formats
from views.panel.base import ScopedView
from views.panel.filters import AtLeast, AtMost, Choice, Reference, Year


class EvaluatorView(ScopedView):
    """第三方机构登记：资质、人员、服务、不再采信的起止。"""

    column_list = ("name", "credit_code", "verified", "staff_intermediate", "staff_senior", "services")
    column_sortable_list = ("name",)
    column_default_sort = "name"
    column_formatters = {"verified": formats.label(Verified)}
    column_filters = (Choice("verified", "核实状态", Verified.choices()),)
    form_columns = (
        "name",
        "credit_code",
        "verified",
        "address",
        "legal_person",
        "contacts",
        "staff_intermediate",
        "staff_senior",
        "qualifications",
        "services",
        "sanctions",
    )
    form_groups = (
        ("基本信息", ("name", "credit_code", "verified", "address", "legal_person")),
        ("联系人", ("contacts",)),
        (
            "能力（中级职称以上专职 10 人以上，其中高级不少于一半）",
            ("staff_intermediate", "staff_senior", "qualifications", "services"),
        ),
        ("不再采信其评价报告（第二十二、二十三条）", ("sanctions",)),
    )
    detail_groups = form_groups
    help_articles = (22, 23)
    form_args = {
        "sanctions": {"description": "期限由经办人按《办法》填写，细则未规定年限；期内不能被选为评价机构。"},
    }

    def writable(self, record: Document | None) -> Any:
        return oversight.evaluator_fields(acting().role)

    def create_record(self, values: dict[str, Any]) -> Document:
        return registry.register_evaluator(values, by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        return oversight.change_evaluator(record, values, version=version, by=by())


class EngagementView(ScopedView):
    """委托：哪个单位在哪一年度、哪一类别委托了哪家机构；机构只看得到委托它的单位。"""

    column_list = ("unit_name", "kind", "area", "year", "evaluator_name", "since", "until")
    column_formatters = {
        "area": formats.area,
        "kind": formats.words(Kind),
    }
    column_formatters_detail = column_formatters | {
        "unit_name": formats.link("unit", "unit_id"),
        "evaluator_name": formats.link("evaluator", "evaluator_id"),
    }
    column_default_sort = ("year", True)
    year_field = "year"
    column_filters = (
        Year("year", "年度"),
        Choice("area", "县（市、区）", formats.areas),
        Choice("kind", "类别", Kind.choices()),
        Reference("evaluator_id", "第三方机构", Evaluator),
    )
    lookups = {"unit_id": Unit, "evaluator_id": Evaluator}
    form_columns = ("unit_id", "kind", "year", "evaluator_id", "since", "until")
    detail_groups = (("委托", ("unit_name", "kind", "year", "evaluator_name", "since", "until", "area")),)
    help_articles = (12,)
    form_args = {"until": {"description": "终止之后，机构只能再看自己的评价报告。"}}

    def writable(self, record: Document | None) -> Any:
        return self.form_columns if record is None else ("since", "until")

    def create_record(self, values: dict[str, Any]) -> Document:
        return registry.engage_evaluator(values, by=by())


class EvaluationView(ScopedView):
    """评价报告：第三方机构为委托它的单位上传，自我评价由县级或单位上传。"""

    column_list = ("unit_name", "kind", "area", "year", "mode", "evaluator_name", "score", "submitted_at")
    column_export_list = (*column_list, "standard")
    column_formatters = {
        "area": formats.area,
        "kind": formats.words(Kind),
        "mode": formats.words(Mode),
    }
    column_formatters_detail = column_formatters | {
        "unit_name": formats.link("unit", "unit_id"),
    }
    column_default_sort = ("year", True)
    year_field = "year"
    column_filters = (
        Year("year", "年度"),
        Choice("area", "县（市、区）", formats.areas),
        Choice("kind", "类别", Kind.choices()),
        Reference("evaluator_id", "第三方机构", Evaluator),
        Choice("mode", "评价方式", Mode.choices()),
        AtLeast("score", "得分"),
        AtMost("score", "得分"),
    )
    lookups = {"unit_id": Unit}
    form_columns = (
        "unit_id",
        "kind",
        "year",
        "standard",
        "basic",
        "score",
        "highlights",
        "file",
        "unit_declaration",
        "institution_declaration",
        "conflict_statement",
    )
    form_extra_fields = {"file": FileField("评价报告文件（PDF 或 docx）")}
    form_groups = (
        ("评价对象", ("unit_id", "kind", "year")),
        ("评价结果", ("standard", "basic", "score", "highlights", "file")),
        ("真实性承诺（第十二条）", ("unit_declaration", "institution_declaration", "conflict_statement")),
    )
    detail_groups = (
        ("评价对象", ("unit_name", "kind", "year", "area", "mode", "evaluator_name")),
        ("评价结果", ("standard", "basic", "score", "highlights", "submitted_at")),
        ("真实性承诺", ("unit_declaration", "institution_declaration", "conflict_statement")),
    )
    help_articles = (12,)

    def writable(self, record: Document | None) -> Any:
        names = filing.evaluation_fields(acting().role)
        return names if record is None else [one for one in names if one not in ("unit_id", "kind", "year")]

    def search_placeholder(self) -> str:
        return "单位或机构名称"

    def may_edit(self, record: Document) -> bool:
        return self.can_edit and filing.may_revise_evaluation(record, acting())

    def create_record(self, values: dict[str, Any]) -> Document:
        upload = values.pop("file", None)
        return filing.submit_evaluation(values, self._upload(upload), by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        upload = values.pop("file", None)
        return filing.revise_evaluation(record, values, self._upload(upload), version=version, by=by())

    @staticmethod
    def _upload(_: Any) -> tuple[str, bytes] | None:
        """The uploaded file's name and bytes; its size is bounded by the request's limit."""
        posted = request.files.get("file")
        return (posted.filename or "", posted.read()) if posted and posted.filename else None
