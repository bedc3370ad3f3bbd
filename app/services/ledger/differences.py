"""Differences between stored and stated values, and how preview and history word them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from bson import Decimal128

from app.policy.privacy import masked_phone
from app.policy.terms import Kind, Mode
from app.services.core import audit, records
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit

Change = tuple[str, str, str, str]  # field, label, old, new


# Copies of what another record owns: kept up to date, but no change of their own.
COPIES: dict[type[Record], frozenset[str]] = {
    Unit: frozenset({"former_names"}),
    Application: frozenset({"unit_id", "unit_name", "credit_code", "former_names", "area", "score"}),
    Evaluation: frozenset({"unit_id", "unit_name", "credit_code", "former_names", "area", "evaluator_id"}),
    Engagement: frozenset({"unit_id", "unit_name", "credit_code", "former_names", "area", "evaluator_id"}),
    Evaluator: frozenset(),
}


WORDS = dict(Kind.choices()) | dict(Mode.choices())


CODED = frozenset({"kind", "kinds", "mode"})  # fields that hold codes of WORDS


@cache
def _labels(model: type[Record]) -> dict[str, str]:
    return {name: records.label_of(model, name) for name in model._fields}


def label(model: type[Record], record: dict[str, Any]) -> str:
    """Return the record's name as its model's `__str__` gives it."""
    if model in (Unit, Evaluator):
        return record["name"]
    if model is Engagement:
        return f"{record['unit_name']}委托{record['evaluator_name']}（{record['year']}年）"
    kind = WORDS[record["kind"]]
    if model is Application:
        return f"{record['unit_name']}（{record['year']} 年度{kind}）"
    return f"{record['unit_name']} {record['year']} 年度{kind}评价报告"


def equal(old: Any, new: Any) -> bool:
    """Return whether two stored values mean the same: 87 and 87.0, a day in either form, [] and None."""
    if new == [] and not old:
        return True
    if old is None or new is None or old == new:
        return old is new or old == new
    if isinstance(new, Decimal128):
        return old.to_decimal() == new.to_decimal()
    return isinstance(new, datetime) and old.date() == new.date()


def changes(model: type[Record], old: dict[str, Any] | None, changed: dict[str, Any]) -> tuple[Change, ...]:
    """Return the changed fields in the words of preview and history."""
    described: list[Change] = []
    copies, had = COPIES[model], old or {}
    labels = _labels(model)  # type: ignore[arg-type]  # classes are hashable
    for name, value in changed.items():
        if name == "contacts":
            described += _contact_changes(had.get(name), value)
        elif name not in copies:
            described.append((name, labels[name], _shown(name, had.get(name)), _shown(name, value)))
    return tuple(described)


def _contact_changes(old: list[dict[str, Any]] | None, new: list[dict[str, Any]]) -> Iterator[Change]:
    before, after = (old or [{}])[0], new[0]
    if before.get("name") != after.get("name"):
        yield "contacts", "联系人", before.get("name") or "", after.get("name") or ""
    if before.get("phone") != after.get("phone"):
        yield (
            "contacts",
            "联系电话",
            masked_phone(before.get("phone") or ""),
            masked_phone(after.get("phone") or ""),
        )


def _shown(name: str, value: Any) -> str:
    if name in CODED and value:
        return "、".join(WORDS[code] for code in ([value] if isinstance(value, str) else value))
    return IN_WORDS.get(value.__class__, audit.short)(value)


# Nearly every value of a ledger, without asking what else it might be.
IN_WORDS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "",
    str: lambda value: value[: audit.MAX_LENGTH],
    int: str,
    Decimal128: lambda value: f"{value.to_decimal():f}",
    datetime: lambda value: value.date().isoformat(),
    dict: lambda value: audit.short(value.get("text")),
}
