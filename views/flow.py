"""Screens whose records take steps: buttons from a table, greyed with the reason where not yet possible."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from mongoengine import Document
from werkzeug.datastructures import MultiDict

from app.policy.flow import NotAllowed, Offer, PolicyError
from app.security import typed
from views import asking, editing
from views.base import ScopedView
from views.fields import object_id


class FlowView(ScopedView):
    """A screen with steps; a child says what is offered on a record and what taking it means."""

    def offers(self, record: Document) -> list[Offer]:
        """The steps and acts that the actor sees on this record now; the service knows."""
        raise NotImplementedError

    def take(self, record: Document, action: str, version: int) -> str | None:
        """Take a step by its service; returns the sentence that confirms it. Raises PolicyError in words."""
        raise NotImplementedError

    def detail_context(self, record: Document) -> dict[str, Any]:
        return super().detail_context(record) | {
            "buttons": [_button(one, record) for one in self.offers(record)]
        }

    @expose("/step/", methods=("POST",))
    def step_view(self) -> Any:
        record = self.get_one(request.form.get("id"))
        action = request.form.get("action", "")
        try:
            done = self.take(record, action, editing.posted_version())
        except PolicyError as refusal:
            flash(str(refusal), "error")
        else:
            flash(done or "已办理。", "success")
        return redirect(self.get_url(".details_view", id=record.pk))

    # --- many rows at once ----------------------------------------------------------------------------

    def chosen(self) -> list[Document]:
        """The ticked rows, or all rows of the filtered list; one foreign key refuses the whole selection."""
        if request.form.get("scope") == "filtered":
            arguments = self._posted_list_arguments()
            return list(self.sorted(self.filtered(*arguments), None, True))
        keys = [object_id(value) for value in request.form.getlist("rowid")]
        if not keys:
            raise NotAllowed("请先勾选要办理的记录。")
        if None in keys:
            abort(404)
        rows = {row.pk: row for row in self.get_query().filter(pk__in=keys)}
        if set(rows) != set(keys):
            raise NotAllowed("所选记录中有不存在或不属于您的记录，整批未办理。")
        return [rows[key] for key in dict.fromkeys(keys)]

    def _posted_list_arguments(self) -> tuple[str | None, list[Any]]:
        """Search and filters of the list that the form was posted from, read again from its address."""
        _, _, query = request.form.get("url", "").partition("?")
        request.args = typed(MultiDict(parse_qsl(query)))
        arguments = self._get_list_extra_args()
        return arguments.search, arguments.filters


def _button(offer: Offer, record: Document) -> dict[str, Any]:
    """An offer as the details page draws it: a form, or the way to the page on which it is done."""
    label = asking.reason_label(offer.asks)
    return {
        "action": offer.action,
        "label": offer.label,
        "enabled": not offer.why,
        "why": offer.why,
        "needs_reason": bool(label),
        "reason_label": label,
        "fields": [] if offer.why else asking.inputs(offer.asks),
        "confirm": offer.note or (f"{offer.label}？" if offer.grave else ""),
        "style": "danger" if offer.grave else "",
        "url": url_for(f"{offer.through}.create_view", rowid=record.pk) if offer.through else "",
    }
