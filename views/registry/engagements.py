"""Engagements 委托 of third-party institutions by units (第十二条)."""

from typing import Any

from mongoengine import Document

from app.policy.terms import Kind
from app.services import registry
from models.registry.evaluators import Evaluator
from models.registry.units import Unit
from views import by
from views.panel import formats
from views.panel.base import ScopedView
from views.panel.filters import Choice, Reference, Year


class EngagementView(ScopedView):
    """Engagements: an institution sees only the units that have engaged it."""

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
        """Return every field of a new engagement, and only its period afterwards."""
        return self.form_columns if record is None else ("since", "until")

    def create_record(self, values: dict[str, Any]) -> Document:
        """Record that a unit has engaged an institution."""
        return registry.engage_evaluator(values, by=by())
