"""Columns of a list: those of the screen, or those that its reader has chosen among the visible fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from mongoengine import Document, ObjectIdField

from app.policy import access
from app.policy.access import Rows
from views import acting
from views.panel.rows import HEAVY

ARGUMENT = "cols"
MAX_COLUMNS = 20
Column = tuple[str, Any]


def labels_of(model: type[Document]) -> dict[str, str]:
    """Return the labels of a model's fields."""
    labels = {name: getattr(field, "verbose_name", None) for name, field in model._fields.items()}
    return {name: label for name, label in labels.items() if label}


def visible(view: Any, columns: Iterable[Column]) -> list[Column]:
    """Return the columns without the fields that the table of rights hides from the actor."""
    hidden = access.hidden(acting(), view.resource)
    return [column for column in columns if column[0] not in hidden]


def offered(view: Any) -> list[Column]:
    """Return the columns to choose from: the screen's own, then every field of its pages that a list can show."""
    names = [name for name, _ in (*view._list_columns, *view._export_columns)]
    names += [name for _, group in view.detail_groups for name in group]
    named = [
        (name, view.column_labels.get(name) or view.get_column_name(name)) for name in dict.fromkeys(names)
    ]
    own = dict(view._list_columns)
    return [column for column in visible(view, named) if column[0] in own or _is_listable(view, column[0])]


def _is_listable(view: Any, name: str) -> bool:
    """Return whether a row holds the field: a look-up would cost a read a row (docs/traps.md#9)."""
    field = view.model._fields.get(name)
    inner = getattr(field, "field", field)
    return field is not None and name not in HEAVY and not isinstance(inner, ObjectIdField)


def chosen(view: Any) -> list[Column] | None:
    """Return the columns that the address asks for, in its order; None where it asks for none that exist."""
    if not (wanted := request.args.get(ARGUMENT)):
        return None
    known = dict(offered(view))
    return [(name, known[name]) for name in dict.fromkeys(wanted.split(",")) if name in known][
        :MAX_COLUMNS
    ] or None


def shown(view: Any) -> list[Column]:
    """Return the chosen columns, else the screen's own; without the area for accounts that see only one."""
    if picked := chosen(view):
        return picked
    only_one = access.rows(acting(), view.resource) in (Rows.AREA, Rows.SELF)
    own = visible(view, view._list_columns)
    return [column for column in own if not (only_one and column[0] == "area")]


def choices(view: Any) -> list[tuple[str, Any, bool]]:
    """Return every column to choose from, and whether it is shown now: the chosen ones first, in their order."""
    now = dict(shown(view))
    return [(name, label, True) for name, label in now.items()] + [
        (name, label, False) for name, label in offered(view) if name not in now
    ]
