"""The one scope: which rows of a model exist for somebody. Everything that reads for a person reads through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from mongoengine import Document, Q, QuerySet

from app.policy import access
from app.policy.access import Actor, Rows
from models.accounts.people import User
from models.lists import PublicNotice
from models.papers import Number, Paper
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit

NOBODY = Q(pk=None)


def resource_of(model: type[Document] | Document) -> str:
    """The resource name of a model in the table of rights: its class name in lower case."""
    cls = model if isinstance(model, type) else type(model)
    return cls.__name__.lower()


def rows(actor: Actor, model: type[Document], today: date) -> QuerySet:
    """The rows of `model` that exist for `actor`; none at all where the table grants no reading."""
    resource = resource_of(model)
    query = FILTERS[access.rows(actor, resource)](actor, model, today)
    if only := access.ONLY.get((resource, actor.role)):
        field, states = only
        query &= Q(**{f"{field}__in": [state.value for state in states]})
    return model.objects(query)


def one(actor: Actor, model: type[Document], key: Any, today: date) -> Document | None:
    """The row with this key if it exists for `actor`; a foreign row and a missing one look the same."""
    return rows(actor, model, today).filter(pk=key).first()


def covers(actor: Actor, record: Document, today: date) -> bool:
    """Whether a record not yet saved would lie within the actor's rows: nobody writes what he could not read."""
    match access.rows(actor, resource_of(record)):
        case Rows.ALL | Rows.MINE:
            return True
        case Rows.AREA:
            return bool(actor.area) and getattr(record, "area", None) == actor.area
        case Rows.SELF:
            return _is_self(actor, record)
        case Rows.OWN_REPORTS:
            return record.evaluator_id == actor.evaluator_id and _engaged_for(actor, record, today)
    return False


def _is_self(actor: Actor, record: Document) -> bool:
    if isinstance(record, Evaluator):
        return actor.evaluator_id is not None and record.pk == actor.evaluator_id
    return actor.unit_id is not None and getattr(record, "unit_id", None) == actor.unit_id


def _engaged_for(actor: Actor, report: Any, today: date) -> bool:
    running = Engagement.objects.running(actor.evaluator_id, today)
    return running.filter(unit_id=report.unit_id, kind=report.kind, year=report.year).first() is not None


def _nothing(actor: Actor, model: type[Document], today: date) -> Q:
    return NOBODY


def _everything(actor: Actor, model: type[Document], today: date) -> Q:
    return Q()


def _published(actor: Actor, model: type[Document], today: date) -> Q:
    """What everybody may see; a notice only from its first day."""
    return Q(first_day__lte=today) if model is PublicNotice else Q()


def _area(actor: Actor, model: type[Document], today: date) -> Q:
    if model is Number:
        return _where_its_paper_is(actor, today)
    field = "area" if "area" in model._fields else "areas"
    return Q(**{field: actor.area}) if actor.area else NOBODY


def _where_its_paper_is(actor: Actor, today: date) -> Q:
    """A number belongs where its paper does: who reads the paper reads its number, and no other."""
    return Q(paper_id__in=list(rows(actor, Paper, today).scalar("id")))


def _self(actor: Actor, model: type[Document], today: date) -> Q:
    if model is User:
        return Q(username=actor.username)
    if model is Evaluator:
        return Q(pk=actor.evaluator_id) if actor.evaluator_id else NOBODY
    if actor.unit_id is None:
        return NOBODY
    if model is Unit:
        return Q(pk=actor.unit_id)
    if model is Number:
        return _where_its_paper_is(actor, today)
    return Q(**{"unit_id" if "unit_id" in model._fields else "unit_ids": actor.unit_id})


def _own_reports(actor: Actor, model: type[Document], today: date) -> Q:
    return Q(evaluator_id=actor.evaluator_id) if actor.evaluator_id else NOBODY


def _engaged(actor: Actor, model: type[Document], today: date) -> Q:
    """Only while the engagement runs, and only the kind and year that it is for."""
    if actor.evaluator_id is None:
        return NOBODY
    running = Engagement.objects.running(actor.evaluator_id, today)
    if model is Engagement:
        return Q(pk__in=list(running.scalar("id")))
    if model is Unit:
        return Q(pk__in=list(running.scalar("unit_id")))
    query = NOBODY
    for unit_id, kind, year in running.scalar("unit_id", "kind", "year"):
        query |= Q(unit_id=unit_id, kind=kind, year=year)
    return query


def _handed(actor: Actor, model: type[Document], today: date) -> Q:
    return Q(handed_to=actor.area) if actor.area else NOBODY


def _mine(actor: Actor, model: type[Document], today: date) -> Q:
    """Whoever has moved to another area left there what he made of its records."""
    own = Q(username=actor.username)
    return own & Q(area=actor.area) if "area" in model._fields else own


FILTERS: dict[Rows, Callable[[Actor, type[Document], date], Q]] = {
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
