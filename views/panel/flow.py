"""Screens whose records take steps: buttons from a table, greyed with the reason where not yet possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from mongoengine import Document
from werkzeug.wrappers import Response

from app.policy.flow import Offer, PolicyError
from app.services.core import batches as batch_results
from views import acting, by
from views.panel import batches, editing, formats, list_context, step_inputs
from views.panel.actions import Action
from views.panel.base import ScopedView
from views.panel.batches import Batch, Verdicts
from views.panel.fields import object_id


class FlowView(ScopedView):
    """A screen with steps: the service offers them, declared actions carry them out."""

    actions: ClassVar[Mapping[str, Action]] = {}
    batches: ClassVar[Mapping[str, Batch]] = {}
    # Heading → fact of a row on the page before a batch.
    batch_columns: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}

    def offers(self, record: Document) -> list[Offer]:
        """Return the steps and acts that the actor sees on this record now; the service knows."""
        raise NotImplementedError

    def take(self, record: Document, action: str, version: int) -> str:
        """Take an action and return the sentence that confirms it. Raises PolicyError in words."""
        declared = self.actions.get(action)
        return declared.take(record, version) if declared else self.take_step(record, action, version)

    def take_step(self, record: Document, action: str, version: int) -> str:
        """Take a step of the record's workflow, for screens that have one."""
        abort(404)

    def inputs_of(self, record: Document, offer: Offer) -> list[dict[str, Any]]:
        """Return the inputs of an offer's dialog, its reason apart."""
        return step_inputs.inputs(offer.asks)

    def detail_context(self, record: Document) -> dict[str, Any]:
        buttons = [self._button(record, offer) for offer in self.offers(record)]
        return super().detail_context(record) | {"buttons": buttons}

    def _button(self, record: Document, offer: Offer) -> dict[str, Any]:
        """Return an offer as the page draws it: a form, or the way to the page on which it is done."""
        label = step_inputs.reason_label(offer.asks)
        return {
            "action": offer.action,
            "label": offer.label,
            "enabled": not offer.why,
            "why": offer.why,
            "needs_reason": bool(label),
            "reason_label": label,
            "fields": [] if offer.why else self.inputs_of(record, offer),
            "confirm": offer.note or (f"{offer.label}？" if offer.grave else ""),
            "style": "danger" if offer.grave else "",
            # What sends a record back or ends it asks for its reason; it never takes the first, filled place.
            "onward": not (offer.grave or label or "corrections" in offer.asks),
            "url": url_for(f"{offer.through}.create_view", rowid=record.pk) if offer.through else "",
        }

    @expose("/step/", methods=("POST",))
    def step_view(self) -> Any:
        record = self.get_one(request.form.get("id"))
        try:
            done = self.take(record, request.form.get("action", ""), editing.posted_version())
        except PolicyError as refusal:
            flash(str(refusal), "error")
        else:
            flash(done, "success")
        if not self.get_query().filter(pk=record.pk).first():  # a draft that was discarded
            return redirect(self.get_url(".index_view"))
        return redirect(self.get_url(".details_view", id=record.pk, url=get_redirect_target()))

    # --- many rows at once ----------------------------------------------------------------------------

    def batch(self, action: str) -> Batch:
        """Return the batch behind an action of the list."""
        return self.batches[action]

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """Judge the chosen rows or, once confirmed, act on them; an invented action is refused, not ignored."""
        action = request.form.get("action", "")
        label = dict(self.batch_actions()).get(action) or abort(404)
        batch = self.batch(action)
        try:
            rows = batches.chosen(self)
            if batch.judge is None or request.form.get("confirm"):
                return batch.run(self, rows)
            return batches.page(self, action, label, batch, batch.judge(rows))
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(get_redirect_target() or self.get_url(".index_view"))

    def tell(self, title: str, results: Verdicts) -> Response:
        """Save the outcome of each row ("" or why not) and go to the page that shows it."""
        lines = [(str(row), self.get_url(".details_view", id=row.pk), not why, why) for row, why in results]
        return self.tell_lines(title, lines, list_context.came_from(self))

    def tell_lines(self, title: str, lines: Iterable[batch_results.Line], back: str) -> Response:
        """Do the same for rows that are shown elsewhere or took something."""
        results = batch_results.save_results(title, self.resource, lines, back=back, by=by())
        return redirect(self.get_url(".result_view", id=results.pk))

    @expose("/result/")
    def result_view(self) -> str:
        """Show the outcome of a batch to whoever started it; reloading does nothing again."""
        results = batch_results.own_result(
            acting(), self.resource, object_id(request.args.get("id"))
        ) or abort(404)
        return self.render(
            "ui/result.html",
            title=results.title,
            rows=results.lines,
            back_url=results.back or self.get_url(".index_view"),
            at=formats.instant(self, results.at, ""),
            by=results.name,
        )
