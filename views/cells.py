"""Cells of lists and exports: how each column is made, decided once for all rows."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from bson import Decimal128
from markupsafe import Markup, escape
from mongoengine import Document

from views import formats
from views.rows import Row, converter, stored_name

ANY = "0" * 24  # stands for a record's key in an address that is built once for all rows
NARROW = 14  # characters that stay on one line
PASSED = frozenset({str, int, float, date, datetime, Decimal, type(None)})

Make = Callable[[Row], Any]
MakeStored = Callable[[dict[str, Any]], Any]


# --- lists ------------------------------------------------------------------------------------------------


def table(
    view: Any, records: Iterable[Row], return_url: str
) -> list[tuple[Any, Row, list[tuple[Markup, Any, Any]]]]:
    """Key, row and cells of each record; a cell is its class and heading, its content, the record's address or None."""
    columns = [
        (_attributes(name, heading), _listed(view, name), not number and view.can_view_details)
        for number, (name, heading) in enumerate(view.visible(view._list_columns))
    ]
    address = _address(view, return_url)
    lines = []
    for row in records:
        cells = []
        for (first, narrow, wide), make, leading in columns:
            value = make(row)
            if leading:
                link = None if isinstance(value, Markup) and "<a " in value else address(row.pk)
                cells.append((first, value or "查看" if link else value, link))
            else:
                cells.append((narrow if _width(value) <= NARROW else wide, value, None))
        lines.append((row.pk, row, cells))
    return lines


@cache
def _attributes(name: str, heading: str) -> tuple[Markup, ...]:
    """Class and heading of a column's cells: of the first column, of short and of long contents."""
    form = Markup('class="col-{}{}" data-label="{}"')
    return tuple(form.format(name.replace(".", "-"), kind, heading) for kind in (" is-first", " nowrap", ""))


def _address(view: Any, return_url: str) -> Callable[[Any], Markup]:
    before, _, after = view.get_url(".details_view", id=ANY, url=return_url).partition(ANY)
    start, end = escape(before), escape(after)
    return lambda key: Markup(f"{start}{quote(str(key), safe='')}{end}")


def _listed(view: Any, name: str) -> Make:
    """What the list shows: the column's formatter, a choice's label, or the value as its type is shown."""
    formatter = view.column_formatters.get(name)
    read = attrgetter(name) if formatter is None else lambda row: formatter(view, None, row, name)
    if choices := view._column_choices_map.get(name):
        return lambda row: choices.get(read(row)) or read(row)
    return lambda row: formats.shown(view, read(row), name)


def _width(value: Any) -> int:
    return _shown_width(value) if isinstance(value, Markup) else len(value)


@lru_cache(maxsize=1024)
def _shown_width(value: Markup) -> int:
    """Characters without the mark-up; badges come again and again."""
    return len(value.striptags())


# --- exports ----------------------------------------------------------------------------------------------


def exported(view: Any, name: str) -> tuple[MakeStored, str | None]:
    """A column's cell of a stored record, and the one stored field that it reads; None: it may read any."""
    model = view.model
    formatter = (view.column_formatters_export or {}).get(name)
    convert = converter(model, name)
    if convert is None or formatter and not hasattr(formatter, "plain"):
        make = attrgetter(name) if formatter is None else lambda row: formatter(view, None, row, name)
        return lambda stored: plain(make(Row(model, stored)), view, name), None
    field = stored_name(name)
    if formatter:
        worded = formatter.plain
        return lambda stored: worded(convert(stored.get(field))), field
    if choices := dict(getattr(model._fields.get(name), "choices", None) or ()):
        return lambda stored: choices.get(stored.get(field), stored.get(field)), field
    return _plain_field(model, name, view), field


def _plain_field(model: type[Document], name: str, view: Any) -> MakeStored:
    """Most values are text already; only the others are looked at more closely."""
    field, convert = stored_name(name), converter(model, name)
    if part := formats.PARTS.get(getattr(model._fields.get(name), "document_type", None)):
        return lambda stored: part(found) if (found := stored.get(field)) else None

    def make(stored: dict[str, Any]) -> Any:
        value = stored.get(field)
        return value if value.__class__ is str else plain(convert(value), view, name)

    return make


def plain(value: Any, view: Any, name: str) -> Any:
    """A cell: numbers and dates as such, everything else as text without mark-up."""
    if value.__class__ in PASSED:
        return value
    if isinstance(value, Decimal128):
        return value.to_decimal()
    if isinstance(value, Markup):
        return value.striptags()
    if isinstance(value, list):
        return "；".join(str(plain(one, view, name)) for one in value)
    if isinstance(value, (bool, Row)):
        return plain(formats.shown(view, value, name), view, name)
    return value
