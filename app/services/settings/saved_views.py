"""Named views of lists: kept by their owner, shown to the colleagues who see the same rows (product.md: Low code)."""

from __future__ import annotations

from typing import Any

from app.policy.access import Actor, may
from app.policy.flow import NotAllowed
from app.policy.terms import Role
from app.services.core import records
from app.services.core.by import By
from models.settings.saved_views import SavedView

MOST = 30  # views of one list and owner; more would be no help to anybody


def visible(actor: Actor, resource: str) -> list[dict[str, Any]]:
    """The actor's own views of a list and those that colleagues share with him, by name; () without the right."""
    if not may(actor, "read", "savedview"):
        return []
    whose = [{"username": actor.username}, {"shared": True, "circle": circle(actor)}]
    # Asked for on every list: as they are stored, without the cost of documents.
    found = SavedView._get_collection().find({"resource": resource, "$or": whose})
    return list(found.sort([("name", 1), ("_id", 1)]))


def circle(actor: Actor) -> str:
    """Who sees the same rows: the bureau, one area, one institution, one unit. A condition may name a unit."""
    if actor.role in (Role.CITY, Role.CITY_LEAD):
        return "bureau"
    return f"{actor.role.value}:{actor.area or actor.evaluator_id or actor.unit_id or actor.username}"


def keep(by: By, resource: str, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep a list's conditions and columns under a name; the owner's view of that name takes them over.

    Raises NotAllowed (no name, too many, no right), Invalid (too long).
    """
    name = name.strip()
    if not name:
        raise NotAllowed("请给视图起一个名称。")
    values: dict[str, Any] = {"query": query, "shared": shared, "circle": circle(by.actor)}
    own = SavedView.objects(username=by.actor.username, resource=resource)
    if known := own.filter(name=name).first():
        return records.update(known, values, version=known.version, by=by)
    if own.count() >= MOST:
        raise NotAllowed(f"一个列表最多保存 {MOST} 个视图，请先删去不用的。")
    made = SavedView(
        username=by.actor.username, owner_name=by.actor.name, resource=resource, name=name, **values
    )
    return records.create(made, by=by)


def drop(by: By, resource: str, name: str) -> None:
    """Remove the own view of this name. Raises NotAllowed where there is none: others' are theirs to remove."""
    own = SavedView.objects(username=by.actor.username, resource=resource, name=name).first()
    if own is None:
        raise NotAllowed("没有这个视图，或它由同事建立，只能由建立人删除。")
    records.delete(own, version=own.version, by=by)
