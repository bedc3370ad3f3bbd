"""Creating, changing and deleting records: scope, version, validation and audit in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import mongoengine
from mongoengine import Document
from mongoengine.base import NON_FIELD_ERRORS

from app.policy import access, papers
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed, PolicyError
from app.services.core import audit, scope
from app.services.core.by import By
from models.audit import AuditEntry
from models.database import transact
from models.record import Record
from models.unit_record import UnitRecord

R = TypeVar("R", bound=Record)

OUT_OF_SCOPE = "您无权办理该记录，或该记录不存在。"
TAKEN = {
    "credit_code": "该统一社会信用代码已登记，同一主体只登记一次。",
    "name": "该名称已登记。",
    "unit_id": "该单位本年度同一类别已有记录，请在原记录上办理。",
    "day": "该日期已登记。",
    "key": "该项目已有设置。",
    "target": "已有一项待审批的修改，请先审批或退回。",
}
# Written by the program, not by people: no history line of their own.
DERIVED = frozenset(
    (
        "id",
        "action",
        "resource",
        "series",
        "target",
        "version",
        "created_at",
        "updated_at",
        "updated_by",
        "terms",
        "search_text",
        "trail",
    )
)


class Invalid(PolicyError):
    """Values that cannot be saved; `errors` maps a field to its Chinese sentence."""

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


def insert(record: R, *, by: By, reason: str = "", verb: Verb = Verb.CREATE) -> R:
    """Save a new record whose right to exist another service has judged already."""

    def work() -> R:
        record.version = 1
        record.created_at = record.updated_at = by.now
        record.updated_by = by.actor.username
        save(record, force_insert=True)
        audit.record(verb, by=by, subject=record, changes=initial(record), reason=reason)
        return record

    return transact(work)


def update(record: R, values: Mapping[str, Any], *, version: int, by: By, reason: str = "") -> R:
    """Write `values` if nobody wrote since `version`. Raises NotAllowed, Invalid, Conflict (names who and when)."""
    _demand(by.actor, "edit", record)

    def work() -> R:
        fresh = scope.find(by, type(record), record.pk)
        if fresh is None:
            raise NotAllowed(OUT_OF_SCOPE)
        fresh = write(fresh, values, version=version, by=by, reason=reason)
        if not scope.covers(by, fresh):  # inside: what may not be given away stays unwritten
            raise NotAllowed(OUT_OF_SCOPE)
        return fresh

    return transact(work)


def write(
    fresh: R,
    values: Mapping[str, Any],
    *,
    version: int,
    by: By,
    reason: str = "",
    verb: Verb = Verb.EDIT,
) -> R:
    """Compare-and-set inside a transaction: `fresh` was read in it, its right judged by the caller."""
    if fresh.version != version:
        raise stale(fresh)
    labels = {name: label_of(fresh, name) for name in values if name not in DERIVED}
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


def delete(record: Record, *, version: int, by: By) -> None:
    """Remove a draft with its trace; whether it is one, the caller has judged."""

    def work() -> None:
        fresh = type(record).objects(pk=record.pk, version=version).first()
        if fresh is None:
            raise Conflict("记录已被他人修改，请刷新后重试。")
        audit.record(Verb.DELETE, by=by, subject=fresh, changes=initial(fresh, removed=True))
        fresh.delete()

    transact(work)


def save(record: Document, **options: Any) -> None:
    """`Document.save` with its errors in words: Invalid for values, Conflict for a lost race."""
    try:
        record.save(**options)
    except mongoengine.ValidationError as error:
        raise Invalid(_sentences(record, error)) from error
    except mongoengine.NotUniqueError as error:
        details = getattr(error.__cause__ or error.__context__, "details", None) or {}
        field = next(iter(details.get("keyPattern", {})), "")
        raise Invalid({field: TAKEN.get(field, "相同的记录已经存在。")}) from error
    except mongoengine.errors.SaveConditionError as error:
        raise stale(record) from error


def stale(record: Document) -> Conflict:
    """The sentence for the one who was slower: who wrote meanwhile, and when."""
    last = (
        AuditEntry.objects(subject_type=type(record).__name__, subject_id=str(record.pk))
        .order_by("-at")
        .first()
    )
    who = f"{last.name}已于{last.at:%m月%d日 %H:%M}" if last else "他人已"
    return Conflict(f"{who}修改或办理了这条记录，您看到的不是最新内容，请刷新后重试。")


def label_of(record: Document | type[Document], name: str) -> str:
    """The official label of a field, as screens, audit and exports write it."""
    field = record._fields.get(name)
    return getattr(field, "verbose_name", None) or name


def in_words(record: Document, name: str, value: Any) -> Any:
    """A value as its history says it: codes of closed choices by their labels."""
    field = record._fields.get(name)
    if name == "kind" and value in papers.KINDS:
        return papers.KINDS[value].label
    if labels := dict(
        getattr(field, "choices", None) or getattr(getattr(field, "field", None), "choices", None) or ()
    ):
        return (
            [labels.get(one, one) for one in value] if isinstance(value, list) else labels.get(value, value)
        )
    return value


def initial(record: Document, removed: bool = False) -> list[audit.Change]:
    """Every field that a new record carries, or a removed one took with it, for its first or last history line."""
    changes = []
    for name in record._fields:
        value = getattr(record, name)
        if name in DERIVED or name.endswith("_id") or value in (None, "", [], {}):
            continue
        said = in_words(record, name, value)
        changes.append((name, label_of(record, name), *((said, None) if removed else (None, said))))
    return changes


def _demand(actor: Actor, verb: str, record: Document) -> None:
    if not access.may(actor, verb, scope.resource_of(record)):
        raise NotAllowed(f"{actor.role.label}不能办理此事项。")


def _copy_unit(record: UnitRecord, *, by: By) -> None:
    unit = scope.unit_of(by, record)
    if unit is None:
        raise NotAllowed(OUT_OF_SCOPE)
    record.copy_unit(unit)


def _sentences(record: Document, error: mongoengine.ValidationError) -> dict[str, str]:
    if (own := (error.errors or {}).get(NON_FIELD_ERRORS)) is not None:  # raised by the model's own clean()
        error = own
    return {
        name: text
        if _chinese(text := str(getattr(why, "message", why)))
        else f"“{label_of(record, name)}”未填写或格式不对。"
        for name, why in (error.errors or {"": error}).items()
    }


def _chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)
