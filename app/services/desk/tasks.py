"""Tasks of the workbench: a line of the to-do list, counted from rows of the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mongoengine import QuerySet


@dataclass(frozen=True)
class Task:
    """A line of the to-do list: its wording, deadline, article and page, and how many records wait."""

    text: str
    resource: str
    query: dict[str, str]
    due: date | None = None
    late: bool = False
    article: int | None = None
    page: str = "index_view"
    count: int = 0


# Tasks beside the rows to be counted, or beside their number where it takes more than a query.
CountedTasks = Iterator[tuple[Task, QuerySet | int]]
