"""Existing records that a portion of a ledger's rows may touch, looked up in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bson import ObjectId

from app.exchange.records import LedgerRow
from app.policy.filing import cultivation
from app.policy.terms import Stage
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.lists import Listing
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit
from models.search import normalise

# Long, and of no use here: search fields are computed, findings and trail are not the ledger's.
UNREAD = dict.fromkeys(("terms", "search_text", "trail", "findings", "corrections", "scores"), 0)

Found = dict[str, Any]


class ExistingRecords:
    """Units, applications, reports and engagements of one portion; institutions and repeated units of all."""

    def __init__(self, year: int, rows: Iterable[LedgerRow]) -> None:
        self.year = year
        self._kinds: dict[str, set[str]] = {}
        for row in rows:
            self._kinds.setdefault(row.credit_code, set()).add(row.kind.value)
        self._seen: dict[str, Found] = {}
        self._evaluators = {
            normalise(institution["name"]): institution
            for institution in _find(Evaluator, {}, {"name": 1, "sanctions": 1})
        }

    def load(self, rows: Sequence[LedgerRow]) -> None:
        """Look up the records that these rows may touch."""
        codes = list({row.credit_code for row in rows})
        self._units = {unit["credit_code"]: unit for unit in _find(Unit, {"credit_code": {"$in": codes}})}
        self._units.update((code, self._seen[code]) for code in codes if code in self._seen)
        of_units = {"unit_id": {"$in": [unit["_id"] for unit in self._units.values()]}}
        self._load_year(of_units | {"year": self.year})
        stages = [stage.value for stage in cultivation.CULTIVATING]
        running = of_units | {"stage": {"$in": stages}, "year": {"$ne": self.year}}
        self._cultivated = {
            _key(application): application["year"]
            for application in _find(Application, running, {"unit_id": 1, "kind": 1, "year": 1})
        }

    def _load_year(self, query: dict[str, Any]) -> None:
        """Look up the applications, reports and engagements that this query of units and year selects."""
        self._applications = {_key(record): record for record in _find(Application, query)}
        self._evaluations = {_key(record): record for record in _find(Evaluation, query)}
        self._engagements = {
            (*_key(record), record["evaluator_id"]): record for record in _find(Engagement, query)
        }

    def unit(self, row: LedgerRow) -> Found | None:
        """Return the row's unit, or None."""
        return self._seen.get(row.credit_code) or self._units.get(row.credit_code)

    def seen(self, row: LedgerRow) -> bool:
        """Return whether an earlier row of the file was accepted for the same unit."""
        return row.credit_code in self._seen

    def remember(self, row: LedgerRow, unit: Found, institution: Found | None) -> None:
        """Remember a unit or institution that further rows of the file name too."""
        if len(self._kinds[row.credit_code]) > 1:
            self._seen[row.credit_code] = unit
        if institution:
            self._evaluators[normalise(institution["name"])] = institution

    def application(self, row: LedgerRow) -> Found | None:
        """Return the unit's application of this year and kind, or None."""
        return self._of(self._applications, row)

    def evaluation(self, row: LedgerRow) -> Found | None:
        """Return the unit's evaluation of this year and kind, or None."""
        return self._of(self._evaluations, row)

    def cultivated(self, row: LedgerRow) -> int | None:
        """Return the year of another running application of the same unit and kind, or None (第十四条)."""
        return self._of(self._cultivated, row)

    def engagement(self, unit_id: ObjectId, kind: str, evaluator_id: ObjectId) -> Found | None:
        """Return the engagement of this year, or None."""
        return self._engagements.get((unit_id, kind, evaluator_id))

    def evaluator(self, name: str) -> Found | None:
        """Return the institution of this name, or None."""
        return self._evaluators.get(normalise(name))

    def settled(self, unit: Found) -> bool:
        """Return whether other records carry the unit's name, so that a new one is a 变更 (第二十条)."""
        here = {
            "year": self.year,
            "stage": Stage.DRAFT.value,
            "kind": {"$in": list(self._kinds[unit["credit_code"]])},
        }
        queries: tuple[tuple[type[Record], dict[str, Any]], ...] = (
            (Application, {"$nor": [here]}),
            (Listing, {}),
        )
        return any(
            model._get_collection().find_one({"unit_id": unit["_id"], **query}) for model, query in queries
        )

    def _of(self, records: dict[tuple[ObjectId, str], Any], row: LedgerRow) -> Any:
        unit = self.unit(row)
        return records.get((unit["_id"], row.kind.value)) if unit else None


def _key(record: Found) -> tuple[ObjectId, str]:
    return record["unit_id"], record["kind"]


def _find(model: Any, query: dict[str, Any], fields: dict[str, int] = UNREAD) -> Iterable[Found]:
    return model._get_collection().find(query, fields)
