"""Forms of an indicator and of a relation between cells: stored values as boxes show them, posted values read back."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request

from app.policy.flow import NotAllowed
from app.policy.reports import formula_words
from app.policy.reports.indicators import Compares, Definition, Form, Nature
from models.reports import IndicatorRow, RelationRow

TEXTS = ("name", "group", "unit", "proof", "note", "formula")
FLAGS = ("required", "skippable", "scale", "trend")
LIMITS = ("minimum", "maximum", "low", "high")
MAX_RELATION_NAME = 60
MAX_EXPONENT = 20  # numbers beyond 10 to this power are typing errors


def indicator_values(row: IndicatorRow, definition: Definition) -> dict[str, str]:
    """Return a stored indicator as the boxes show it."""
    values = {name: getattr(row, name) or "" for name in (*TEXTS, "form", "nature", "key")}
    values["formula"] = formula_words.with_names(values["formula"], definition.names)
    values |= {name: "1" for name in FLAGS if getattr(row, name)}
    limits = {name: getattr(row, name) for name in LIMITS}
    return values | {name: f"{limit.normalize():f}" for name, limit in limits.items() if limit is not None}


def posted_indicator() -> dict[str, Any]:
    """Return the posted indicator. Raises NotAllowed for a wrong number or choice and for a text too long."""
    values: dict[str, Any] = {name: _text(name) for name in TEXTS}
    for name, terms in (("form", Form), ("nature", Nature)):
        values[name] = request.form.get(name, "")
        if values[name] not in dict(terms.choices()):
            raise NotAllowed(f"请选择{_label(name)}。")
    values |= {name: request.form.get(name) == "1" for name in FLAGS}
    return values | {name: _number(name, _label(name)) for name in LIMITS}


def _label(name: str) -> str:
    return IndicatorRow._fields[name].verbose_name


def _text(name: str) -> str:
    text, max_length = request.form.get(name, "").strip(), IndicatorRow._fields[name].max_length
    if len(text) > max_length:
        raise NotAllowed(f"{_label(name)}不超过 {max_length} 字。")
    return text


def _number(name: str, label: str) -> Decimal | None:
    text = request.form.get(name, "").strip().replace(",", "")
    try:
        value = Decimal(text) if text else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and (not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT):
        raise NotAllowed(f"{label}应为数字。")
    return value


def relation_values(row: RelationRow, definition: Definition) -> dict[str, str]:
    """Return a stored relation as the boxes show it."""
    sides = {
        side: formula_words.with_names(getattr(row, side) or "", definition.names)
        for side in ("left", "right")
    }
    tolerance = f"{(row.tolerance or Decimal(0)).normalize():f}"
    return sides | {"name": row.name or "", "compares": row.compares or "", "tolerance": tolerance}


def posted_relation() -> dict[str, Any]:
    """Return the posted relation. Raises NotAllowed in words."""
    values: dict[str, Any] = {
        name: request.form.get(name, "").strip() for name in ("name", "left", "right", "compares")
    }
    if not values["name"] or len(values["name"]) > MAX_RELATION_NAME:
        raise NotAllowed(f"请填写关系的说明，不超过 {MAX_RELATION_NAME} 字。")
    if values["compares"] not in dict(Compares.choices()):
        raise NotAllowed("请选择比较方式。")
    return values | {"tolerance": _number("tolerance", "容差") or Decimal(0)}
