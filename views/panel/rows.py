"""Rows of lists and exports, without the cost of whole MongoEngine documents."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

from bson import MinKey, encode
from cachetools import TTLCache
from mongoengine import DateField, Document, EmbeddedDocumentField, ListField, QuerySet

# Long and never shown in a list.
HEAVY = ("terms", "search_text", "trail", "findings")
BATCH_SIZE = 4_000  # records that are held at a time, whatever the length of an export
# Everything, in words that make the server count and not estimate.
EVERYTHING = {"_id": {"$gte": MinKey()}}

# Conditions that lately matched the limit or more: that thousands do is still so a minute later.
_above_limit: TTLCache[tuple[str, int, bytes], bool] = TTLCache(maxsize=1_000, ttl=60)
_lock = Lock()


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
        """Return the model that this is a row of."""
        return self._document


def stored_name(name: str) -> str:
    """Return the name of a field in the database."""
    return "_id" if name in ("id", "pk") else name


@cache
def converter(document: type[Any], name: str) -> Callable[[Any], Any] | None:
    """Return how the stored value of a field is read; None for a name that is no field."""
    if name in ("id", "pk"):
        return _unchanged
    field = document._fields.get(name)
    return None if field is None else _reader(field)


def _reader(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, DateField):
        return lambda value: value.date() if isinstance(value, datetime) else value
    if isinstance(field, EmbeddedDocumentField):
        part = field.document_type
        return lambda value: None if value is None else Row(part, value)
    if isinstance(field, ListField):
        read_item = _unchanged if field.field is None else _reader(field.field)
        return _list if read_item is _unchanged else lambda value: [read_item(item) for item in value or ()]
    return _unchanged


def _unchanged(value: Any) -> Any:
    return value


def _list(value: Any) -> Any:
    return value or []


def count(model: type[Document], query: QuerySet, limit: int) -> int:
    """Count the records that match, up to `limit`: keys of an index where the query allows, and not more of them."""
    collection = model._get_collection()
    # The server's own figure may be a little off after a crash.
    if not query._query and collection.estimated_document_count() >= 2 * limit:
        return limit
    key = (collection.full_name, limit, encode(query._query))
    with _lock:
        if _above_limit.get(key):
            return limit
    command = {"count": collection.name, "query": query._query or EVERYTHING, "limit": limit}
    matching = collection.database.command(command)["n"]
    if matching >= limit:
        with _lock:
            _above_limit[key] = True
    return matching


def rows(model: type[Document], query: QuerySet) -> Iterator[Row]:
    """Return the rows of a query, streamed; one database command a batch."""
    return (Row(model, raw) for raw in stored(model, query))


def stored(model: type[Document], query: QuerySet, fields: Iterable[str] = ()) -> Iterable[dict[str, Any]]:
    """Return the same as they are stored; with `fields` no others are read."""
    heavy = [name for name in HEAVY if name in model._fields]
    chosen = query.only(*fields) if fields else query.exclude(*heavy) if heavy else query
    return chosen.as_pymongo().no_cache().batch_size(BATCH_SIZE)
