"""Take an import back: every record as it was, refused when one has been worked on since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from pymongo import DeleteOne, UpdateOne

from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed
from app.services.core.by import By
from app.services.ledger import differences
from app.services.ledger.commit import MODELS, History, bulk_write, update_of
from models.database import documents
from models.filing.evaluations import Evaluation
from models.ledger import ImportBatch, ImportLine
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit

CHUNK_SIZE = 1_000  # records looked up together, and restored together where a file was large
MAX_NAMED = 10


@dataclass
class WrittenRecord:
    """Record that a batch wrote, over all its rows; `before` is None where the batch created it."""

    model: type[Record]
    record_id: ObjectId
    label: str
    before: dict[str, Any] | None
    version: int
    area: str = ""
    unit_id: ObjectId | None = None


def written_records(batch: ImportBatch, up_to: int | None = None) -> list[WrittenRecord]:
    """Return the records that a batch wrote (`up_to`: by its first rows), dependent ones first, in a fixed order."""
    by_name = {model._get_collection_name(): model for model in MODELS}
    records: dict[ObjectId, WrittenRecord] = {}
    query: dict[str, Any] = {"batch_id": batch.pk} | ({} if up_to is None else {"row": {"$lte": up_to}})
    for line in ImportLine._get_collection().find(query, {"writes": 1}).sort("row", -1):
        for write in line["writes"]:
            before, key = write.get("before"), write["record_id"]
            if later := records.get(key):
                # An earlier row wrote the same record: its image is the older one.
                later.before = None if before is None else (later.before or {}) | before
            else:
                records[key] = WrittenRecord(
                    by_name[write["collection"]], key, write["label"], before, write["after_version"]
                )
    return sorted(records.values(), key=lambda record: (-MODELS.index(record.model), record.record_id))


def demand_unchanged(records: Sequence[WrittenRecord]) -> None:
    """Raise NotAllowed naming records changed since, or units that other records refer to by now."""
    changed = [
        record.label
        for portion in in_chunks(records)
        for record in _changed_records(portion)
        if record.model is not Evaluator
    ]
    if changed:
        raise NotAllowed(f"导入之后以下记录又有改动，不能撤销：{_list_names(changed)}。")
    if used := list(_in_use(records)):
        raise NotAllowed(f"以下单位在导入之后又有了其他记录，不能撤销：{_list_names(used)}。")


def restore(portion: Sequence[WrittenRecord], by: By) -> None:
    """Restore records in the caller's transaction; those changed since stay as they are."""
    history = History(by)
    for model, records in _by_model(portion).items():
        current = _load_current(model, records)
        restorable = _restorable(model, records, current)
        if bulk_write(model, (_reversal(record, by) for record in restorable)) != len(restorable):
            raise Conflict("撤销时有记录被他人修改，请刷新后重试。")
        history.add(
            (Verb.UNDO_IMPORT, model, record, _reverted(record, current[record.record_id]))
            for record in restorable
        )


def _restorable(
    model: type[Record], records: Sequence[WrittenRecord], current: dict[ObjectId, dict[str, Any]]
) -> list[WrittenRecord]:
    """Return the records unchanged since the import, without institutions that others name by now."""
    in_use = _institutions_in_use(records) if model is Evaluator else set()
    return [
        record for record in records if _unchanged_since(record, current) and record.record_id not in in_use
    ]


def _by_model(records: Iterable[WrittenRecord]) -> dict[type[Record], list[WrittenRecord]]:
    """Return the records by model, models in the order of their first record."""
    grouped: dict[type[Record], list[WrittenRecord]] = {}
    for record in records:
        grouped.setdefault(record.model, []).append(record)
    return grouped


def in_chunks(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the records in slices of CHUNK_SIZE."""
    return (records[start : start + CHUNK_SIZE] for start in range(0, len(records), CHUNK_SIZE))


def _changed_records(portion: Sequence[WrittenRecord]) -> Iterator[WrittenRecord]:
    for model, records in _by_model(portion).items():
        current = _load_current(model, records)
        yield from (record for record in records if not _unchanged_since(record, current))


def _load_current(model: type[Record], records: Sequence[WrittenRecord]) -> dict[ObjectId, dict[str, Any]]:
    """Return the stored records by key, and note area and unit of each written record."""
    ids = [written.record_id for written in records]
    current = {stored["_id"]: stored for stored in model._get_collection().find({"_id": {"$in": ids}})}
    for written in records:
        stored = current.get(written.record_id, {})
        written.area = stored.get("area", "")
        written.unit_id = written.record_id if model is Unit else stored.get("unit_id")
    return current


def _unchanged_since(written: WrittenRecord, current: dict[ObjectId, dict[str, Any]]) -> bool:
    stored = current.get(written.record_id)
    return stored is not None and stored.get("version") == written.version


def _in_use(records: Sequence[WrittenRecord]) -> Iterator[str]:
    """Yield names of units to be removed that records of other origin refer to."""
    own_ids = {written.record_id for written in records}
    labels = {
        written.record_id: written.label
        for written in records
        if written.model is Unit and written.before is None
    }
    for model in _models_of_units():
        for ids in in_chunks(list(labels)):
            for stored in model._get_collection().find({"unit_id": {"$in": ids}}, {"unit_id": 1}):
                if stored["_id"] not in own_ids:
                    yield labels[stored["unit_id"]]


def _models_of_units() -> Iterator[Any]:
    """Yield the models of the main database whose records belong to a unit."""
    for model in documents():
        if "unit_id" in model._fields and model._meta.get("db_alias", "default") == "default":
            yield model


def _institutions_in_use(own: Iterable[WrittenRecord]) -> set[ObjectId]:
    """Return the institutions that other reports or engagements name by now: they stay."""
    named = {"evaluator_id": {"$in": [institution.record_id for institution in own]}}
    return {
        key
        for model in (Engagement, Evaluation)
        for key in model._get_collection().distinct("evaluator_id", named)
    }


def _reversal(written: WrittenRecord, by: By) -> DeleteOne | UpdateOne:
    as_written = {"_id": written.record_id, "version": written.version}
    if written.before is None:
        return DeleteOne(as_written)
    stamp = {"version": written.version + 1, "updated_at": by.now, "updated_by": by.actor.username}
    return UpdateOne(as_written, update_of(written.before | stamp))


def _reverted(written: WrittenRecord, stored: dict[str, Any]) -> tuple[differences.Change, ...]:
    if written.before is None:
        return ()
    shown = {name: value for name, value in written.before.items() if name not in ("terms", "search_text")}
    return differences.changes(written.model, stored, shown)


def _list_names(labels: Sequence[str]) -> str:
    named = list(dict.fromkeys(labels))
    more = f"等{len(named)}条" if len(named) > MAX_NAMED else ""
    return "、".join(named[:MAX_NAMED]) + more
