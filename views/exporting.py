"""Export of what is seen: the same rows, filters and columns as the list, streamed."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bson import Decimal128
from flask import Response, stream_with_context
from markupsafe import Markup

from app import clock
from app.exchange import tables
from app.exchange.uploads import content_disposition
from app.services import audit
from models.database import transact
from views import acting, formats, rows

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def response(view: Any, export_type: str) -> Response:
    """The filtered list as a file; the export itself is audited before its first byte."""
    arguments = view._get_list_extra_args()
    chosen = view._get_column_by_idx(arguments.sort)
    query = view.filtered(arguments.search, arguments.filters)
    query = view.sorted(query, chosen[0] if chosen else None, bool(arguments.sort_desc))
    columns = view._export_columns
    transact(
        lambda: audit.record(
            "export", actor=acting(), now=clock.now(), reason=f"{view.name}（{export_type}）"
        )
    )
    body = _body(
        view, export_type, [label for _, label in columns], _rows(view, query, [name for name, _ in columns])
    )
    filename = f"{view.name}_{clock.now():%Y%m%d%H%M}.{export_type}"
    return Response(
        stream_with_context(body),
        mimetype=TYPES[export_type],
        headers={"Content-Disposition": content_disposition(filename)},
    )


def _body(view: Any, export_type: str, headers: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    if export_type == "csv":
        return tables.csv_stream(headers, rows)
    return tables.xlsx_stream(headers, rows, sheet=view.name)


def _rows(view: Any, query: Any, names: list[str]) -> Iterator[list[Any]]:
    cells = [_cell(view, name) for name in names]
    for row in rows.rows(view.model, query):
        yield [cell(row) for cell in cells]


def _cell(view: Any, name: str) -> Callable[[rows.Row], Any]:
    """How a column's cell is made, decided once for all rows."""
    formatter = (view.column_formatters_export or {}).get(name)
    if worded := getattr(formatter, "plain", None):
        return lambda row: worded(row, name)
    if formatter is not None:
        return lambda row: plain(formatter(view, None, row, name), view, name)
    choices = dict(getattr(view.model._fields.get(name), "choices", None) or ())
    if choices:
        return lambda row: choices.get(getattr(row, name), getattr(row, name))
    return lambda row: plain(getattr(row, name), view, name)


def plain(value: Any, view: Any, name: str) -> Any:
    """A cell: numbers and dates as such, everything else as text without mark-up."""
    if value is None or type(value) in PASSED:
        return value
    if isinstance(value, Decimal128):
        return value.to_decimal()
    if isinstance(value, Markup):
        return value.striptags()
    if isinstance(value, list):
        return "；".join(str(plain(one, view, name)) for one in value)
    if isinstance(value, (bool, rows.Row)):
        return plain(formats.shown(view, value, name), view, name)
    return value


PASSED = (str, int, float, date, datetime, Decimal)
