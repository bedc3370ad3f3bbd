"""Screens whose records take steps: buttons from a table, greyed with the reason where not yet possible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from mongoengine import Document
from werkzeug.wrappers import Response

from app.policy.flow import NotAllowed, Offer, PolicyError
from app.services.core import batches
from views import acting, by
from views.panel import editing, formats, list_context, step_inputs
from views.panel.base import ScopedView
from views.panel.fields import object_id


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
        return redirect(self.get_url(".details_view", id=record.pk, url=get_redirect_target()))

    # --- many rows at once ----------------------------------------------------------------------------

    def tell(self, title: str, results: Iterable[tuple[Any, str]]) -> Response:
        """Keep what became of each row ("" or why not) and go to the page that shows it."""
        lines = [(str(row), self.get_url(".details_view", id=row.pk), not why, why) for row, why in results]
        return self.tell_lines(title, lines, list_context.came_from(self))

    def tell_lines(self, title: str, lines: Iterable[batches.Line], back: str) -> Response:
        """The same for rows that are shown elsewhere or took something."""
        kept = batches.save_results(title, self.resource, lines, back=back, by=by())
        return redirect(self.get_url(".result_view", id=kept.pk))

    @expose("/result/")
    def result_view(self) -> str:
        """The result table of a batch, for the one who started it; reloading does nothing again."""
        found = batches.own(acting(), self.resource, object_id(request.args.get("id")))
        if found is None:
            abort(404)
        return self.render(
            "ui/result.html",
            title=found.title,
            rows=found.lines,
            back_url=found.back or self.get_url(".index_view"),
            at=formats.instant(self, found.at, ""),
            by=found.name,
        )

    def chosen(self) -> list[Document]:
        """The ticked rows, or all rows of the filtered list; one foreign key refuses the whole selection."""
        if request.form.get("scope") == "filtered":
            with list_context.reading(request.form.get("url", "")):
                arguments = self._get_list_extra_args()
                rows = self.filtered(arguments.search, arguments.filters)
            return list(self.sorted(rows, None, True))
        keys = [object_id(value) for value in request.form.getlist("rowid")]
        if not keys:
            raise NotAllowed("请先勾选要办理的记录。")
        if None in keys:
            abort(404)
        rows = {row.pk: row for row in self.get_query().filter(pk__in=keys)}
        if set(rows) != set(keys):
            raise NotAllowed("所选记录中有不存在或不属于您的记录，整批未办理。")
        return [rows[key] for key in dict.fromkeys(keys)]


def _button(offer: Offer, record: Document) -> dict[str, Any]:
    """An offer as the details page draws it: a form, or the way to the page on which it is done."""
    label = step_inputs.reason_label(offer.asks)
    return {
        "action": offer.action,
        "label": offer.label,
        "enabled": not offer.why,
        "why": offer.why,
        "needs_reason": bool(label),
        "reason_label": label,
        "fields": [] if offer.why else step_inputs.inputs(offer.asks),
        "confirm": offer.note or (f"{offer.label}？" if offer.grave else ""),
        "style": "danger" if offer.grave else "",
        # What sends a record back or ends it asks for its reason; it never takes the first, filled place.
        "onward": not (offer.grave or label or "corrections" in offer.asks),
        "url": url_for(f"{offer.through}.create_view", rowid=record.pk) if offer.through else "",
    }
