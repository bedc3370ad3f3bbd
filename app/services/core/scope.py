"""The one scope: which rows of a model exist for somebody. Everything that reads for a person reads through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mongoengine import Document, Q, QuerySet

from app.policy import access
from app.policy.access import Actor, Rows
from app.services.core.by import By
from models.accounts.people import User
from models.lists import PublicNotice
from models.papers import Number, Paper
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit
from models.unit_record import UnitRecord

NOBODY = Q(pk=None)


def resource_of(model: type[Document] | Document) -> str:
    """The resource name of a model in the table of rights: its class name in lower case."""
    cls = model if isinstance(model, type) else type(model)
    return cls.__name__.lower()


def rows(by: By, model: type[Document]) -> QuerySet:
    """The rows of `model` that exist for `actor`; none at all where the table grants no reading."""
    resource = resource_of(model)
    query = FILTERS[access.rows(by.actor, resource)](by, model)
    if states := access.states(by.actor, resource):
        query &= Q(state__in=states)
    return model.objects(query)


def find(by: By, model: type[Document], key: Any) -> Document | None:
    """The row with this key if it exists for `actor`; a foreign row and a missing one look the same."""
    return rows(by, model).filter(pk=key).first()


def unit_of(by: By, record: UnitRecord) -> Unit | None:
    """Return the unit that `record` names if it exists for the actor."""
    return find(by, Unit, record.unit_id)


def covers(by: By, record: Document) -> bool:
    """Whether a record not yet saved would lie within the actor's rows: nobody writes what he could not read."""
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
    if isinstance(record, Evaluator):
        return actor.evaluator_id is not None and record.pk == actor.evaluator_id
    return actor.unit_id is not None and getattr(record, "unit_id", None) == actor.unit_id


def _engaged_for(by: By, report: Any) -> bool:
    running = Engagement.objects.running(by.actor.evaluator_id, by.today)
    return running.filter(unit_id=report.unit_id, kind=report.kind, year=report.year).first() is not None


def _nothing(by: By, model: type[Document]) -> Q:
    return NOBODY


def _everything(by: By, model: type[Document]) -> Q:
    return Q()


def _published(by: By, model: type[Document]) -> Q:
    """What everybody may see; a notice only from its first day."""
    return Q(first_day__lte=by.today) if model is PublicNotice else Q()


def _area(by: By, model: type[Document]) -> Q:
    if model is Number:
        return _where_its_paper_is(by)
    field = "area" if "area" in model._fields else "areas"
    return Q(**{field: by.actor.area}) if by.actor.area else NOBODY


def _where_its_paper_is(by: By) -> Q:
    """A number belongs where its paper does: who reads the paper reads its number, and no other."""
    return Q(paper_id__in=list(rows(by, Paper).scalar("id")))


def _self(by: By, model: type[Document]) -> Q:
    if model is User:
        return Q(username=by.actor.username)
    if model is Evaluator:
        return Q(pk=by.actor.evaluator_id) if by.actor.evaluator_id else NOBODY
    if by.actor.unit_id is None:
        return NOBODY
    if model is Unit:
        return Q(pk=by.actor.unit_id)
    if model is Number:
        return _where_its_paper_is(by)
    return Q(**{"unit_id" if "unit_id" in model._fields else "unit_ids": by.actor.unit_id})


def _own_reports(by: By, model: type[Document]) -> Q:
    return Q(evaluator_id=by.actor.evaluator_id) if by.actor.evaluator_id else NOBODY


def _engaged(by: By, model: type[Document]) -> Q:
    """Only while the engagement runs, and only the kind and year that it is for."""
    if by.actor.evaluator_id is None:
        return NOBODY
    running = Engagement.objects.running(by.actor.evaluator_id, by.today)
    if model is Engagement:
        return Q(pk__in=list(running.scalar("id")))
    if model is Unit:
        return Q(pk__in=list(running.scalar("unit_id")))
    query = NOBODY
    for unit_id, kind, year in running.scalar("unit_id", "kind", "year"):
        query |= Q(unit_id=unit_id, kind=kind, year=year)
    return query


def _handed(by: By, model: type[Document]) -> Q:
    return Q(handed_to=by.actor.area) if by.actor.area else NOBODY


def _mine(by: By, model: type[Document]) -> Q:
    """Whoever has moved to another area left there what he made of its records."""
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
