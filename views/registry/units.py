"""Units 单位 of the three kinds (第三、七至九条)."""

from typing import Any

from mongoengine import Document, QuerySet

from app import clock
from app.policy.terms import Kind
from app.services import registry
from app.services.core import rules
from models.registry.units import Unit
from views import acting, by
from views.panel import formats
from views.panel.base import ScopedView
from views.panel.filters import Choice, Exactly, YesNo
from views.registry import unit_page

PARTS = ("factory", "park", "supply_chain")


class HonourHeld(Choice):
    """Filter by an honour held today: expired ones are shown on the page, but not found."""

    def apply(self, query: QuerySet, value: str) -> QuerySet:
        """Narrow the rows to the holders of an honour."""
        return query.honoured(value, clock.today())


class UnitView(ScopedView):
    """Units: a county maintains those of its area, a unit its own contacts."""

    column_list = ("name", "credit_code", "area", "kinds", "industries", "honours")
    column_sortable_list = ("name", "credit_code")
    column_default_sort = "name"
    column_formatters = {
        "area": formats.area,
        "kinds": formats.words(Kind),
        "industries": unit_page.industry_names,
    }
    column_formatters_export = column_formatters
    column_formatters_detail = column_formatters | {
        "park_id": unit_page.linked_units("park_id"),
        "leader_ids": unit_page.linked_units("leader_ids"),
        "predecessor_id": unit_page.linked_units("predecessor_id"),
    }
    column_export_list = (
        "name",
        "credit_code",
        "area",
        "kinds",
        "industries",
        "products",
        "legal_person",
        "registered",
        "production",
    )
    column_filters = (
        Choice("area", "县（市、区）", formats.areas),
        Choice("kinds", "类别", Kind.choices()),
        Exactly("industries", "行业代码"),
        HonourHeld(
            "honours.code", "现有荣誉称号", lambda: [(row.key, row.label) for row in rules.pack().honours]
        ),
        YesNo("focus", "培育重点"),
    )
    lookups = {"park_id": Unit, "leader_ids": Unit, "predecessor_id": Unit}
    form_columns = registry.UNIT_FIELDS
    form_groups = (
        (
            "基本信息",
            (
                "credit_code",
                "name",
                "area",
                "kinds",
                "former_names",
                "ownership",
                "legal_person",
                "founded_on",
            ),
        ),
        ("地址（第七条、第九条：注册地和实际生产场所均须在市内）", ("registered", "production")),
        ("行业与产品", ("industries", "products", "introduction")),
        ("联系人", ("contacts",)),
        ("荣誉与培育重点（第十一条）", ("honours", "focus")),
        ("分类信息（第七至九条）", PARTS),
        ("关联单位（第三条）", ("park_id", "leader_ids", "predecessor_id")),
    )
    detail_groups = (
        (
            "基本信息",
            ("credit_code", "area", "kinds", "former_names", "ownership", "legal_person", "founded_on"),
        ),
        ("地址", ("registered", "production")),
        ("行业与产品", ("industries", "products", "introduction")),
        ("联系人（已掩去部分号码）", ("contacts",)),
        ("荣誉与培育重点", ("honours", "focus")),
        ("分类信息", PARTS),
        ("关联单位", ("park_id", "leader_ids", "predecessor_id")),
    )
    tables = unit_page.TABLES
    related = unit_page.RELATED
    help_articles = (3, 7, 8, 9, 11)
    form_args = {
        "credit_code": {
            "description": "18 位，按 GB 32100-2015 校验；主体改变即为新单位，不是更名（第二十条）。"
        },
        "kinds": {"description": "增加类别并保存后，再填写该类别的信息（第七至九条）。"},
        "industries": {"description": "四位小类代码，可填多个；制造业为 13 至 43 大类（第七条）。"},
        "former_names": {"description": "更名后仍可按旧名查到（第二十条）。"},
        "park_id": {"description": "入园企业的绿色工厂计入园区（第三条）。"},
        "leader_ids": {"description": "作为哪些主导企业的供应商（第三条）。"},
        "predecessor_id": {"description": "主体改变前的单位，第十条（三）的回溯沿此追查。"},
    }

    def writable(self, record: Document | None) -> Any:
        """Return the fields of the actor's role; the part of a kind comes with the kind."""
        fields = registry.unit_fields(acting().role)
        if record is None:
            return fields
        return [name for name in fields if name not in PARTS or name in record.kinds or record[name]]

    def create_record(self, values: dict[str, Any]) -> Document:
        """Enter a unit."""
        return registry.register_unit(values, by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        """Change a unit; its records follow."""
        return registry.update_unit(record, values, version=version, by=by())
