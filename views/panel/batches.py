"""Batches: an action on the ticked rows of a list, each row judged on a page of its own before anything happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from mongoengine import Document

from app.policy.flow import NotAllowed
from app.services.core import scope
from views.panel import list_context
from views.panel.fields import object_id

Verdicts = Iterable[tuple[Any, str]]  # a row, and why it will not be acted on, "" if it will


@dataclass(frozen=True)
class Batch:
    """An action on many rows: how each is judged beforehand, and how all are carried out."""

    run: Callable[[Any, list[Any]], Any]  # screen and rows → answer to the request. Raises PolicyError
    judge: Callable[[list[Any]], Verdicts] | None = None  # None: runs at once
    fields: Sequence[Any] = ()  # inputs for all rows together
    needs_reason: bool = False
    title: str = ""
    label: Callable[[Any], str] = str  # of a row


def page(view: Any, action: str, label: str, batch: Batch, verdicts: Verdicts) -> str:
    """Return the page that says which of the chosen rows would fail and why, and asks to go on."""
    back = list_context.came_from(view)
    return view.render(
        "ui/preflight.html",
        title=batch.title or f"批量办理：{label}",
        label=label,
        post_url=view.get_url(".action_view"),
        back_url=back,
        headers=list(view.batch_columns),
        rows=lines(verdicts, view.batch_columns.values(), batch.label),
        fields=batch.fields,
        needs_reason=batch.needs_reason,
        hidden=[("action", action), ("url", back)],
    )


def lines(
    verdicts: Verdicts, facts: Iterable[Callable[[Any], Any]], label: Callable[[Any], str] = str
) -> list[dict[str, Any]]:
    """Return the rows as the page shows them."""
    columns = list(facts)
    return [
        {
            "id": row.pk,
            "label": label(row),
            "url": url_for(f"{scope.resource_of(row)}.details_view", id=row.pk),
            "ok": not why,
            "why": why,
            "facts": [fact(row) for fact in columns],
        }
        for row, why in verdicts
    ]


def chosen(view: Any) -> list[Document]:
    """Return the ticked rows, or all rows of the filtered list; one foreign key refuses the whole selection."""
    if request.form.get("scope") == "filtered":
        with list_context.reading(request.form.get("url", "")):
            arguments = view._get_list_extra_args()
            query = view.filtered(arguments.search, arguments.filters)
        return list(view.sorted(query, None, True))
    keys = [object_id(value) for value in request.form.getlist("rowid")]
    if not keys:
        raise NotAllowed("请先勾选要办理的记录。")
    if None in keys:
        abort(404)
    rows = {row.pk: row for row in view.get_query().filter(pk__in=keys)}
    if set(rows) != set(keys):
        raise NotAllowed("所选记录中有不存在或不属于您的记录，整批未办理。")
    return [rows[key] for key in dict.fromkeys(keys)]
