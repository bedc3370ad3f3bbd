"""Declared parts of a record's page: tables, related records, links to further pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from mongoengine import Document

from app.policy.terms import Defect

ShownTable = tuple[str, Sequence[str], Sequence[Sequence[Any]]]  # heading, columns, rows


class Link(NamedTuple):
    """A line of related records."""

    label: Any
    url: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of a record's page; left out while it is empty, unless its emptiness says something."""

    heading: str
    columns: Sequence[str]
    rows: Callable[[Any, Any], Iterable[Sequence[Any]]]  # of the screen and the record
    shown_empty: bool = False

    def tables(self, view: Any, record: Document) -> Iterator[ShownTable]:
        """Return the table with its rows, if it is shown."""
        rows = list(self.rows(view, record))
        if rows or self.shown_empty:
            yield self.heading, self.columns, rows


def _correction_rows(view: Any, record: Any) -> list[Sequence[Any]]:
    return [(row.label, Defect(row.defect).label, row.note, row.due) for row in record.corrections]


# Of records that are sent back for corrections.
CORRECTIONS = Table("补正事项", ("事项", "问题", "说明", "期限"), _correction_rows)


@dataclass(frozen=True)
class Tables:
    """Tables whose number and headings depend on the record."""

    tables: Callable[[Any, Any], Iterable[ShownTable]]


@dataclass(frozen=True)
class Related:
    """A list of related records under one heading; left out while it is empty."""

    heading: str
    links: Sequence[Callable[[Any, Any], Iterable[Link]]]

    def group(self, view: Any, record: Document) -> tuple[str, list[Link]]:
        """Return the heading and the links of a record."""
        return self.heading, [link for links in self.links for link in links(view, record)]


def linked(resource: str, key: str, label: str, note: str = "") -> Callable[[Any, Any], Iterator[Link]]:
    """Return the link to the record of another resource whose key the field `key` holds."""

    def links(view: Any, record: Document) -> Iterator[Link]:
        yield Link(getattr(record, label), url_for(f"{resource}.details_view", id=getattr(record, key)), note)

    return links


def _always(view: Any, record: Any) -> bool:
    return True


def _its_id(record: Any) -> Mapping[str, Any]:
    return {"id": record.pk}


@dataclass(frozen=True)
class PageLink:
    """A link at the head of a record's page to a further page of its screen."""

    label: str
    endpoint: str
    icon: str
    when: Callable[[Any, Any], bool] = _always
    arguments: Callable[[Any], Mapping[str, Any]] = _its_id

    def shown(self, view: Any, record: Document) -> tuple[str, str, str]:
        """Return label, address and icon."""
        return self.label, view.get_url(self.endpoint, **self.arguments(record)), self.icon
