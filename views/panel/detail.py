"""The page of one record: facts in groups, files, and its history from the audit log."""

import re
from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any

from bson import ObjectId
from flask import url_for
from flask_admin.helpers import get_redirect_target
from mongoengine import Document

from app.policy import access
from app.policy.audit import LABELS
from app.policy.terms import Role
from app.services.core import audit, rules, scope
from app.services.core import files as stored_files
from models.audit import AuditEntry
from models.registry.evaluators import Evaluator
from models.registry.units import Unit
from views import acting, by
from views.panel import formats, list_context

HISTORY = 100  # entries on a page; the audit screen has them all


def context(view: Any, record: Document) -> dict[str, Any]:
    """Return everything that the page of a record shows."""
    back = get_redirect_target()
    edit_url = view.get_url(".edit_view", id=record.pk, url=back) if view.may_edit(record) else None
    return {
        "model": record,
        "record_id": record.pk,
        "version": getattr(record, "version", None),
        "title": str(record),
        "badges": badges(view, record),
        "header_facts": view.header_facts(record),
        "groups": groups(view, record),
        "tables": [table for part in view.tables for table in part.tables(view, record)],
        "related": [related.group(view, record) for related in view.related],
        "extra_links": [link.shown(view, record) for link in view.page_links if link.when(view, record)],
        "timeline": timeline(record),
        "files": files(record),
        "help_articles": articles(view.help_articles),
        "edit_url": edit_url,
        "return_url": back or view.get_url(".index_view"),
        **list_context.beside(view, record),
    }


def badges(view: Any, record: Document) -> list[Any]:
    """Return the stage or state of a record, as its list shows it."""
    names = [name for name in ("stage", "state") if name in record._fields and getattr(record, name)]
    return [view.column_formatters[name](view, None, record, name) for name in names[:1]]


def groups(view: Any, record: Document) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return the facts of a record, by the screen's groups."""
    shown = []
    left_out = access.hidden(acting(), view.resource)
    for title, names in view.detail_groups:
        seen = [name for name in names if name not in left_out]
        facts = [(view.column_labels.get(name, name), value(view, record, name)) for name in seen]
        shown.append((title, facts))
    return shown


def value(view: Any, record: Document, name: str) -> Any:
    """Return a field as the page shows it."""
    if formats.choices(type(record), name) and name not in (view.column_formatters_detail or {}):
        return formats.worded(view, type(record), name, getattr(record, name))
    return view._get_list_value(
        None,
        record,
        name,
        view.column_formatters_detail or view.column_formatters,
        view.column_type_formatters_detail,
    )


def timeline(record: Document) -> list[dict[str, Any]]:
    """Return the history of a record, newest first: person, act, moment, old and new values."""
    if access.rows(acting(), scope.resource_of(record)) is access.Rows.PUBLISHED:
        return []  # what was published is for everybody, how it came about is not
    left_out = access.hidden(acting(), scope.resource_of(record))
    latest = audit.history(record).limit(HISTORY)
    shown = [entry for entry in latest if not _is_blind(entry, left_out)]
    names = _names(shown)
    # One decision covers cases of many areas: its table shows each reader only those in scope.
    whole = access.rows(acting(), scope.resource_of(record)) is access.Rows.ALL
    return [_line(entry, left_out if whole else {*left_out, "lines"}, names) for entry in shown]


KEY = re.compile(r"\b[0-9a-f]{24}\b")


def _names(entries: list[AuditEntry]) -> dict[str, str]:
    """Return the names behind the keys in these lines, as far as the actor may read them."""
    keys = list(_keys(entries))
    if not keys:
        return {}
    rows = [scope.rows(by(), model).filter(pk__in=keys).only("name") for model in (Unit, Evaluator)]
    return {str(row.pk): row.name for row in chain(*rows)}


def _keys(entries: list[AuditEntry]) -> set[ObjectId]:
    changes = [change for entry in entries for change in entry.changes]
    texts = [text or "" for change in changes for text in (change.old, change.new)]
    return {ObjectId(key) for text in texts for key in KEY.findall(text)}


def _is_blind(entry: AuditEntry, hidden: Collection[str]) -> bool:
    """Return whether an entry is hidden: all its fields are, or it is about scores (第十五条) that the actor may not read."""
    if entry.changes and all(change.field in hidden for change in entry.changes):
        return True
    scored = any(change.field == "scores" for change in entry.changes)
    return scored and not access.may(acting(), "read", "review")


def _line(entry: AuditEntry, hidden: Collection[str], names: Mapping[str, str]) -> dict[str, Any]:
    def said(text: str) -> str:
        return KEY.sub(lambda key: names.get(key[0], "有"), text or "")

    role = Role(entry.role).label if entry.role in {r.value for r in Role} else entry.role
    return {
        "at": entry.at,
        "who": entry.name or entry.who,
        "role": role,
        "what": LABELS.get(entry.verb, entry.verb),
        "reason": entry.reason,
        "changes": [
            (change.label, said(change.old), said(change.new))
            for change in entry.changes
            if change.label != change.field and change.field not in hidden
        ],
        "links": [],
    }


def files(record: Document) -> list[tuple[str, str, str, str]]:
    """Return the final files of a record: name, address, size, digest."""
    return [
        (file.filename, url_for("files.download", attachment_id=file.pk), size(file.size), file.sha256)
        for file in stored_files.final_files(record)
    ]


def size(count: int) -> str:
    """Return a file size in units that clerks use."""
    return f"{count / 1_048_576:.1f} MB" if count >= 1_048_576 else f"{max(count / 1024, 0.1):.1f} KB"


def articles(numbers: Any) -> list[tuple[int, str]]:
    """Return the articles that a screen rests on, in their own words."""
    return [(number, rules.pack().quote(number)) for number in numbers]
