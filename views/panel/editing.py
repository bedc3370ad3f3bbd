"""Forms of records: posted fields, errors at their field, and the page for two people editing one record."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, request
from flask_admin.form import FormOpts
from flask_admin.helpers import get_redirect_target
from mongoengine import Document, EmbeddedDocument
from wtforms import Form

from app import clock
from app.policy.flow import Conflict, PolicyError
from app.services.core import audit
from app.services.core.records import Invalid
from views import acting
from views.panel import detail, formats
from views.panel.fields import LookupField, LookupListField

PRESENT = "_fields"  # names of the fields that the rendered form held
VERSION = "version"
RESOLVE = "_resolve"  # the answer of the conflict page


def create_page(view: Any) -> Any:
    """Show the form of a new record, or create the record and go to its page."""
    form = view.create_form()
    keep_only(form, view.writable(None))
    if request.method == "GET":
        prefill(form)
    if view.validate_form(form):
        try:
            record = view.create_record(values_of(view, form, None))
        except PolicyError as error:
            show(form, error)
        else:
            flash(f"已新增：{record}", "success")
            return redirect(view.get_url(".details_view", id=record.pk))
    return view.render(view.create_template, **context(view, form, None))


def edit_page(view: Any, record: Document) -> Any:
    """Show the form of a record, or save it; somebody else's change in between leads to the conflict page."""
    if not view.may_edit(record):
        flash("当前环节不能修改这条记录。", "error")
        return redirect(view.get_url(".details_view", id=record.pk))
    form = view.edit_form(obj=record)
    keep_only(form, view.writable(record))
    if not wants_to_go_on() and view.validate_form(form):
        try:
            view.update_record(record, values_of(view, form, record), posted_version())
        except Conflict:
            return conflict_page(view, form, record)
        except PolicyError as error:
            show(form, error)
        else:
            flash("已保存。", "success")
            return redirect(view.get_url(".details_view", id=record.pk, url=get_redirect_target()))
    return view.render(view.edit_template, **context(view, form, record))


def keep_only(form: Form, names: Iterable[str]) -> None:
    """Take every other field out of the form, so that posting it has no effect (docs/traps.md#8, docs/traps.md#29)."""
    allowed = set(names)
    for field in list(form):
        if field.name not in allowed and field.name != "csrf_token":
            del form[field.name]


def prefill(form: Form) -> None:
    """Fill in the likely values of a new record: this year, and the unit of an account that belongs to one."""
    if "year" in form and not form["year"].data:
        form["year"].data = clock.today().year
    unit = acting().unit_id
    if unit and "unit_id" in form and isinstance(form["unit_id"], LookupField):
        form["unit_id"].process_data(unit)


def posted_version() -> int:
    """Return the version that the form was made from; -1 never matches, so a form without one conflicts."""
    text = request.form.get(VERSION, "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def wants_to_go_on() -> bool:
    """Return whether the conflict page was answered with 返回修改: show the typed values again, save nothing yet."""
    return request.form.get(RESOLVE) == "edit"


def values_of(view: Any, form: Form, record: Document | None) -> dict[str, Any]:
    """Return field → value for the fields that were posted; others stay as they are (docs/traps.md#29)."""
    scratch = view.model()
    held = set(request.form.get(PRESENT, "").split())
    values = {}
    for field in form:
        if field.name in held or _posted(field.name):
            field.populate_obj(scratch, field.name)
            values[field.name] = _whole(
                field, getattr(record, field.name, None), getattr(scratch, field.name, None)
            )
            if record is not None and isinstance(field, (LookupField, LookupListField)):
                values[field.name] = _with_unseen(field, getattr(record, field.name), values[field.name])
    return values


def _whole(field: Any, stored: Any, value: Any) -> Any:
    """Return a part of a record with the fields that no form holds; None for a part that nobody filled in."""
    if not isinstance(value, EmbeddedDocument):
        return value
    if stored is None:
        return None if _is_empty(value) else value
    for name in value._fields:
        inner = (
            _whole(field[name], getattr(stored, name), getattr(value, name))
            if name in field.form
            else getattr(stored, name)
        )
        setattr(value, name, inner)
    return value


def _is_empty(part: EmbeddedDocument) -> bool:
    held = [getattr(part, name) for name in part._fields]
    return all(
        _is_empty(value) if isinstance(value, EmbeddedDocument) else value in (None, "", [], False)
        for value in held
    )


def _with_unseen(field: Any, stored: Any, chosen: Any) -> Any:
    """Return the chosen references beside those that the actor may not see: these are not theirs to drop."""
    if isinstance(field, LookupListField):
        return [
            *chosen,
            *(key for key in stored or [] if key not in chosen and field.loader.get_one(key) is None),
        ]
    return stored if chosen is None and stored and field.loader.get_one(stored) is None else chosen


def _posted(name: str) -> bool:
    keys = (*request.form.keys(), *request.files.keys())
    return any(key == name or key.startswith(name + "-") for key in keys)


def show(form: Form, error: PolicyError) -> None:
    """Show a service's refusal at its fields, or above the form where it names none."""
    errors = error.errors if isinstance(error, Invalid) else {}
    for name, sentence in errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            flash(sentence, "error")
    if not errors:
        flash(str(error), "error")


def context(view: Any, form: Form, record: Document | None) -> dict[str, Any]:
    """Return the context of the form page."""
    return {
        "form": form,
        "form_opts": FormOpts(widget_args=view.form_widget_args, form_rules=None),
        "form_groups": _groups(view, form),
        "present": " ".join(field.name for field in form if field.name != "csrf_token"),
        "help_articles": detail.articles(view.help_articles),
        "model": record,
        **_record_context(view, record),
    }


def _groups(view: Any, form: Form) -> list[tuple[str, list[str]]]:
    """Return the groups of the form with their fields, without those that are empty for this actor."""
    groups = [(title, [name for name in names if name in form]) for title, names in view.form_groups]
    return [(title, names) for title, names in groups if names]


def _record_context(view: Any, record: Document | None) -> dict[str, Any]:
    if record is None:
        return {"title": f"新增{view.name}", "version": None, "return_url": view.get_url(".index_view")}
    return {
        "title": f"编辑：{record}",
        "version": record.version,
        "return_url": view.get_url(".details_view", id=record.pk, url=get_redirect_target()),
    }


def conflict_page(view: Any, form: Form, record: Document) -> tuple[str, int]:
    """Return the page with both versions, field by field; nothing was written and nothing typed is lost."""
    theirs = view.get_one(record.pk)
    mine = values_of(view, form, record)
    rows = []
    for name, value in mine.items():
        if (
            name not in theirs._fields
        ):  # an uploaded file is not kept while people compare: it is chosen again
            continue
        old, new = formats.shown(view, getattr(theirs, name), name), formats.shown(view, value, name)
        rows.append((view.column_labels.get(name, name), None, old, new, str(old) != str(new)))
    last = audit.history(record).first()
    page = view.render(
        "ui/conflict.html",
        title=f"{record}：内容已被他人修改",
        rows=rows,
        theirs_by=last.name if last else "",
        theirs_at=last.at if last else None,
        version=theirs.version,
        fields=[
            (key, value)
            for key, value in request.form.items(multi=True)
            if key not in (VERSION, RESOLVE, "csrf_token")
        ],
        theirs_url=view.get_url(".details_view", id=record.pk),
        post_url=view.get_url(".edit_view", id=record.pk),
    )
    return page, 409
