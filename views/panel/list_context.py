"""The list that a record was opened from: its address, and the records before and after in its order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import request
from flask_admin.helpers import get_redirect_target
from mongoengine import Document, Q
from werkzeug.datastructures import MultiDict

from app.security import typed

Order = list[tuple[str, bool]]  # field, whether it falls


@contextmanager
def reading(address: str) -> Iterator[None]:
    """Replace the request's arguments by those of a list with this address, each checked for its type."""
    own = request.args
    request.args = typed(MultiDict(parse_qsl(urlsplit(address).query)))
    try:
        yield
    finally:
        request.args = own


def came_from(view: Any) -> str:
    """Return the address of this screen's list that the page was opened from, else of the list as it opens."""
    target, plain = get_redirect_target() or "", view.get_url(".index_view")
    return target if urlsplit(target).path == plain else plain


def beside(view: Any, record: Document) -> dict[str, str | None]:
    """Return the pages of the records before and after this one, in the order and under the conditions of that list."""
    address = came_from(view)
    with reading(address):
        arguments = view._get_list_extra_args()
        column = view._get_column_by_idx(arguments.sort)
        query = view.filtered(arguments.search, arguments.filters)
        order = view.order(column[0] if column else None, bool(arguments.sort_desc))
    back = [(name, not falls) for name, falls in order]
    return {
        "prev_url": _page(view, query.filter(_after(record, back)), back, address),
        "next_url": _page(view, query.filter(_after(record, order)), order, address),
    }


def _page(view: Any, query: Any, order: Order, address: str) -> str | None:
    record = query.only("id").order_by(*("-" * falls + name for name, falls in order)).first()
    return view.get_url(".details_view", id=record.pk, url=address) if record else None


def _after(record: Document, order: Order) -> Q:
    """Return the condition of the records after this one: beyond it in one field, level with it in those before."""
    level, after = Q(), None
    for name, falls in order:
        value = getattr(record, name)
        beyond = _beyond(name, value, falls)
        if beyond is not None:
            after = level & beyond if after is None else after | (level & beyond)
        level &= Q(**{name: value})
    return after if after is not None else Q(pk=None)


def _beyond(name: str, value: Any, falls: bool) -> Q | None:
    """Return the condition of values beyond, empty ones first as the server has it; None where there are none."""
    if value is None:
        return None if falls else Q(**{f"{name}__ne": None})
    if falls:
        return Q(**{f"{name}__lt": value}) | Q(**{name: None})
    return Q(**{f"{name}__gt": value})
