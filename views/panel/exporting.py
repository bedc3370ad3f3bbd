"""Streamed export with the same rows, filters and columns as the list."""

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, stream_with_context

from app import clock
from app.exchange import tables
from app.exchange.uploads import content_disposition
from app.policy.audit import Verb
from app.services.core import audit
from models.database import transact
from views import by
from views.panel import cells, columns, rows

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def response(view: Any, export_type: str) -> Response:
    """Return the filtered list as a file; the export is audited before its first byte."""
    if export_type not in TYPES:
        abort(404)
    arguments = view._get_list_extra_args()
    chosen = view._get_column_by_idx(arguments.sort)
    query = view.filtered(arguments.search, arguments.filters)
    query = view.sorted(query, chosen[0] if chosen else None, bool(arguments.sort_desc))
    shown = columns.chosen(view) or columns.visible(view, view._export_columns)
    transact(lambda: audit.record(Verb.EXPORT, by=by(), reason=f"{view.name}（{export_type}）"))
    body = _body(
        view, export_type, [label for _, label in shown], _rows(view, query, [name for name, _ in shown])
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
    return tables.xlsx_stream(headers, rows, sheet=view.name, created=clock.now())


def _rows(view: Any, query: Any, names: list[str]) -> Iterator[list[Any]]:
    exported = [cells.exported(view, name) for name in names]
    fields = [field for _, field in exported]
    makers = [make for make, _ in exported]
    for record in rows.stored(view.model, query, () if None in fields else fields):
        yield [make(record) for make in makers]
