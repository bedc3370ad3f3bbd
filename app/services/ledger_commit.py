"""Writing a planned ledger, and taking it back: each in one transaction, with a history line for each record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo import DeleteOne, InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from app.policy.access import Actor
from app.policy.flow import Conflict, NotAllowed
from app.services import ledger_values as values
from app.services.ledger_plan import RowPlan, Write
from models.applications import Application
from models.audit import AuditEntry
from models.database import documents
from models.evaluators import Engagement, Evaluation, Evaluator
from models.imports import ImportBatch, ImportLine
from models.record import Record
from models.units import Unit

MODELS = {model._get_collection_name(): model for model in (Evaluator, Unit, Application, Evaluation, Engagement)}
CHANGED = "预览之后有记录被他人修改，导入没有进行；请重新预览后再确认。"
PORTION = 1_000
MOST_NAMED = 10


class Writer:
    """Takes the plans of a file portion by portion and writes their records."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self.history = History(actor, now)

    def __call__(self, portion: Sequence[RowPlan]) -> None:
        writes = [write for row in portion for write in row.writes]
        for collection, model in MODELS.items():
            self._write(model, [write for write in writes if write.collection == collection])
        self.history.add(
            ("update" if write.before else "create", write.model, write, write.changes) for write in writes
        )

    def _write(self, model: type[Record], writes: Sequence[Write]) -> None:
        changed = sum(write.before is not None for write in writes)
        if apply(model, [_operation(write) for write in writes]) != changed:
            raise Conflict(CHANGED)


def _operation(write: Write) -> InsertOne | UpdateOne:
    if write.before is None:
        return InsertOne(write.values)
    return UpdateOne({"_id": write.record_id, "version": write.version}, _update(write.values))


def _update(wanted: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in wanted.items() if value is not None}
    gone = {name: "" for name, value in wanted.items() if value is None}
    return {"$set": kept} | ({"$unset": gone} if gone else {})


def apply(model: type[Record], operations: Sequence[Any]) -> int:
    """How many records were changed or removed; a key that exists meanwhile is a Conflict."""
    if not operations:
        return 0
    try:
        result = model._get_collection().bulk_write(operations)
    except BulkWriteError as error:
        if any(problem["code"] == 11000 for problem in error.details["writeErrors"]):
            raise Conflict(CHANGED) from error
        raise
    return result.matched_count + result.deleted_count


class History:
    """Audit entries of many records of one act."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self.common = AuditEntry().to_mongo().to_dict() | {
            "at": now, "who": actor.username, "name": actor.name, "role": actor.role.value, "area": actor.area,
            "address": actor.address, "source": "import",
        }  # fmt: skip

    def add(self, acts: Iterable[tuple[str, type[Record], Any, Iterable[values.Change]]]) -> None:
        """`acts`: verb, model, what knows record_id, label, area and unit_id, changes."""
        entries = [
            self.common | {
                "verb": verb, "subject_type": model.__name__, "subject_id": str(of.record_id),
                "subject_label": of.label, "subject_area": of.area,
                "changes": [dict(zip(("field", "label", "old", "new"), change, strict=True)) for change in changes],
            } | ({"unit_id": of.unit_id} if of.unit_id else {})
            for verb, model, of, changes in acts
        ]  # fmt: skip
        if entries:
            AuditEntry._get_collection().insert_many(entries)


# --- lines of a batch -----------------------------------------------------------------------------------


def keep_lines(batch_id: ObjectId, portion: Sequence[RowPlan]) -> None:
    """Store what each row does, for the pages of the preview and for taking it back."""
    ImportLine._get_collection().insert_many([_line(batch_id, row) for row in portion])


def _line(batch_id: ObjectId, row: RowPlan) -> dict[str, Any]:
    return {
        "batch_id": batch_id, "row": row.row, "outcome": row.outcome.value, "name": row.name, "area": row.area,
        "kind": row.kind, "late": row.late, "version": 1, "differences": [list(one) for one in row.differences],
        "problems": [list(one) for one in row.problems], "normalised": [list(one) for one in row.normalised],
        "writes": [
            {
                "collection": write.collection, "record_id": write.record_id, "label": write.label,
                "after_version": write.version + 1,
            } | ({} if write.before is None else {"before": write.before})
            for write in row.writes
        ],
    }  # fmt: skip


def forget(batch_id: ObjectId) -> None:
    ImportLine._get_collection().delete_many({"batch_id": batch_id})


# --- taking back ----------------------------------------------------------------------------------------


@dataclass
class Taken:
    """What a batch did to one record, over all its rows."""

    record_id: ObjectId
    label: str
    before: dict[str, Any] | None
    version: int
    area: str = ""
    unit_id: ObjectId | None = None


def take_back(batch: ImportBatch, actor: Actor, now: datetime) -> None:
    """Restore or remove every record of a committed batch. Raises NotAllowed naming those changed since."""
    taken = _taken(batch)
    current = {model: _current(model, taken[model]) for model in taken}
    untouched = {model: {one.record_id for one in of.values() if _as_left(one, current[model])} for model, of in taken.items()}
    changed = [one for model, of in taken.items() if model is not Evaluator for one in of.values()]
    changed = [one.label for one in changed if not any(one.record_id in ids for ids in untouched.values())]
    if changed:
        raise NotAllowed(f"导入之后以下记录又有改动，不能撤销：{_named(changed)}。")
    made = {model: [one for one in of.values() if one.before is None] for model, of in taken.items()}
    if used := list(_users_of(made.get(Unit, ()), taken)):
        raise NotAllowed(f"以下单位在导入之后又有了其他记录，不能撤销：{_named(used)}。")
    # An institution may be in use elsewhere by now: then its registry entry stays.
    keep = _institutions_in_use(made.get(Evaluator, ()), taken)
    history = History(actor, now)
    for model, of in taken.items():
        ids = untouched[model] - keep
        _restore(model, [one for one in of.values() if one.record_id in ids], current[model], history, actor, now)


def _taken(batch: ImportBatch) -> dict[type[Record], dict[ObjectId, Taken]]:
    found: dict[type[Record], dict[ObjectId, Taken]] = {model: {} for model in reversed(MODELS.values())}
    for line in ImportLine._get_collection().find({"batch_id": batch.pk}, {"writes": 1}).sort("row", -1):
        for write in reversed(line["writes"]):
            of = found[MODELS[write["collection"]]]
            before, key = write.get("before"), write["record_id"]
            if later := of.get(key):  # an earlier row did more to the same record: its image is the older one
                later.before = None if before is None else (later.before or {}) | before
            else:
                of[key] = Taken(key, write["label"], before, write["after_version"])
    return found


def _current(model: type[Record], taken: dict[ObjectId, Taken]) -> dict[ObjectId, dict[str, Any]]:
    found: dict[ObjectId, dict[str, Any]] = {}
    for ids in _portions(list(taken)):
        for record in model._get_collection().find({"_id": {"$in": ids}}):
            found[record["_id"]] = record
            taken[record["_id"]].area = record.get("area", "")
            taken[record["_id"]].unit_id = record["_id"] if model is Unit else record.get("unit_id")
    return found


def _as_left(one: Taken, current: dict[ObjectId, dict[str, Any]]) -> bool:
    record = current.get(one.record_id)
    return record is not None and record.get("version") == one.version


def _users_of(units: Iterable[Taken], taken: dict[type[Record], dict[ObjectId, Taken]]) -> Iterator[str]:
    """The names of units about to be removed to which records of other origin refer."""
    labels = {one.record_id: one.label for one in units}
    for model in documents():
        if "unit_id" not in model._fields or model._meta.get("db_alias", "default") != "default":
            continue
        own = taken.get(model, {})
        for ids in _portions(list(labels)):
            for record in model._get_collection().find({"unit_id": {"$in": ids}}, {"unit_id": 1}):
                if record["_id"] not in own:
                    yield labels[record["unit_id"]]


def _institutions_in_use(
    evaluators: Iterable[Taken], taken: dict[type[Record], dict[ObjectId, Taken]]
) -> set[ObjectId]:
    ids = [one.record_id for one in evaluators]
    used: set[ObjectId] = set()
    for model in (Engagement, Evaluation):
        for record in model._get_collection().find({"evaluator_id": {"$in": ids}}, {"evaluator_id": 1}):
            if record["_id"] not in taken[model]:
                used.add(record["evaluator_id"])
    return used


def _restore(
    model: type[Record], taken: Sequence[Taken], current: dict[ObjectId, dict[str, Any]], history: History,
    actor: Actor, now: datetime,
) -> None:  # fmt: skip
    for portion in _portions(taken):
        if apply(model, [_reversal(one, actor, now) for one in portion]) != len(portion):
            raise Conflict("撤销时有记录被他人修改，请刷新后重试。")
        history.add(("undo", model, one, _reverted(model, one, current[one.record_id])) for one in portion)


def _reversal(one: Taken, actor: Actor, now: datetime) -> DeleteOne | UpdateOne:
    found = {"_id": one.record_id, "version": one.version}
    if one.before is None:
        return DeleteOne(found)
    stamp = {"version": one.version + 1, "updated_at": now, "updated_by": actor.username}
    return UpdateOne(found, _update(one.before | stamp))


def _reverted(model: type[Record], one: Taken, record: dict[str, Any]) -> tuple[values.Change, ...]:
    if one.before is None:
        return ()
    shown = {name: value for name, value in one.before.items() if name not in ("terms", "search_text")}
    return values.changes(model, record, shown)


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + PORTION] for start in range(0, len(items), PORTION))


def _named(labels: Sequence[str]) -> str:
    named = list(dict.fromkeys(labels))
    more = f"等{len(named)}条" if len(named) > MOST_NAMED else ""
    return "、".join(named[:MOST_NAMED]) + more
