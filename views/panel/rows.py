"""Rows of lists and exports: what a page shows of a record, without the cost of a whole MongoEngine document."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from bson import MinKey, encode
from mongoengine import DateField, Document, EmbeddedDocumentField, ListField, QuerySet

# Long and never shown in a list.
HEAVY = ("terms", "search_text", "trail", "findings")
BATCH = 4_000  # records that are held at a time, whatever the length of an export
# Everything, in words that make the server count and not estimate.
EVERYTHING = {"_id": {"$gte": MinKey()}}


class Row:
    """A stored record read as it is; attributes convert as the model's fields do, `str()` is the model's own."""

    __slots__ = ("_document", "_raw")

    def __init__(self, document: type[Any], raw: dict[str, Any]) -> None:
        self._document = document
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        convert = converter(self._document, name)
        if convert is None:
            return getattr(self._document, name).__get__(self)  # a property or method of the model
        return convert(self._raw.get(stored_name(name)))

    def __str__(self) -> str:
        return self._document.__str__(self)

    @property
    def document(self) -> type[Any]:
        """The model that this is a row of."""
        return self._document


def stored_name(name: str) -> str:
    """What a field is called in the database."""
    return "_id" if name in ("id", "pk") else name


@cache
def converter(document: type[Any], name: str) -> Callable[[Any], Any] | None:
    """How the stored value of a field is read; None for what is no field."""
    if name in ("id", "pk"):
        return _same
    field = document._fields.get(name)
    return None if field is None else _reading(field)


def _reading(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, DateField):
        return lambda value: value.date() if isinstance(value, datetime) else value
    if isinstance(field, EmbeddedDocumentField):
        part = field.document_type
        return lambda value: None if value is None else Row(part, value)
    if isinstance(field, ListField):
        inner = _same if field.field is None else _reading(field.field)
        return _list if inner is _same else lambda value: [inner(one) for one in value or ()]
    return _same


def _same(value: Any) -> Any:
    return value


def _list(value: Any) -> Any:
    return value or []


def count(model: type[Document], query: QuerySet, most: int) -> int:
    """How many records match, counted up to `most`: keys of an index where the query allows, and not more of them."""
    collection = model._get_collection()
    if not query._query:
        known = collection.estimated_document_count()
        if known >= 2 * most:  # the server's own figure may be a little off after a crash
            return most
    key = (collection.full_name, most, encode(query._query))
    if _many.get(key, 0.0) > time.monotonic():
        return most
    command = {"count": collection.name, "query": query._query or EVERYTHING, "limit": most}
    found = collection.database.command(command)["n"]
    if found >= most:
        if len(_many) >= KEPT:
            _many.clear()
        _many[key] = time.monotonic() + FRESH
    return found


# Conditions that lately matched `most` records or more: that thousands do is still so a minute later.
_many: dict[tuple[str, int, bytes], float] = {}
KEPT, FRESH = 1_000, 60


def rows(model: type[Document], query: QuerySet) -> Iterator[Row]:
    """The rows of a query, streamed; one database command a batch."""
    return (Row(model, raw) for raw in stored(model, query))


def stored(model: type[Document], query: QuerySet, fields: Iterable[str] = ()) -> Iterable[dict[str, Any]]:
    """The same as they are stored; with `fields` no others are read."""
    heavy = [name for name in HEAVY if name in model._fields]
    chosen = query.only(*fields) if fields else query.exclude(*heavy) if heavy else query
    return chosen.as_pymongo().no_cache().batch_size(BATCH)
