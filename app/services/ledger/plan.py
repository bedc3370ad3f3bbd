"""Plan of an import as data: records that a row writes, outcome of a row, portions, the whole file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bson import ObjectId

from app.exchange.records import Ledger
from app.policy.terms import RowOutcome
from app.services.ledger import differences as differences_
from app.services.ledger import values
from app.services.ledger.differences import Change
from models.record import Record
from models.registry.units import Unit


@dataclass(frozen=True)
class Write:
    """Record that a row creates (`old` is None) or changes; values as MongoDB stores them."""

    model: type[Record]
    record_id: ObjectId
    area: str
    old: dict[str, Any] | None
    record: dict[str, Any]  # as it will be, without its search fields
    changed: dict[str, Any]

    @property
    def version(self) -> int:
        return self.record["version"] - 1

    @property
    def collection(self) -> str:
        return self.model._get_collection_name()

    @property
    def label(self) -> str:
        return differences_.label(self.model, self.record)

    @property
    def unit_id(self) -> ObjectId | None:
        return self.record_id if self.model is Unit else self.record.get("unit_id")

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return differences_.changes(self.model, self.old, self.changed)

    def values(self) -> dict[str, Any]:
        """Return the values to write: all of a new record, else those that differ."""
        if self.old is None:
            return self.record | values.search_fields(self.model, self.record)
        stamp = {name: self.record[name] for name in ("version", "updated_at", "updated_by")}
        return stamp | self.changed | self._search_fields(self.record)

    def before(self) -> dict[str, Any] | None:
        """Return the values that are overwritten; None for a new record."""
        if self.old is None:
            return None
        return {name: self.old.get(name) for name in self.changed} | self._search_fields(self.old)

    def _search_fields(self, record: dict[str, Any]) -> dict[str, Any]:
        named = values.SEARCHED.get(self.model, frozenset())
        return {} if named.isdisjoint(self.changed) else values.search_fields(self.model, record)


@dataclass(frozen=True)
class RowPlan:
    """Outcome of one row; `problems` are (column, why), `normalised` (column, was, now)."""

    row: int
    outcome: RowOutcome
    name: str = ""
    area: str = ""
    kind: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    normalised: tuple[tuple[str, str, str], ...] = ()
    late: bool = False
    writes: tuple[Write, ...] = ()
    differences: tuple[tuple[str, str, str], ...] = ()

    def fingerprint(self) -> bytes:
        """Return the digest input that must not change between preview and commit.

        The values of new records are left out: they come from the file itself.
        """
        writes = [(write.collection, str(write.record_id), write.version) for write in self.writes]
        return repr((self.row, self.outcome.value, self.problems, self.differences, writes)).encode()


@dataclass(frozen=True)
class Portion:
    """Consecutive rows with the digest of their outcomes."""

    rows: tuple[RowPlan, ...]
    digest: str

    @property
    def last(self) -> int:
        return self.rows[-1].row


@dataclass
class Plan:
    """Outcome of a whole file; its rows without the records that they write."""

    ledger: Ledger
    year: int
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((o.value for o in RowOutcome), 0))
    rows: list[RowPlan] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    batch: Any = None

    @property
    def refused(self) -> Iterator[tuple[int, str, str]]:
        return ((row.row, column, why) for row in self.rows for column, why in row.problems)

    @property
    def normalised(self) -> Iterator[tuple[int, str, str, str]]:
        return ((row.row, *change) for row in self.rows for change in row.normalised)

    @property
    def skipped(self) -> Iterator[tuple[int, str]]:
        return ((each.row, each.text) for each in self.ledger.skipped)

    @property
    def late(self) -> list[int]:
        return [row.row for row in self.rows if row.late]
