"""Columns of a list: those of the screen, or those that somebody has chosen among the fields that he may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from mongoengine import ObjectIdField

from app.policy import access
from app.policy.access import Rows
from views import acting
from views.panel.rows import HEAVY

ARGUMENT = "cols"
MOST = 20
Column = tuple[str, Any]


def visible(view: Any, columns: Iterable[Column]) -> list[Column]:
    """Columns without the fields that the table of rights hides from the actor."""
    left_out = access.hidden(acting(), view.resource)
    return [column for column in columns if column[0] not in left_out]


def offered(view: Any) -> list[Column]:
    """What may be chosen: the screen's own columns, then every field of its pages that a list can show."""
    names = [name for name, _ in (*view._list_columns, *view._export_columns)]
    names += [name for _, group in view.detail_groups for name in group]
    named = [
        (name, view.column_labels.get(name) or view.get_column_name(name)) for name in dict.fromkeys(names)
    ]
    own = dict(view._list_columns)
    return [column for column in visible(view, named) if column[0] in own or _is_listable(view, column[0])]


def _is_listable(view: Any, name: str) -> bool:
    """Fields that a row holds by itself: what is looked up for each record would cost a read a row (docs/traps.md#9)."""
    field = view.model._fields.get(name)
    inner = getattr(field, "field", field)
    return field is not None and name not in HEAVY and not isinstance(inner, ObjectIdField)


def chosen(view: Any) -> list[Column] | None:
    """The columns that the address asks for, in its order; None where it asks for none that exist."""
    if not (wanted := request.args.get(ARGUMENT)):
        return None
    known = dict(offered(view))
    return [(name, known[name]) for name in dict.fromkeys(wanted.split(",")) if name in known][:MOST] or None


def shown(view: Any) -> list[Column]:
    """What the list shows: the chosen columns, else the screen's own; the area is no news to who sees only one."""
    if picked := chosen(view):
        return picked
    only_one = access.rows(acting(), view.resource) in (Rows.AREA, Rows.SELF)
    own = visible(view, view._list_columns)
    return [column for column in own if not (only_one and column[0] == "area")]


def choices(view: Any) -> list[tuple[str, Any, bool]]:
    """Every column that may be chosen, and whether it is shown now: the chosen ones first, in their order."""
    now = dict(shown(view))
    return [(name, label, True) for name, label in now.items()] + [
        (name, label, False) for name, label in offered(view) if name not in now
    ]
