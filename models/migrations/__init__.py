"""Migrations: numbered steps that bring stored rows of earlier releases to the present shape.

Each module has LABEL and `up(databases)`, a generator that yields after every batch. A step may be cut off
anywhere and run again: it looks for rows that still need it. It reads raw rows, never the models, which move on.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from pymongo.database import Database

from models.migrations import m001_unit_labels, m002_dropped_fields

Databases = Mapping[str, Database[dict[str, Any]]]


class Migration(Protocol):
    """A module of this package."""

    LABEL: str

    def up(self, databases: Databases) -> Iterator[int]:
        """Change a batch of rows after the other and yield the size of each."""
        ...


# The place in the tuple, from 1 on, is the number of a step. Only ever append.
MIGRATIONS: tuple[Migration, ...] = (m001_unit_labels, m002_dropped_fields)
