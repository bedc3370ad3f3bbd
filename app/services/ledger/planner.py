"""What each row of a ledger would do to the records: decided row by row, written by nobody here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bson import ObjectId

from app.exchange.records import Ledger, LedgerRow
from app.policy.pack import RulePack
from app.policy.terms import Mode, Role, RowOutcome, Stage
from app.services.core.by import By
from app.services.ledger import values
from app.services.ledger.plan import Plan, Portion, RowPlan, Write
from app.services.ledger.state import Known
from app.services.ledger.values import Change
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit

CHUNK = 250  # rows whose records are looked up together, and written together where a file is large: memory stays flat
FOREIGN = "不属于本地区。"
AREA, NAME, CODE, INSTITUTION = "县（市、区）", "单位名称", "统一社会信用代码", "第三方机构"


class Refused(Exception):
    """A row that does not go in: column and why."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column, self.why = column, why


class Planner:
    """One pass over a ledger. `base` seeds the keys of new records, so that preview and commit agree on them."""

    def __init__(self, ledger: Ledger, year: int, *, by: By, pack: RulePack, base: ObjectId) -> None:
        self.ledger, self.year, self.actor, self.now, self.pack = ledger, year, by.actor, by.now, pack
        self.known = Known(year, ledger.rows)
        self.first: dict[str, int] = {}  # credit codes that stand in several rows: where first
        self._seed = base.binary[:4] + hashlib.sha256(base.binary).digest()[:5]
        self._made = 0
        self._notes = _by_row(ledger.normalised)
        self._late = {late.row for late in ledger.late}
        numbers = sorted([row.row for row in ledger.rows] + list(ledger.refused_rows))
        self._order = {number: place for place, number in enumerate(numbers, start=1)}

    def portions(self) -> Iterator[Portion]:
        """Every row of the file in its order; the records are looked up portion by portion."""
        every: list[LedgerRow | RowPlan] = [*self.ledger.rows, *_refusals(self.ledger)]
        entries = iter(sorted(every, key=lambda entry: entry.row))
        while chunk := list(islice(entries, CHUNK)):
            self.known.load([entry for entry in chunk if isinstance(entry, LedgerRow)])
            rows = tuple(self._of(entry) for entry in chunk)
            digest = hashlib.sha256(b"".join(row.fingerprint() for row in rows))
            yield Portion(rows, digest.hexdigest())

    def _of(self, entry: LedgerRow | RowPlan) -> RowPlan:
        if isinstance(entry, RowPlan):
            return entry
        try:
            self._check(entry)
            writes = self._writes(entry)
        except Refused as refusal:
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
        """What the reader of the file cannot know: whose row it is and what the records allow."""
        own = self.actor.area if self.actor.role is Role.COUNTY else row.area
        unit = self.known.unit(row)
        if row.area != own or (unit and self.actor.role is Role.COUNTY and unit["area"] != own):
            raise Refused(AREA, FOREIGN)
        if unit and unit["area"] != row.area:
            raise Refused(
                AREA, f"该单位登记在{self.pack.area(unit['area']).name}，与本行不一致；请核对后更正其一。"
            )
        for column, most, text in values.too_long(row):
            raise Refused(column, f"内容有{len(text)}字，超过{most}字；请精简。")
        if unit and unit["name"] != row.name and self.known.settled(unit):
            raise Refused(
                NAME,
                f"该单位登记名称为“{unit['name']}”；如已更名，请按细则第二十条办理变更，否则请更正本行。",
            )
        if other := self.known.cultivated(row):
            raise Refused(
                CODE, f"该单位{other}年度申报的{row.kind.label}仍在培育或评审、公示中，不重复申报。"
            )

    # --- the records of one row -------------------------------------------------------------------------

    def _writes(self, row: LedgerRow) -> tuple[Write, ...]:
        self._made = 0
        institution, made = self._institution(row)
        unit, unit_write = self._unit(row)
        record = values.Subject(
            row, self.year, unit, institution, self.now, row.serial or self._order[row.row]
        )
        application, application_write = self._record(row, Application, self.known.application(row), record)
        evaluation, evaluation_write = self._record(row, Evaluation, self.known.evaluation(row), record)
        found = (made, unit_write, application_write, evaluation_write, self._engagement(row, record))
        writes = tuple(write for write in found if write)
        if application["stage"] != Stage.DRAFT:
            _undisturbed(application, writes)
            return ()
        if evaluation.get("submitted_at") and evaluation_write:
            raise Refused(
                "评价方式", f"评价报告已提交，不能由导入修改（{_told(evaluation_write.changes)}）。"
            )
        self.known.remember(row, unit, institution)
        return writes

    def _unit(self, row: LedgerRow) -> tuple[dict[str, Any], Write | None]:
        old = self.known.unit(row)
        unit, write = self._merge(row, Unit, old, values.of_unit(row, old, self.now, self.pack))
        first = self.first.setdefault(row.credit_code, row.row)
        again = write if self.known.seen(row) else None
        if again and (differing := [label for name, label, _, _ in again.changes if name != "kinds"]):
            raise Refused(CODE, f"与第{first}行是同一单位，但{'、'.join(differing)}不一致；请改为一致。")
        return unit, write

    def _record(
        self, row: LedgerRow, model: type[Record], old: dict[str, Any] | None, subject: values.Subject
    ) -> tuple[dict[str, Any], Write | None]:
        return self._merge(row, model, old, subject.of(model, old))

    def _engagement(self, row: LedgerRow, subject: values.Subject) -> Write | None:
        if row.mode is not Mode.THIRD_PARTY or subject.institution is None:
            return None
        old = self.known.engagement(subject.unit["_id"], row.kind.value, subject.institution["_id"])
        return self._record(row, Engagement, old, subject)[1]

    def _institution(self, row: LedgerRow) -> tuple[dict[str, Any] | None, Write | None]:
        """The registry entry that the row names; an unknown one becomes an entry 待核实."""
        if row.mode is not Mode.THIRD_PARTY:
            return None, None
        found = self.known.evaluator(row.institution)
        if found is None:
            return self._merge(row, Evaluator, None, values.of_evaluator(row.institution))
        report = self.known.evaluation(row)
        newly = report is None or report.get("evaluator_id") != found["_id"]
        if newly and (sanction := values.sanction_on(found, self.now.date())):
            raise Refused(INSTITUTION, f"该机构的评价报告至{sanction:%Y-%m-%d}不予采信，不能选用。")
        return found, None

    def _merge(
        self, row: LedgerRow, model: type[Record], old: dict[str, Any] | None, wanted: dict[str, Any]
    ) -> tuple[dict[str, Any], Write | None]:
        """The record as it will be, and what must be written for it to be so."""
        self._made += 1
        had = old or {}
        changed = {name: value for name, value in wanted.items() if not values.equal(had.get(name), value)}
        if old is not None and not changed:
            return old, None
        record_id = old["_id"] if old else self._key(row)
        version = old.get("version", 0) if old else 0
        stamp = {"version": version + 1, "updated_at": self.now, "updated_by": self.actor.username}
        if old is None:
            stamp = values.blank(model) | {"_id": record_id, "created_at": self.now} | stamp
        record = (old or {}) | stamp | changed
        return record, Write(model, record_id, record.get("area", ""), old, record, changed)

    def _key(self, row: LedgerRow) -> ObjectId:
        return ObjectId(self._seed + (row.row * 8 + self._made).to_bytes(3, "big"))


def run(planner: Planner, keep: Callable[[Portion], None] = lambda portion: None) -> Plan:
    """Go through the whole file; `keep` takes each portion before its records are forgotten."""
    plan = Plan(planner.ledger, planner.year)
    for portion in planner.portions():
        keep(portion)
        plan.digests.append(portion.digest)
        for row in portion.rows:
            plan.counts[row.outcome.value] += 1
            plan.rows.append(replace(row, writes=()))
    return plan


def _undisturbed(application: dict[str, Any], writes: Iterable[Write]) -> None:
    """Beyond draft an import changes nothing: the row must say what the records say, but for its place."""
    stated = (write for write in writes if write.model in (Unit, Application, Evaluation))
    changes = [change for write in stated for change in write.changes if change[0] != "county_order"]
    if changes:
        stage = Stage(application["stage"]).label
        raise Refused(NAME, f"已进入“{stage}”环节，不能由导入修改（{_told(changes)}）。")


def _told(changes: Iterable[Change]) -> str:
    return "；".join(f"{label}：{old or '（空）'} → {new or '（空）'}" for _, label, old, new in changes)


def _outcome(writes: Sequence[Write]) -> RowOutcome:
    if any(write.model is Application and write.old is None for write in writes):
        return RowOutcome.NEW
    return RowOutcome.CHANGED if writes else RowOutcome.SAME


def _differences(writes: Iterable[Write]) -> tuple[tuple[str, str, str], ...]:
    """What changes in records that are there already."""
    return tuple(change[1:] for write in writes if write.old is not None for change in write.changes)


def _by_row(found: Iterable[Any]) -> dict[int, list[tuple[str, str, str]]]:
    notes: dict[int, list[tuple[str, str, str]]] = {}
    for one in found:
        notes.setdefault(one.row, []).append((one.column, one.was, one.now))
    return notes


def _refusals(ledger: Ledger) -> Iterator[RowPlan]:
    """The rows that the reader of the file has refused already."""
    problems: dict[int, list[tuple[str, str]]] = {}
    for refusal in ledger.refused:
        problems.setdefault(refusal.row, []).append((refusal.column, refusal.why))
    column = next((column.index for column in ledger.columns if column.field == "name"), None)
    for number, cells in ledger.originals:
        name = cells[column] if column is not None and isinstance(cells[column], str) else ""
        yield RowPlan(number, RowOutcome.REFUSED, name[:100], problems=tuple(problems.get(number, ())))
