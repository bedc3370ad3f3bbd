"""Plan an import: decide row by row which records change; nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bson import ObjectId

from app.exchange.records import Ledger, LedgerRow
from app.policy import spelling
from app.policy.pack import RulePack
from app.policy.terms import Mode, Role, RowOutcome, Stage
from app.services.core.by import By
from app.services.ledger import differences, values
from app.services.ledger.differences import Change
from app.services.ledger.existing import ExistingRecords
from app.services.ledger.plan import Plan, Portion, RowPlan, Write
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit

CHUNK_SIZE = 250  # rows whose records are looked up together, and written together where a file is large: memory stays flat
FOREIGN = "不属于本地区。"
AREA, NAME, CODE, INSTITUTION = "县（市、区）", "单位名称", "统一社会信用代码", "第三方机构"


class RefusedRow(Exception):
    """Row that is not imported: column and reason."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


class Planner:
    """Single pass over a ledger. `base` seeds the keys of new records: preview and commit agree on them."""

    def __init__(self, ledger: Ledger, year: int, *, by: By, pack: RulePack, base: ObjectId) -> None:
        self.ledger, self.year, self.actor, self.now, self.pack = ledger, year, by.actor, by.now, pack
        self.existing = ExistingRecords(year, ledger.rows)
        self.first_rows: dict[str, int] = {}  # credit codes that stand in several rows: where first
        self._seed = base.binary[:4] + hashlib.sha256(base.binary).digest()[:5]
        self._made = 0
        self._notes = _notes_by_row(ledger.normalised)
        self._late = {late.row for late in ledger.late}
        numbers = sorted([row.row for row in ledger.rows] + list(ledger.refused_rows))
        self._order = {number: place for place, number in enumerate(numbers, start=1)}

    def portions(self) -> Iterator[Portion]:
        """Yield the rows of the file in order; existing records are looked up portion by portion."""
        every: list[LedgerRow | RowPlan] = [*self.ledger.rows, *_refusals(self.ledger)]
        entries = iter(sorted(every, key=lambda entry: entry.row))
        while chunk := list(islice(entries, CHUNK_SIZE)):
            self.existing.load([entry for entry in chunk if isinstance(entry, LedgerRow)])
            rows = tuple(self._of(entry) for entry in chunk)
            digest = hashlib.sha256(b"".join(row.fingerprint() for row in rows))
            yield Portion(rows, digest.hexdigest())

    def _of(self, entry: LedgerRow | RowPlan) -> RowPlan:
        if isinstance(entry, RowPlan):
            return entry
        try:
            entry = self._in_known_spelling(entry)
            self._check(entry)
            writes = self._writes(entry)
        except RefusedRow as refusal:
            name = "" if refusal.why == FOREIGN else entry.name  # of another area's unit nothing more is said
            return RowPlan(
                entry.row,
                RowOutcome.REFUSED,
                name,
                entry.area,
                entry.kind.value,
                problems=((refusal.column, refusal.why),),
            )
        return RowPlan(
            entry.row,
            _outcome(writes),
            entry.name,
            entry.area,
            entry.kind.value,
            normalised=tuple(self._notes.get(entry.row, ())),
            late=entry.row in self._late,
            writes=writes,
            differences=_differences(writes),
        )

    def _check(self, row: LedgerRow) -> None:
        """Refuse a row of another area, or one that the existing records do not allow."""
        unit = self.existing.unit(row)
        self._check_area(row, unit)
        for column, limit, text in values.overlong_cells(row):
            raise RefusedRow(column, f"内容有{len(text)}字，超过{limit}字；请精简。")
        if unit and unit["name"] != row.name and self.existing.settled(unit):
            raise RefusedRow(
                NAME,
                f"该单位登记名称为“{unit['name']}”；如已更名，请按细则第二十条办理变更，否则请更正本行。",
            )
        if other := self.existing.cultivated(row):
            raise RefusedRow(
                CODE, f"该单位{other}年度申报的{row.kind.label}仍在培育或评审、公示中，不重复申报。"
            )

    def _in_known_spelling(self, row: LedgerRow) -> LedgerRow:
        """Return the row with the registered spelling where only the spelling of the name differs."""
        unit = self.existing.unit(row)
        if unit is None or unit["name"] == row.name or not spelling.same(unit["name"], row.name):
            return row
        return replace(row, name=unit["name"])

    def _check_area(self, row: LedgerRow, unit: dict[str, Any] | None) -> None:
        """Refuse a row of an area not the county's own, or of a unit registered in another area."""
        registered = unit["area"] if unit else row.area
        if self.actor.role is Role.COUNTY and {row.area, registered} != {self.actor.area}:
            raise RefusedRow(AREA, FOREIGN)
        if registered != row.area:
            raise RefusedRow(
                AREA, f"该单位登记在{self.pack.area(registered).name}，与本行不一致；请核对后更正其一。"
            )

    # --- the records of one row -------------------------------------------------------------------------

    def _writes(self, row: LedgerRow) -> tuple[Write, ...]:
        self._made = 0
        institution, institution_write = self._institution(row)
        unit, unit_write = self._unit(row)
        record = values.RowContext(
            row, self.year, unit, institution, self.now, row.serial or self._order[row.row]
        )
        application, application_write = self._record(
            row, Application, self.existing.application(row), record
        )
        evaluation, evaluation_write = self._record(row, Evaluation, self.existing.evaluation(row), record)
        candidates = (
            institution_write,
            unit_write,
            application_write,
            evaluation_write,
            self._engagement(row, record),
        )
        writes = tuple(write for write in candidates if write)
        if application["stage"] != Stage.DRAFT:
            _refuse_changes_after_draft(application, writes)
            return ()
        if evaluation.get("submitted_at") and evaluation_write:
            raise RefusedRow(
                "评价方式", f"评价报告已提交，不能由导入修改（{_in_words(evaluation_write.changes)}）。"
            )
        self.existing.remember(row, unit, institution)
        return writes

    def _unit(self, row: LedgerRow) -> tuple[dict[str, Any], Write | None]:
        old = self.existing.unit(row)
        unit, write = self._merge(row, Unit, old, values.unit_fields(row, old, self.now, self.pack))
        first = self.first_rows.setdefault(row.credit_code, row.row)
        again = write if self.existing.seen(row) else None
        if again and (differing := [label for name, label, _, _ in again.changes if name != "kinds"]):
            raise RefusedRow(CODE, f"与第{first}行是同一单位，但{'、'.join(differing)}不一致；请改为一致。")
        return unit, write

    def _record(
        self, row: LedgerRow, model: type[Record], old: dict[str, Any] | None, subject: values.RowContext
    ) -> tuple[dict[str, Any], Write | None]:
        return self._merge(row, model, old, subject.of(model, old))

    def _engagement(self, row: LedgerRow, subject: values.RowContext) -> Write | None:
        if row.mode is not Mode.THIRD_PARTY or subject.institution is None:
            return None
        old = self.existing.engagement(subject.unit["_id"], row.kind.value, subject.institution["_id"])
        return self._record(row, Engagement, old, subject)[1]

    def _institution(self, row: LedgerRow) -> tuple[dict[str, Any] | None, Write | None]:
        """Return the registry entry that the row names; an unknown one becomes an entry 待核实."""
        if row.mode is not Mode.THIRD_PARTY:
            return None, None
        institution = self.existing.evaluator(row.institution)
        if institution is None:
            return self._merge(row, Evaluator, None, values.evaluator_fields(row.institution))
        report = self.existing.evaluation(row)
        newly = report is None or report.get("evaluator_id") != institution["_id"]
        if newly and (sanction := values.sanction_on(institution, self.now.date())):
            raise RefusedRow(INSTITUTION, f"该机构的评价报告至{sanction:%Y-%m-%d}不予采信，不能选用。")
        return institution, None

    def _merge(
        self, row: LedgerRow, model: type[Record], old: dict[str, Any] | None, wanted: dict[str, Any]
    ) -> tuple[dict[str, Any], Write | None]:
        """Return the record as it will be, and the write that makes it so, if any."""
        self._made += 1
        had = old or {}
        changed = {
            name: value for name, value in wanted.items() if not differences.equal(had.get(name), value)
        }
        if old is not None and not changed:
            return old, None
        record_id = old["_id"] if old else self._key(row)
        version = old.get("version", 0) if old else 0
        stamp = {"version": version + 1, "updated_at": self.now, "updated_by": self.actor.username}
        if old is None:
            stamp = values.new_record(model) | {"_id": record_id, "created_at": self.now} | stamp
        record = (old or {}) | stamp | changed
        return record, Write(model, record_id, record.get("area", ""), old, record, changed)

    def _key(self, row: LedgerRow) -> ObjectId:
        return ObjectId(self._seed + (row.row * 8 + self._made).to_bytes(3, "big"))


def plan_ledger(planner: Planner, keep: Callable[[Portion], None] = lambda portion: None) -> Plan:
    """Plan the whole file; `keep` takes each portion before its records are dropped."""
    plan = Plan(planner.ledger, planner.year)
    for portion in planner.portions():
        keep(portion)
        plan.digests.append(portion.digest)
        for row in portion.rows:
            plan.counts[row.outcome.value] += 1
            plan.rows.append(replace(row, writes=()))
    return plan


def _refuse_changes_after_draft(application: dict[str, Any], writes: Iterable[Write]) -> None:
    """Refuse a row that differs from an application beyond draft, but for its place in the ledger."""
    stated = (write for write in writes if write.model in (Unit, Application, Evaluation))
    changes = [change for write in stated for change in write.changes if change[0] != "county_order"]
    if changes:
        stage = Stage(application["stage"]).label
        raise RefusedRow(NAME, f"已进入“{stage}”环节，不能由导入修改（{_in_words(changes)}）。")


def _in_words(changes: Iterable[Change]) -> str:
    return "；".join(f"{label}：{old or '（空）'} → {new or '（空）'}" for _, label, old, new in changes)


def _outcome(writes: Sequence[Write]) -> RowOutcome:
    if any(write.model is Application and write.old is None for write in writes):
        return RowOutcome.NEW
    return RowOutcome.CHANGED if writes else RowOutcome.SAME


def _differences(writes: Iterable[Write]) -> tuple[tuple[str, str, str], ...]:
    """Return the changes of existing records."""
    return tuple(change[1:] for write in writes if write.old is not None for change in write.changes)


def _notes_by_row(normalised: Iterable[Any]) -> dict[int, list[tuple[str, str, str]]]:
    notes: dict[int, list[tuple[str, str, str]]] = {}
    for cell in normalised:
        notes.setdefault(cell.row, []).append((cell.column, cell.was, cell.now))
    return notes


def _refusals(ledger: Ledger) -> Iterator[RowPlan]:
    """Yield the rows that the reader of the file refused."""
    problems: dict[int, list[tuple[str, str]]] = {}
    for refusal in ledger.refused:
        problems.setdefault(refusal.row, []).append((refusal.column, refusal.why))
    column = next((column.index for column in ledger.columns if column.field == "name"), None)
    for number, cells in ledger.originals:
        name = cells[column] if column is not None and isinstance(cells[column], str) else ""
        yield RowPlan(number, RowOutcome.REFUSED, name[:100], problems=tuple(problems.get(number, ())))
