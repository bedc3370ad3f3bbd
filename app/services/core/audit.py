"""Writing the audit log: one row with each act, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from bson import ObjectId
from mongoengine import Document, EmbeddedDocument, QuerySet

from app.policy.audit import Verb
from app.policy.flow import Step
from app.services.core.by import By
from models.audit import AuditChange, AuditEntry
from models.database import in_transaction

MAX_LENGTH = 500  # characters of a value or a reason that the log keeps

Change = tuple[str, str, Any, Any]  # field, label, old, new


def record(
    verb: Verb | Step,
    *,
    by: By,
    subject: Any = None,
    changes: Iterable[Change] = (),
    reason: str = "",
) -> AuditEntry:
    """Insert one entry; outside `transact()` it raises RuntimeError: no audit row, no act.

    `subject` is a saved document. Its unit and area, which decide who may read its history, are taken
    from `unit_id` or `unit`, and from `area` or `county`, as far as it has them.
    """
    if not in_transaction():
        raise RuntimeError(f"audit.record({verb!r}) outside transact(): the act and its row belong together")
    entry = AuditEntry(
        at=by.now,
        who=by.actor.username,
        name=by.actor.name,
        role=by.actor.role.value,
        area=by.actor.area,
        address=by.actor.address,
        source=by.actor.source,
        verb=verb.label if isinstance(verb, Step) else Verb(verb).value,
        changes=[_change(*change) for change in changes],
        reason=short(reason),
        **_subject(subject),
    )
    return entry.save(force_insert=True)


def history(subject: Document) -> QuerySet:
    """Return the entries about a record, newest first; whoever may read the record may read them."""
    about = AuditEntry.objects(subject_type=type(subject).__name__, subject_id=str(subject.pk))
    return about.order_by("-at", "-id")


def differences(old: Any, new: dict[str, Any], labels: dict[str, str]) -> list[Change]:
    """Return the changes from a record's present values to `new`, for the fields named in `labels`."""
    given = {field: label for field, label in labels.items() if field in new}
    pairs = [(field, label, getattr(old, field), new[field]) for field, label in given.items()]
    return [change for change in pairs if short(change[2]) != short(change[3])]


def short(value: Any) -> str:
    """Return a value as the log keeps it: text, in words, of bounded length."""
    text = _words(value)
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"


def _words(value: Any) -> str:
    for kind, words in _WORDS_BY_TYPE:
        if isinstance(value, kind):
            return words(value)
    return str(value)


def _embedded_words(part: EmbeddedDocument) -> str:
    has_own_words = type(part).__str__ is not EmbeddedDocument.__str__
    return str(part) if has_own_words else "，".join(_labelled(part))


# The first type that fits decides: a datetime is a date too, a text is a sequence too.
_WORDS_BY_TYPE: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (type(None), lambda _: ""),
    (bool, lambda value: "是" if value else "否"),
    (Enum, lambda value: getattr(value, "label", str(value.value))),
    (str, str),
    (bytes, lambda value: f"（{len(value)} 字节）"),
    (datetime, lambda value: f"{value:%Y-%m-%d %H:%M:%S}"),
    (date, date.isoformat),
    (Sequence, lambda value: "、".join(_words(item) for item in value)),
    (Mapping, lambda value: "，".join(_words(item) for item in value.values())),
    (EmbeddedDocument, _embedded_words),
)


def _labelled(part: EmbeddedDocument) -> Iterable[str]:
    """Yield the filled fields of a part that has no words of its own."""
    for name, field in part._fields.items():
        value = getattr(part, name)
        if getattr(field, "verbose_name", None) and value not in (None, "", [], False):
            shown = dict(field.choices).get(value, value) if field.choices else value
            yield f"{field.verbose_name}：{_words(shown)}"


def _change(field: str, label: str, old: Any, new: Any) -> AuditChange:
    return AuditChange(field=field, label=label, old=short(old), new=short(new))


def _subject(subject: Any) -> dict[str, Any]:
    if subject is None:
        return {}
    return {
        "subject_type": type(subject).__name__,
        "subject_id": str(subject.pk),
        "subject_label": short(str(subject)),
        "subject_area": _first(subject, "area", "county", kind=str) or "",
        "unit_id": _first(subject, "unit_id", "unit", kind=ObjectId),
    }


def _first(subject: Any, *names: str, kind: type) -> Any:
    """Return the first of these attributes that is, or refers by key to, a value of this kind."""
    for name in names:
        value = getattr(subject, name, None)
        value = getattr(value, "pk", getattr(value, "id", value))
        if isinstance(value, kind):
            return value
    return None
