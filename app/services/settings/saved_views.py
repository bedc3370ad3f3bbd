"""Named views of lists: kept by their owner, shown to colleagues who see the same rows."""

from __future__ import annotations

from typing import Any

from app.policy.access import Actor, may
from app.policy.flow import NotAllowed
from app.policy.terms import Role
from app.services.core import records
from app.services.core.by import By
from models.settings.saved_views import SavedView

MAX_VIEWS = 30  # of one list and owner: a longer menu helps nobody


def visible_views(resource: str, actor: Actor) -> list[dict[str, Any]]:
    """Return the actor's own views of a list and those shared with them, by name; [] without the right."""
    if not may(actor, "read", "savedview"):
        return []
    own_or_shared = [{"username": actor.username}, {"shared": True, "circle": _circle(actor)}]
    # Asked for on every list: raw rows, without the cost of documents.
    rows = SavedView._get_collection().find({"resource": resource, "$or": own_or_shared})
    return list(rows.sort([("name", 1), ("_id", 1)]))


def save_view(resource: str, name: str, query: str, *, shared: bool, by: By) -> SavedView:
    """Store a list's conditions and columns under a name, replacing the owner's view of that name.

    Raises NotAllowed (no name, too many, no right), Invalid (too long).
    """
    name = name.strip()
    if not name:
        raise NotAllowed("请给视图起一个名称。")
    values: dict[str, Any] = {"query": query, "shared": shared, "circle": _circle(by.actor)}
    own = SavedView.objects(username=by.actor.username, resource=resource)
    if former := own.filter(name=name).first():
        return records.update(former, values, version=former.version, by=by)
    if own.count() >= MAX_VIEWS:
        raise NotAllowed(f"一个列表最多保存 {MAX_VIEWS} 个视图，请先删去不用的。")
    view = SavedView(
        username=by.actor.username, owner_name=by.actor.name, resource=resource, name=name, **values
    )
    return records.create(view, by=by)


def delete_view(resource: str, name: str, *, by: By) -> None:
    """Delete the actor's own view of this name. Raises NotAllowed where there is none."""
    own = SavedView.objects(username=by.actor.username, resource=resource, name=name).first()
    if own is None:
        raise NotAllowed("没有这个视图，或它由同事建立，只能由建立人删除。")
    records.delete(own, version=own.version, by=by)


def _circle(actor: Actor) -> str:
    """Name those who see the same rows, because a condition may name a unit: bureau, area, institution or unit."""
    if actor.role in (Role.CITY, Role.CITY_LEAD):
        return "bureau"
    return f"{actor.role.value}:{actor.area or actor.evaluator_id or actor.unit_id or actor.username}"
