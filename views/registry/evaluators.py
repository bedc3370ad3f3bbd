"""Third-party institutions 第三方机构 (第十二、二十二条)."""

from typing import Any

from mongoengine import Document

from app.policy.terms import Verified
from app.services import oversight, registry
from views import acting, by
from views.panel import formats
from views.panel.base import ScopedView
from views.panel.filters import Choice


class EvaluatorView(ScopedView):
    """Third-party institutions: qualifications, staff, services and sanctions."""

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
        """Return the fields that the actor's role may write."""
        return oversight.evaluator_fields(acting().role)

    def create_record(self, values: dict[str, Any]) -> Document:
        """Enter an institution."""
        return registry.register_evaluator(values, by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        """Change an institution."""
        return oversight.change_evaluator(record, values, version=version, by=by())
