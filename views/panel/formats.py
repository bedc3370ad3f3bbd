"""Formats of values: Chinese dates, labels for codes, masked contacts; plain text for exports."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from bson import Decimal128
from flask import url_for
from markupsafe import Markup, escape
from mongoengine import EmbeddedDocument

from app import clock
from app.policy.privacy import masked_email, masked_phone
from app.policy.terms import Term
from app.services.core import rules
from models.registry.units import Address, Contact, Honour
from views.panel.rows import Row


def day(view: Any, value: date, name: str) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date) -> str:
    """Return a day for tables, where all have the same width."""
    return f"{value:%Y-%m-%d}"


def instant(view: Any, value: datetime, name: str) -> str:
    return f"{value:%Y-%m-%d %H:%M}"


def number(view: Any, value: Decimal128 | Decimal, name: str) -> str:
    plain = value.to_decimal() if isinstance(value, Decimal128) else value
    return f"{plain.normalize():,f}" if plain else "0"


def yes_no(view: Any, value: bool, name: str) -> str:
    return "是" if value else "否"


def listed(view: Any, value: list[Any], name: str) -> Any:
    """Return a list in one cell, each item by its own format."""
    parts = [shown(view, item, name) for item in value]
    return Markup("；").join(escape(part) for part in parts) if parts else ""


def contact(view: Any, value: Contact, name: str) -> str:
    parts = [str(value), masked_phone(value.phone or ""), masked_email(value.email or "")]
    return " ".join(part for part in parts if part)


def address(view: Any, value: Address, name: str) -> str:
    return _placed(value.area, value.text)


def _placed(area: str | None, text: str | None) -> str:
    return f"{area_name(area)} {text or ''}".strip()


def honour(view: Any, value: Honour, name: str) -> str:
    labels = {honour.key: honour.label for honour in rules.pack().honours}
    until = f"至{value.expires_on}" if value.expires_on else ""
    over = "" if value.valid_on(clock.today()) else "，已过期"
    return labels.get(value.code, value.code) + (f"（{until}{over}）" if until else "")


def term(view: Any, value: Term, name: str) -> Markup:
    return Markup('<span class="badge badge-{}">{}</span>').format(value.badge, value.label)


def part(view: Any, value: Any, name: str) -> Any:
    """Return an embedded record by its own words, or its filled fields with labels, one below the other."""
    document = value.document if isinstance(value, Row) else type(value)
    if document.__str__ is not EmbeddedDocument.__str__:
        return str(value)
    facts = [
        (field.verbose_name, worded(view, document, key, getattr(value, key)))
        for key, field in document._fields.items()
        if getattr(field, "verbose_name", None) and getattr(value, key) not in (None, "", [])
    ]
    return Markup("<br>").join(Markup("{}：{}").format(label, said) for label, said in facts)


def worded(view: Any, document: type[Any], name: str, value: Any) -> Any:
    """Return a field's value in words: codes of closed choices by their labels, other values by their type."""
    labels = choices(document, name)
    if labels and isinstance(value, list):
        return "、".join(labels.get(code, code) for code in value)
    return labels.get(value, "") if labels and isinstance(value, str) else shown(view, value, name)


@cache
def choices(document: type[Any], name: str) -> dict[str, str]:
    """Return code → label of a field with closed choices, or of a list of them; empty for other fields."""
    field = document._fields.get(name)
    return dict(
        getattr(field, "choices", None) or getattr(getattr(field, "field", None), "choices", None) or ()
    )


FORMATTERS: dict[type, Any] = {
    type(None): lambda view, value, name: "",
    bool: yes_no,
    datetime: instant,
    date: day,
    Decimal128: number,
    Decimal: number,
    Contact: contact,
    Address: address,
    Honour: honour,
    Term: term,
    EmbeddedDocument: part,
    list: listed,
}

PLAIN: dict[type, Any] = {type(None): lambda view, value, name: None}


# Parts that exports need by the hundred thousand, from what is stored.
PARTS: dict[Any, Callable[[dict[str, Any]], str]] = {
    Address: lambda stored: _placed(stored.get("area"), stored.get("text")),
}


def row(view: Any, value: Row, name: str) -> Any:
    """Return an embedded record of a list's row, by the format of its model."""
    return FORMATTERS.get(value.document, part)(view, value, name)


FORMATTERS[Row] = row


def shown(view: Any, value: Any, name: str) -> Any:
    """Return a value by its format in FORMATTERS; text stays text."""
    if isinstance(value, str):
        return value
    for kind, formatter in FORMATTERS.items():
        if isinstance(value, kind):
            return formatter(view, value, name)
    return str(value)


def area_name(code: str | None) -> str:
    """Return the name of an area, 市外 for an address outside the city."""
    return _names(rules.pack().digest).get(code, code) if code else "市外"


@lru_cache(maxsize=4)
def _names(digest: str) -> dict[str, str]:
    """Return the area names of the pack in use, which has this digest."""
    return {area.code: area.name for area in rules.pack().areas}


def area(view: Any, context: Any, model: Any, name: str) -> str:
    """Format a column of area codes."""
    return area_name(getattr(model, name))


area.plain = area_name  # a formatter's wording for exports, made of the stored value


def label(terms: type[Term]) -> Any:
    """Return the formatter of a column with codes of `terms`: badges."""
    words = dict(terms.choices())
    badges = {each.value: term(None, each, "") for each in terms}

    def formatter(view: Any, context: Any, model: Any, name: str) -> Any:
        value = getattr(model, name)
        if isinstance(value, list):
            return Markup(" ").join(badges[code] for code in value)
        return badges[value] if value else ""

    def plain(value: Any) -> str:
        if isinstance(value, list):
            return "、".join(words[code] for code in value)
        return words[value] if value else ""

    formatter.plain = plain
    return formatter


def words(terms: type[Term]) -> Any:
    """Return the formatter of a column with codes that are no states: labels alone; badges are for states."""
    labels = dict(terms.choices())

    def plain(value: Any) -> str:
        return "、".join(labels[code] for code in value) if isinstance(value, list) else labels.get(value, "")

    def formatter(view: Any, context: Any, model: Any, name: str) -> str:
        return plain(getattr(model, name))

    formatter.plain = plain
    return formatter


def link(resource: str, key_field: str) -> Any:
    """Return the formatter of a column that names another record: a link to its page."""

    def formatter(view: Any, context: Any, model: Any, name: str) -> Any:
        key, text = getattr(model, key_field), getattr(model, name) or ""
        if not key:
            return text
        return Markup('<a href="{}">{}</a>').format(url_for(f"{resource}.details_view", id=key), text)

    return formatter


def areas() -> list[tuple[str, str]]:
    """Return the areas as choices, in the official order."""
    return [(area.code, area.name) for area in rules.pack().areas]
