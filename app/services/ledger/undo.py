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
    found: dict[ObjectId, WrittenRecord] = {}
    query: dict[str, Any] = {"batch_id": batch.pk} | ({} if up_to is None else {"row": {"$lte": up_to}})
    for line in ImportLine._get_collection().find(query, {"writes": 1}).sort("row", -1):
        for write in line["writes"]:
            before, key = write.get("before"), write["record_id"]
            if later := found.get(
                key
            ):  # an earlier row did more to the same record: its image is the older one
                later.before = None if before is None else (later.before or {}) | before
            else:
                found[key] = WrittenRecord(
                    by_name[write["collection"]], key, write["label"], before, write["after_version"]
                )
    return sorted(found.values(), key=lambda one: (-MODELS.index(one.model), one.record_id))


def demand_unchanged(records: Sequence[WrittenRecord]) -> None:
    """Raise NotAllowed naming records changed since, or units that other records refer to by now."""
    changed = [
        one.label
        for portion in in_chunks(records)
        for one in _changed_records(portion)
        if one.model is not Evaluator
    ]
    if changed:
        raise NotAllowed(f"导入之后以下记录又有改动，不能撤销：{_list_names(changed)}。")
    if used := list(_in_use(records)):
        raise NotAllowed(f"以下单位在导入之后又有了其他记录，不能撤销：{_list_names(used)}。")


def restore(portion: Sequence[WrittenRecord], by: By) -> None:
    """Restore records in the caller's transaction; those changed since stay as they are."""
    history = History(by)
    for model in {one.model: None for one in portion}:
        own = [one for one in portion if one.model is model]
        current = _load_current(model, own)
        kept = _institutions_in_use(own) if model is Evaluator else set()
        back = [one for one in own if _unchanged_since(one, current) and one.record_id not in kept]
        if bulk_write(model, (_reversal(one, by) for one in back)) != len(back):
            raise Conflict("撤销时有记录被他人修改，请刷新后重试。")
        history.add((Verb.UNDO_IMPORT, model, one, _reverted(one, current[one.record_id])) for one in back)


def in_chunks(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield the records in slices of CHUNK_SIZE."""
    return (records[start : start + CHUNK_SIZE] for start in range(0, len(records), CHUNK_SIZE))


def _changed_records(portion: Sequence[WrittenRecord]) -> Iterator[WrittenRecord]:
    for model in {one.model: None for one in portion}:
        own = [one for one in portion if one.model is model]
        current = _load_current(model, own)
        yield from (one for one in own if not _unchanged_since(one, current))


def _load_current(model: type[Record], own: Sequence[WrittenRecord]) -> dict[ObjectId, dict[str, Any]]:
    ids = [one.record_id for one in own]
    found = {record["_id"]: record for record in model._get_collection().find({"_id": {"$in": ids}})}
    for one in own:
        record = found.get(one.record_id, {})
        one.area = record.get("area", "")
        one.unit_id = one.record_id if model is Unit else record.get("unit_id")
    return found


def _unchanged_since(one: WrittenRecord, current: dict[ObjectId, dict[str, Any]]) -> bool:
    record = current.get(one.record_id)
    return record is not None and record.get("version") == one.version


def _in_use(records: Sequence[WrittenRecord]) -> Iterator[str]:
    """Yield names of units to be removed that records of other origin refer to."""
    own = {one.record_id for one in records}
    labels = {one.record_id: one.label for one in records if one.model is Unit and one.before is None}
    for model in documents():
        if "unit_id" not in model._fields or model._meta.get("db_alias", "default") != "default":
            continue
        for ids in in_chunks(list(labels)):
            for record in model._get_collection().find({"unit_id": {"$in": ids}}, {"unit_id": 1}):
                if record["_id"] not in own:
                    yield labels[record["unit_id"]]


def _institutions_in_use(own: Iterable[WrittenRecord]) -> set[ObjectId]:
    """Return the institutions that other reports or engagements name by now: they stay."""
    named = {"evaluator_id": {"$in": [one.record_id for one in own]}}
    return {
        key
        for model in (Engagement, Evaluation)
        for key in model._get_collection().distinct("evaluator_id", named)
    }


def _reversal(one: WrittenRecord, by: By) -> DeleteOne | UpdateOne:
    found = {"_id": one.record_id, "version": one.version}
    if one.before is None:
        return DeleteOne(found)
    stamp = {"version": one.version + 1, "updated_at": by.now, "updated_by": by.actor.username}
    return UpdateOne(found, update_of(one.before | stamp))


def _reverted(one: WrittenRecord, record: dict[str, Any]) -> tuple[differences.Change, ...]:
    if one.before is None:
        return ()
    shown = {name: value for name, value in one.before.items() if name not in ("terms", "search_text")}
    return differences.changes(one.model, record, shown)


def _list_names(labels: Sequence[str]) -> str:
    named = list(dict.fromkeys(labels))
    more = f"等{len(named)}条" if len(named) > MAX_NAMED else ""
    return "、".join(named[:MAX_NAMED]) + more
