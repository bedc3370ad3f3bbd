"""Cells of lists and exports: how each column is made, decided once for all rows."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from bson import Decimal128
from markupsafe import Markup, escape
from mongoengine import Document

from views.panel import formats
from views.panel.rows import Row, converter, stored_name

ANY = "0" * 24  # stands for a record's key in an address that is built once for all rows
NARROW = 30  # bytes that stay on one line: ten Chinese characters, or a moment with its date
PASSED = frozenset({str, int, float, date, datetime, Decimal, type(None)})

Make = Callable[[Row], Any]
MakeStored = Callable[[dict[str, Any]], Any]
Cell = tuple[Markup, Any, Markup | None]  # attributes, content, address of the record if the cell links to it


# --- lists ------------------------------------------------------------------------------------------------


def table(
    view: Any, records: Iterable[Row], return_url: str, shown: Sequence[tuple[str, Any]]
) -> list[tuple[Any, Row, list[Cell]]]:
    """Return key, row and cells of each record; the cells of the first column link to the record."""
    columns = [(_attributes(name, heading), _listed(view, name)) for name, heading in shown]
    linking = columns[:1] if view.can_view_details else []
    others = columns[len(linking) :]
    address = _address(view, return_url)
    lines = []
    for row in records:
        cells = [_linking_cell(attributes, make(row), address(row.pk)) for attributes, make in linking]
        cells += [_cell(attributes, make(row)) for attributes, make in others]
        lines.append((row.pk, row, cells))
    return lines


def _cell(attributes: Sequence[Markup], value: Any) -> Cell:
    _, narrow, wide = attributes
    return narrow if _width(value) <= NARROW else wide, value, None


def _linking_cell(attributes: Sequence[Markup], value: Any, address: Markup) -> Cell:
    """Return the cell that links to the record, unless its content has a link of its own."""
    if isinstance(value, Markup) and "<a " in value:
        return attributes[0], value, None
    return attributes[0], value or "查看", address


@cache
def _attributes(name: str, heading: str) -> tuple[Markup, ...]:
    """Return class and heading of a column's cells: of the first column, of short and of long contents."""
    form = Markup('class="col-{}{}" data-label="{}"')
    return tuple(form.format(name.replace(".", "-"), kind, heading) for kind in (" is-first", " nowrap", ""))


def _address(view: Any, return_url: str) -> Callable[[Any], Markup]:
    before, _, after = view.get_url(".details_view", id=ANY, url=return_url).partition(ANY)
    start, end = escape(before), escape(after)
    return lambda key: Markup(f"{start}{quote(str(key), safe='')}{end}")


def _listed(view: Any, name: str) -> Make:
    """Return how a column is shown: by its formatter, a choice's label, or as values of its type are."""
    if formatter := view.column_formatters.get(name):
        return lambda row: formats.shown(view, formatter(view, None, row, name), name)
    read = attrgetter(name)
    if formats.choices(view.model, name):
        return lambda row: formats.worded(view, view.model, name, read(row))
    return lambda row: _brief(view, read(row), name)


def _brief(view: Any, value: Any, name: str) -> Any:
    return formats.short_day(value) if value.__class__ is date else formats.shown(view, value, name)


def _width(value: Any) -> int:
    return _shown_width(value) if isinstance(value, Markup) else len(value.encode())


@lru_cache(maxsize=1024)
def _shown_width(value: Markup) -> int:
    """Return the width without mark-up, cached: badges come again and again."""
    return len(value.striptags().encode())


# --- exports ----------------------------------------------------------------------------------------------


def exported(view: Any, name: str) -> tuple[MakeStored, str | None]:
    """Return how a column's cell is made of a stored record, and the one stored field that it reads, if only one."""
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
    if formats.choices(model, name):
        return lambda stored: formats.worded(view, model, name, convert(stored.get(field))), field
    return _plain_field(model, name, view), field


def _plain_field(model: type[Document], name: str, view: Any) -> MakeStored:
    """Return how a plain field is exported; most values are text already and are passed as they are."""
    field, convert = stored_name(name), converter(model, name)
    if part := formats.PARTS.get(getattr(model._fields.get(name), "document_type", None)):
        return lambda stored: part(found) if (found := stored.get(field)) else None

    def make(stored: dict[str, Any]) -> Any:
        value = stored.get(field)
        return value if value.__class__ is str else plain(convert(value), view, name)

    return make


def plain(value: Any, view: Any, name: str) -> Any:
    """Return a cell: numbers and dates as such, everything else as text without mark-up."""
    if value.__class__ in PASSED:
        return value
    if isinstance(value, Decimal128):
        return value.to_decimal()
    if isinstance(value, Markup):
        return value.striptags()
    if isinstance(value, list):
        return "；".join(str(plain(item, view, name)) for item in value)
    if isinstance(value, (bool, Row)):
        return plain(formats.shown(view, value, name), view, name)
    return value
