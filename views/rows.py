"""Rows of lists and exports: what a page shows of a record, without the cost of a whole MongoEngine document."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from mongoengine import DateField, Document, EmbeddedDocumentField, ListField, QuerySet

# Long and never shown in a list.
HEAVY = ("terms", "search_text", "trail", "findings")


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
        return convert(self._raw.get("_id" if name in ("id", "pk") else name))

    def __str__(self) -> str:
        return self._document.__str__(self)

    @property
    def document(self) -> type[Any]:
        """The model that this is a row of."""
        return self._document


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
        return lambda value: [inner(one) for one in value or ()]
    return _same


def _same(value: Any) -> Any:
    return value


def rows(model: type[Document], query: QuerySet) -> Iterator[Row]:
    """The rows of a query, streamed; one database command a batch."""
    heavy = [name for name in HEAVY if name in model._fields]
    for raw in _raw(query.exclude(*heavy) if heavy else query):
        yield Row(model, raw)


def _raw(query: QuerySet) -> Iterable[dict[str, Any]]:
    return query.as_pymongo().no_cache()
