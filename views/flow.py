"""Screens whose records take steps: buttons from a table, greyed with the reason where not yet possible."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import abort, flash, redirect, request
from flask_admin import expose
from mongoengine import Document
from werkzeug.datastructures import ImmutableMultiDict

from app.policy.flow import NotAllowed, PolicyError
from views.base import ScopedView
from views.fields import object_id


@dataclass(frozen=True)
class Button:
    """One step on a record's page: offered when `why` is empty, else greyed with the reason."""

    action: str
    label: str
    why: str = ""
    needs_reason: bool = False
    reason_label: str = "理由"
    fields: list[dict[str, Any]] = field(default_factory=list)
    confirm: str = ""
    style: str = ""

    def context(self) -> dict[str, Any]:
        return asdict(self) | {"enabled": not self.why}


class FlowView(ScopedView):
    """A screen with steps; a child says which buttons a record has and what taking one means."""

    def buttons(self, record: Document) -> list[Button]:
        """The steps that the actor sees on this record now."""
        raise NotImplementedError

    def take(self, record: Document, action: str, version: int) -> str | None:
        """Take a step by its service; returns the sentence that confirms it. Raises PolicyError in words."""
        raise NotImplementedError

    def detail_context(self, record: Document) -> dict[str, Any]:
        return super().detail_context(record) | {"buttons": [one.context() for one in self.buttons(record)]}

    @expose("/step/", methods=("POST",))
    def step_view(self) -> Any:
        record = self.get_one(request.form.get("id"))
        action = request.form.get("action", "")
        version = request.form.get("version", "")
        try:
            done = self.take(record, action, int(version) if version.isdecimal() else -1)
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
        query = urlsplit(request.form.get("url", "")).query
        request.args = ImmutableMultiDict(parse_qsl(query))
        arguments = self._get_list_extra_args()
        return arguments.search, arguments.filters


def posted_day(name: str, label: str) -> date | None:
    """A day from a form, None when empty. Raises NotAllowed for what is no day."""
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NotAllowed(f"{label}应写成“年-月-日”，如 2026-06-12。") from None
