"""What a ledger would do, as data: the records that a row writes, what becomes of it, portions of rows, the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bson import ObjectId

from app.exchange.records import Ledger
from app.policy.terms import RowOutcome
from app.services.ledger import values
from app.services.ledger.values import Change
from models.record import Record
from models.registry.units import Unit


@dataclass(frozen=True)
class Write:
    """One record that a row makes (`old` is None) or changes; values as MongoDB stores them."""

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
        return values.label(self.model, self.record)

    @property
    def unit_id(self) -> ObjectId | None:
        return self.record_id if self.model is Unit else self.record.get("unit_id")

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return values.changes(self.model, self.old, self.changed)

    def values(self) -> dict[str, Any]:
        """What must be written: all of a new record, else what differs."""
        if self.old is None:
            return self.record | values.searched(self.model, self.record)
        stamp = {name: self.record[name] for name in ("version", "updated_at", "updated_by")}
        return stamp | self.changed | self._search_fields(self.record)

    def before(self) -> dict[str, Any] | None:
        """What is written over; None where the row makes the record."""
        if self.old is None:
            return None
        return {name: self.old.get(name) for name in self.changed} | self._search_fields(self.old)

    def _search_fields(self, record: dict[str, Any]) -> dict[str, Any]:
        named = values.SEARCHED.get(self.model, frozenset())
        return {} if named.isdisjoint(self.changed) else values.searched(self.model, record)


@dataclass(frozen=True)
class RowPlan:
    """What becomes of one row; `problems` are (column, why), `normalised` (column, was, now)."""

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
        """What must be the same at commit as it was in the preview; what new records hold, the file itself says."""
        writes = [(write.collection, str(write.record_id), write.version) for write in self.writes]
        return repr((self.row, self.outcome.value, self.problems, self.differences, writes)).encode()


@dataclass(frozen=True)
class Portion:
    """Some rows in a run, with the digest of what they would do."""

    rows: tuple[RowPlan, ...]
    digest: str

    @property
    def last(self) -> int:
        return self.rows[-1].row


@dataclass
class Plan:
    """A whole file's outcome; the rows without the records that they write."""

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
    def late(self) -> list[int]:
        return [row.row for row in self.rows if row.late]
