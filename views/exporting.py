"""Export of what is seen: the same rows, filters and columns as the list, streamed."""

from collections.abc import Iterator
from typing import Any

from bson import Decimal128
from flask import Response, stream_with_context
from markupsafe import Markup

from app import clock
from app.exchange import tables
from app.exchange.uploads import content_disposition
from app.services import audit
from models.database import transact
from views import acting

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def response(view: Any, export_type: str) -> Response:
    """The filtered list as a file; the export itself is audited before its first byte."""
    arguments = view._get_list_extra_args()
    chosen = view._get_column_by_idx(arguments.sort)
    query = view.filtered(arguments.search, arguments.filters)
    query = view.sorted(query, chosen[0] if chosen else None, bool(arguments.sort_desc)).no_cache()
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
    for record in query:
        yield [plain(view.get_export_value(record, name)) for name in names]


def plain(value: Any) -> Any:
    """A cell: numbers and dates as such, everything else as text without mark-up."""
    if isinstance(value, Decimal128):
        return value.to_decimal()
    if isinstance(value, Markup):
        return value.striptags()
    if isinstance(value, list):
        return "；".join(str(plain(one)) for one in value)
    return value
