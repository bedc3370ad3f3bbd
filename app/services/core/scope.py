"""The one scope: which rows of a model exist for somebody. Every read for a person goes through it.

A model whose own rows are found by another key than the unit says so beside its fields: SCOPE_SELF (field, attribute
of the actor), SCOPE_THROUGH (field, model whose rows decide), SCOPE_FROM (day from which everybody may read it),
SCOPE_ENGAGED (field of the engagement that holds the row's key).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mongoengine import Document, Q, QuerySet

from app.policy import access
from app.policy.access import Actor, Rows
from app.services.core.by import By
from models.registry.evaluators import Engagement
from models.registry.units import Unit
from models.unit_record import UnitRecord

NOBODY = Q(pk=None)


def resource_of(model: type[Document] | Document) -> str:
    """Return the resource name of a model in the table of rights: its class name in lower case."""
    cls = model if isinstance(model, type) else type(model)
    return cls.__name__.lower()


def rows(by: By, model: type[Document]) -> QuerySet:
    """Return the rows of `model` that exist for the actor; none at all without a right to read."""
    resource = resource_of(model)
    query = FILTERS[access.rows(by.actor, resource)](by, model)
    if states := access.states(by.actor, resource):
        query &= Q(state__in=states)
    return model.objects(query)


def find(by: By, model: type[Document], key: Any) -> Document | None:
    """Return the row with this key if it exists for the actor; a foreign row and a missing one look the same."""
    return rows(by, model).filter(pk=key).first()


def unit_of(by: By, record: UnitRecord) -> Unit | None:
    """Return the unit that `record` names if it exists for the actor."""
    return find(by, Unit, record.unit_id)


def covers(by: By, record: Document) -> bool:
    """Return whether an unsaved record lies within the actor's rows: writers must be able to read it."""
    match access.rows(by.actor, resource_of(record)):
        case Rows.ALL | Rows.MINE:
            return True
        case Rows.AREA:
            return bool(by.actor.area) and getattr(record, "area", None) == by.actor.area
        case Rows.SELF:
            return _is_self(by.actor, record)
        case Rows.OWN_REPORTS:
            return record.evaluator_id == by.actor.evaluator_id and _engaged_for(by, record)
    return False


def _is_self(actor: Actor, record: Document) -> bool:
    field, attribute = getattr(record, "SCOPE_SELF", ("unit_id", "unit_id"))
    own = getattr(actor, attribute)
    return own is not None and getattr(record, field, None) == own


def _engaged_for(by: By, report: Any) -> bool:
    running = Engagement.objects.running(by.actor.evaluator_id, by.today)
    return running.filter(unit_id=report.unit_id, kind=report.kind, year=report.year).first() is not None


def _nothing(by: By, model: type[Document]) -> Q:
    return NOBODY


def _everything(by: By, model: type[Document]) -> Q:
    return Q()


def _published(by: By, model: type[Document]) -> Q:
    """Match rows that everybody may see, those with a first day only from then on."""
    first_day = getattr(model, "SCOPE_FROM", None)
    return Q(**{f"{first_day}__lte": by.today}) if first_day else Q()


def _area(by: By, model: type[Document]) -> Q:
    if through := getattr(model, "SCOPE_THROUGH", None):
        return _through(by, *through)
    field = "area" if "area" in model._fields else "areas"
    return Q(**{field: by.actor.area}) if by.actor.area else NOBODY


def _through(by: By, field: str, owner: type[Document]) -> Q:
    """Match rows that belong where their owner does: whoever reads the owner reads them, and no others."""
    return Q(**{f"{field}__in": list(rows(by, owner).scalar("id"))})


def _self(by: By, model: type[Document]) -> Q:
    if through := getattr(model, "SCOPE_THROUGH", None):
        return _through(by, *through)
    unit_field = "unit_id" if "unit_id" in model._fields else "unit_ids"
    field, attribute = getattr(model, "SCOPE_SELF", (unit_field, "unit_id"))
    own = getattr(by.actor, attribute)
    return Q(**{field: own}) if own else NOBODY


def _own_reports(by: By, model: type[Document]) -> Q:
    return Q(evaluator_id=by.actor.evaluator_id) if by.actor.evaluator_id else NOBODY


def _engaged(by: By, model: type[Document]) -> Q:
    """Match rows only while the engagement runs, and only of its kind and year."""
    if by.actor.evaluator_id is None:
        return NOBODY
    running = Engagement.objects.running(by.actor.evaluator_id, by.today)
    if key := getattr(model, "SCOPE_ENGAGED", None):
        return Q(pk__in=list(running.scalar(key)))
    query = NOBODY
    for unit_id, kind, year in running.scalar("unit_id", "kind", "year"):
        query |= Q(unit_id=unit_id, kind=kind, year=year)
    return query


def _handed(by: By, model: type[Document]) -> Q:
    return Q(handed_to=by.actor.area) if by.actor.area else NOBODY


def _mine(by: By, model: type[Document]) -> Q:
    """Match the actor's own rows; whoever has moved to another area leaves its rows behind."""
    own = Q(username=by.actor.username)
    return own & Q(area=by.actor.area) if "area" in model._fields else own


FILTERS: dict[Rows, Callable[[By, type[Document]], Q]] = {
    Rows.NONE: _nothing,
    Rows.ALL: _everything,
    Rows.AREA: _area,
    Rows.SELF: _self,
    Rows.OWN_REPORTS: _own_reports,
    Rows.ENGAGED: _engaged,
    # 评审分派尚无数据来源：没有分派就没有可见的行
    Rows.ASSIGNED: _nothing,
    Rows.HANDED: _handed,
    Rows.PUBLISHED: _published,
    Rows.MINE: _mine,
}
