"""Creating, changing and deleting records: scope, version, validation and audit in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import mongoengine
from mongoengine import Document
from mongoengine.base import NON_FIELD_ERRORS

from app.policy import access
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed, PolicyError
from app.services.core import audit, scope
from app.services.core.by import By
from models.audit import AuditEntry
from models.database import transactional
from models.record import Record
from models.unit_record import UnitRecord

R = TypeVar("R", bound=Record)

OUT_OF_SCOPE = "您无权办理该记录，或该记录不存在。"
UNIQUE_MESSAGE = "相同的记录已经存在。"


class Invalid(PolicyError):
    """Values that cannot be saved; `errors` maps a field to its sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


def create(record: R, *, by: By, reason: str = "") -> R:
    """Save a new record; a record of a unit takes the unit's name, former names, credit code and area.

    Raises NotAllowed (right, scope, foreign unit), Invalid (values, already there).
    """
    _demand(by.actor, "create", record)
    if isinstance(record, UnitRecord):
        _copy_unit(record, by=by)
    if not scope.covers(by, record):
        raise NotAllowed("只能为本地区、本单位建立记录。")
    return insert(record, by=by, reason=reason)


@transactional
def insert(record: R, *, by: By, reason: str = "", verb: Verb = Verb.CREATE) -> R:
    """Insert a record; the caller has checked the rights. Raises Invalid."""
    record.version = 1
    record.created_at = record.updated_at = by.now
    record.updated_by = by.actor.username
    save(record, force_insert=True)
    audit.record(verb, by=by, subject=record, changes=field_changes(record), reason=reason)
    return record


@transactional
def update(record: R, values: Mapping[str, Any], *, version: int, by: By, reason: str = "") -> R:
    """Write `values` if nobody wrote since `version`. Raises NotAllowed, Invalid, Conflict (names who and when)."""
    _demand(by.actor, "edit", record)
    fresh = scope.find(by, type(record), record.pk)
    if fresh is None:
        raise NotAllowed(OUT_OF_SCOPE)
    if isinstance(fresh, UnitRecord) and values.get("unit_id", fresh.unit_id) != fresh.unit_id:
        raise NotAllowed(OUT_OF_SCOPE)  # its labels and its area are those of its own unit
    fresh = write(fresh, values, version=version, by=by, reason=reason)
    if not scope.covers(by, fresh):  # after writing: giving a record away undoes the write
        raise NotAllowed(OUT_OF_SCOPE)
    return fresh


def write(
    fresh: R,
    values: Mapping[str, Any],
    *,
    version: int,
    by: By,
    reason: str = "",
    verb: Verb = Verb.EDIT,
) -> R:
    """Write `values` to a record read in this transaction; the caller has checked the rights.

    Raises Conflict unless its version is `version`, and Invalid.
    """
    if fresh.version != version:
        raise stale(fresh)
    labels = {name: label_of(fresh, name) for name in values if not _is_derived(fresh, name)}
    changes = [
        (name, label, in_words(fresh, name, old), in_words(fresh, name, new))
        for name, label, old, new in audit.differences(fresh, dict(values), labels)
    ]
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.version = version + 1
    fresh.updated_at, fresh.updated_by = by.now, by.actor.username
    save(fresh, save_condition={"version": version})
    audit.record(verb, by=by, subject=fresh, changes=changes, reason=reason)
    return fresh


@transactional
def delete(record: Record, *, version: int, by: By) -> None:
    """Delete a draft and log its last values; the caller has checked that it is one. Raises Conflict."""
    fresh = type(record).objects(pk=record.pk, version=version).first()
    if fresh is None:
        raise Conflict("记录已被他人修改，请刷新后重试。")
    audit.record(Verb.DELETE, by=by, subject=fresh, changes=field_changes(fresh, removed=True))
    fresh.delete()


def save(record: Document, **options: Any) -> None:
    """Save a document. Raises Invalid for its values, Conflict for a lost race, both in words."""
    try:
        record.save(**options)
    except mongoengine.ValidationError as error:
        raise Invalid(_sentences(record, error)) from error
    except mongoengine.NotUniqueError as error:
        details = getattr(error.__cause__ or error.__context__, "details", None) or {}
        field = next(iter(details.get("keyPattern", {})), "")
        raise Invalid({field: unique_message(record, field)}) from error
    except mongoengine.errors.SaveConditionError as error:
        raise stale(record) from error


def stale(record: Document) -> Conflict:
    """Return the refusal of a slower writer, naming who wrote meanwhile and when."""
    last = (
        AuditEntry.objects(subject_type=type(record).__name__, subject_id=str(record.pk))
        .order_by("-at")
        .first()
    )
    who = f"{last.name}已于{last.at:%m月%d日 %H:%M}" if last else "他人已"
    return Conflict(f"{who}修改或办理了这条记录，您看到的不是最新内容，请刷新后重试。")


def unique_message(record: Document, name: str) -> str:
    """Return the sentence for a value of this field that another record has already."""
    return getattr(record._fields.get(name), "unique_message", UNIQUE_MESSAGE)


def label_of(record: Document | type[Document], name: str) -> str:
    """Return the official label of a field, as screens, audit and exports write it."""
    field = record._fields.get(name)
    return getattr(field, "verbose_name", None) or name


def in_words(record: Document, name: str, value: Any) -> Any:
    """Return a value as its history says it: codes by their labels."""
    labels = _labels_of(record._fields.get(name))
    if labels and isinstance(value, list):
        return [labels.get(code, code) for code in value]
    return labels.get(value, value) if labels else value


def _labels_of(field: Any) -> dict[Any, str]:
    """Return the labels of a field's codes, or of its items' codes; {} for free values."""
    if labels := getattr(field, "labels", None):
        return dict(labels)
    item = getattr(field, "field", None)
    return dict(getattr(field, "choices", None) or getattr(item, "choices", None) or ())


def field_changes(record: Document, removed: bool = False) -> list[audit.Change]:
    """Return every filled field of a new record as a change from nothing; of a removed one, to nothing."""
    changes = []
    for name in record._fields:
        value = getattr(record, name)
        if _is_derived(record, name) or name.endswith("_id") or value in (None, "", [], {}):
            continue
        shown = in_words(record, name, value)
        changes.append((name, label_of(record, name), *((shown, None) if removed else (None, shown))))
    return changes


def _is_derived(record: Document, name: str) -> bool:
    """Return whether the program writes this field, so that it has no history line of its own."""
    return name == "id" or getattr(record._fields.get(name), "derived", False)


def _demand(actor: Actor, verb: str, record: Document) -> None:
    if not access.may(actor, verb, scope.resource_of(record)):
        raise NotAllowed(f"{actor.role.label}不能办理此事项。")


def _copy_unit(record: UnitRecord, *, by: By) -> None:
    unit = scope.unit_of(by, record)
    if unit is None:
        raise NotAllowed(OUT_OF_SCOPE)
    record.copy_unit(unit)


def _sentences(record: Document, error: mongoengine.ValidationError) -> dict[str, str]:
    """Return a sentence for each wrong field: the model's own, or that the field's type refused the value."""
    own = (error.errors or {}).get(NON_FIELD_ERRORS)  # raised by the model's clean(), in words
    if own is not None:
        return {name: str(getattr(why, "message", why)) for name, why in (own.errors or {"": own}).items()}
    return {name: f"“{label_of(record, name)}”未填写或格式不对。" for name in error.errors or {"": error}}
