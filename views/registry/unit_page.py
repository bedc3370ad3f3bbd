"""The page of a unit: industries in words, related units, tables of its records."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import url_for
from markupsafe import Markup
from mongoengine import QuerySet

from app.policy.filing import industries
from app.services import registry
from app.services.core import scope
from models.filing.applications import Application
from models.lists import Listing
from models.registry.evaluators import Engagement
from models.registry.units import Unit
from views import by
from views.panel.sections import Link, Related, Table

MAX_LINKS = 50
Row = tuple[Any, ...]


def industry_names(view: Any, context: Any, model: Unit, name: str) -> str:
    """Format the industries of a unit by name and code."""
    return _in_words(model.industries)


def _in_words(codes: list[str]) -> str:
    return "；".join(f"{industries.name(code) or '未收录'}（{code}）" for code in codes)


industry_names.plain = _in_words


def linked_units(field: str) -> Callable[..., Any]:
    """Return a formatter that links the units of a field; units out of the actor's scope are not shown."""

    def formatter(view: Any, context: Any, model: Unit, name: str) -> Any:
        keys = getattr(model, field)
        keys = keys if isinstance(keys, list) else [keys] if keys else []
        units = scope.rows(by(), Unit).filter(pk__in=keys).only("name") if keys else []
        return Markup("；").join(
            Markup('<a href="{}">{}</a>').format(url_for("unit.details_view", id=unit.pk), unit.name)
            for unit in units
        )

    return formatter


def _tenant_links(view: Any, record: Unit) -> Iterator[Link]:
    return _links(scope.rows(by(), Unit).tenants_of(record))


def _supplier_links(view: Any, record: Unit) -> Iterator[Link]:
    return _links(scope.rows(by(), Unit).suppliers_of(record))


def _links(units: QuerySet) -> Iterator[Link]:
    return (Link(unit.name, url_for(".details_view", id=unit.pk)) for unit in units.limit(MAX_LINKS))


RELATED = (Related("入园企业", (_tenant_links,)), Related("供应商", (_supplier_links,)))


def _records_of(model: type[Any], unit: Unit) -> QuerySet:
    return scope.rows(by(), model).filter(unit_id=unit.pk).order_by("-year")


def _green_factory_rows(view: Any, record: Unit) -> list[Row]:
    return registry.count_green_factories(record)


def _application_rows(view: Any, record: Unit) -> Iterator[Row]:
    for application in _records_of(Application, record):
        url = url_for("application.details_view", id=application.pk)
        stage = Markup('<a href="{}">{}</a>').format(url, application.get_stage_display())
        yield application.year, application.get_kind_display(), stage


def _listing_rows(view: Any, record: Unit) -> Iterator[Row]:
    for entry in _records_of(Listing, record):
        in_force = "是" if entry.in_force else "否"
        yield entry.year, entry.get_level_display(), entry.get_kind_display(), in_force


def _engagement_rows(view: Any, record: Unit) -> Iterator[Row]:
    for engagement in _records_of(Engagement, record):
        yield engagement.year, engagement.get_kind_display(), engagement.evaluator_name


TABLES = (
    Table("绿色工厂带动（第三条）", ("范围", "绿色工厂", "总数"), _green_factory_rows),
    Table("申报", ("年度", "类别", "环节"), _application_rows),
    Table("名单", ("年度", "级别", "类别", "在册"), _listing_rows),
    Table("第三方机构", ("年度", "类别", "机构"), _engagement_rows),
)
