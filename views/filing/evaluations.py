"""Evaluation reports 评价报告 (第十二条)."""

from typing import Any

from flask import request
from mongoengine import Document
from wtforms import FileField

from app.policy.terms import Kind, Mode
from app.services import filing
from models.registry.evaluators import Evaluator
from models.registry.units import Unit
from views import acting, by
from views.panel import formats
from views.panel.base import ScopedView
from views.panel.filters import AtLeast, AtMost, Choice, Reference, Year

KEY = ("unit_id", "kind", "year")


class EvaluationView(ScopedView):
    """Evaluation reports: uploaded by the engaged institution, or as self-evaluation by county or unit."""

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
        """Return the fields of the actor's role; unit, kind and year are fixed once a report exists."""
        names = filing.evaluation_fields(acting().role)
        return names if record is None else [name for name in names if name not in KEY]

    def search_placeholder(self) -> str:
        """Return the names that a report is found by."""
        return "单位或机构名称"

    def may_edit(self, record: Document) -> bool:
        """Return whether the actor may still revise the report."""
        return self.can_edit and filing.may_revise_evaluation(record, acting())

    def create_record(self, values: dict[str, Any]) -> Document:
        """Submit a report with its file."""
        values.pop("file", None)
        return filing.submit_evaluation(values, _posted_file(), by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        """Revise a report, with a new file if one was chosen."""
        values.pop("file", None)
        return filing.revise_evaluation(record, values, _posted_file(), version=version, by=by())


def _posted_file() -> tuple[str, bytes] | None:
    """Return name and bytes of the posted file; the request's limit bounds its size."""
    posted = request.files.get("file")
    return (posted.filename or "", posted.read()) if posted and posted.filename else None
