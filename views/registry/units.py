"""单位：三类对象的登记、曾用名、联系人、荣誉，园区与入园企业、主导企业与供应商。"""

from typing import Any

from flask import url_for
from markupsafe import Markup
from mongoengine import Document, QuerySet

from app import clock
from app.policy.filing import industries
from app.policy.terms import Kind
from app.services import registry
from app.services.core import rules, scope
from app.services.core.by import By
from models.filing.applications import Application
from models.lists import Listing
from models.registry.evaluators import Engagement
from models.registry.units import Unit
from views import acting, by
from views.panel import formats
from views.panel.base import ScopedView
from views.panel.filters import Choice, Exactly, YesNo

PARTS = ("factory", "park", "supply_chain")


def _industries(view: Any, context: Any, model: Any, name: str) -> str:
    return _in_words(model.industries)


def _in_words(codes: list[str]) -> str:
    return "；".join(f"{industries.name(code) or '未收录'}（{code}）" for code in codes)


_industries.plain = _in_words


def _linked_unit(field: str) -> Any:
    """Column formatter: another unit, linked where it is in the actor's scope, else not shown at all."""

    def formatter(view: Any, context: Any, model: Unit, name: str) -> Any:
        keys = getattr(model, field)
        keys = keys if isinstance(keys, list) else [keys] if keys else []
        found = scope.rows(by(), Unit).filter(pk__in=keys).only("name") if keys else []
        return Markup("；").join(_anchor(one) for one in found)

    return formatter


def _anchor(unit: Unit) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url_for("unit.details_view", id=unit.pk), unit.name)


class Honoured(Choice):
    """An honour that is held today; one that has run out is shown on the page and no longer found."""

    def apply(self, query: QuerySet, value: str) -> QuerySet:
        return query.honoured(value, clock.today())


class UnitView(ScopedView):
    """单位：县级维护本地区，单位维护自己的联系人。"""

    column_list = ("name", "credit_code", "area", "kinds", "industries", "honours")
    column_sortable_list = ("name", "credit_code")
    column_default_sort = "name"
    column_formatters = {"area": formats.area, "kinds": formats.words(Kind), "industries": _industries}
    column_formatters_export = column_formatters
    column_formatters_detail = column_formatters | {
        "park_id": _linked_unit("park_id"),
        "leader_ids": _linked_unit("leader_ids"),
        "predecessor_id": _linked_unit("predecessor_id"),
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
        Honoured(
            "honours.code", "现有荣誉称号", lambda: [(one.key, one.label) for one in rules.pack().honours]
        ),
        YesNo("focus", "培育重点"),
    )
    lookups = {"park_id": Unit, "leader_ids": Unit, "predecessor_id": Unit}
    form_columns = (
        "credit_code",
        "name",
        "area",
        "kinds",
        "former_names",
        "registered",
        "production",
        "ownership",
        "legal_person",
        "founded_on",
        "industries",
        "products",
        "introduction",
        "contacts",
        "honours",
        "focus",
        *PARTS,
        "park_id",
        "leader_ids",
        "predecessor_id",
    )
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
        """A unit keeps its own contacts, nothing else of its entry; a kind's own part comes with the kind."""
        fields = registry.unit_fields(acting().role)
        if record is None:
            return fields
        return [name for name in fields if name not in PARTS or name in record.kinds or record[name]]

    def create_record(self, values: dict[str, Any]) -> Document:
        return registry.register_unit(values, by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        return registry.update_unit(record, values, version=version, by=by())

    def detail_context(self, record: Document) -> dict[str, Any]:
        return super().detail_context(record) | {
            "related": self._related(record),
            "tables": self._tables(record),
        }

    def _related(self, unit: Unit) -> list[Any]:
        visible = scope.rows(by(), Unit)
        groups = (("入园企业", visible.tenants_of(unit)), ("供应商", visible.suppliers_of(unit)))
        return [
            (title, [(one.name, url_for(".details_view", id=one.pk), "") for one in found.limit(50)])
            for title, found in groups
            if found.first()
        ]

    def _tables(self, unit: Unit) -> list[Any]:
        today, actor = clock.today(), acting()
        mine = {"unit_id": unit.pk}
        counts = registry.count_green_factories(unit)
        tables = [("绿色工厂带动（第三条）", ("范围", "绿色工厂", "总数"), counts)] if counts else []
        applications = scope.rows(By.on(actor, today), Application).filter(**mine).order_by("-year")
        listings = scope.rows(By.on(actor, today), Listing).filter(**mine).order_by("-year")
        engagements = scope.rows(By.on(actor, today), Engagement).filter(**mine).order_by("-year")
        tables.append(
            (
                "申报",
                ("年度", "类别", "环节"),
                [
                    (
                        one.year,
                        Kind(one.kind).label,
                        Markup('<a href="{}">{}</a>').format(
                            url_for("application.details_view", id=one.pk), one.get_stage_display()
                        ),
                    )
                    for one in applications
                ],
            )
        )
        tables.append(
            (
                "名单",
                ("年度", "级别", "类别", "在册"),
                [
                    (
                        one.year,
                        one.get_level_display(),
                        one.get_kind_display(),
                        "是" if one.in_force else "否",
                    )
                    for one in listings
                ],
            )
        )
        tables.append(
            (
                "第三方机构",
                ("年度", "类别", "机构"),
                [(one.year, one.get_kind_display(), one.evaluator_name) for one in engagements],
            )
        )
        return [table for table in tables if table[2]]
