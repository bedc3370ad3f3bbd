"""Taking an import back: every record as it was, refused when somebody has worked on one since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from pymongo import DeleteOne, UpdateOne

from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed
from app.services.core.by import By
from app.services.ledger import values
from app.services.ledger.commit import MODELS, History, apply, setting
from models.database import documents
from models.filing.evaluations import Evaluation
from models.ledger import ImportBatch, ImportLine
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit

PORTION = 1_000  # records looked up together, and restored together where a file was large
MOST_NAMED = 10


@dataclass
class Taken:
    """What a batch did to one record, over all its rows; `before` is None where it made the record."""

    model: type[Record]
    record_id: ObjectId
    label: str
    before: dict[str, Any] | None
    version: int
    area: str = ""
    unit_id: ObjectId | None = None


def taken(batch: ImportBatch, up_to: int | None = None) -> list[Taken]:
    """The records that a batch wrote (`up_to`: its first rows only), dependent ones first, always in one order."""
    by_name = {model._get_collection_name(): model for model in MODELS}
    found: dict[ObjectId, Taken] = {}
    query: dict[str, Any] = {"batch_id": batch.pk} | ({} if up_to is None else {"row": {"$lte": up_to}})
    for line in ImportLine._get_collection().find(query, {"writes": 1}).sort("row", -1):
        for write in line["writes"]:
            before, key = write.get("before"), write["record_id"]
            if later := found.get(
                key
            ):  # an earlier row did more to the same record: its image is the older one
                later.before = None if before is None else (later.before or {}) | before
            else:
                found[key] = Taken(
                    by_name[write["collection"]], key, write["label"], before, write["after_version"]
                )
    return sorted(found.values(), key=lambda one: (-MODELS.index(one.model), one.record_id))


def check(records: Sequence[Taken]) -> None:
    """Raises NotAllowed naming the records that have been changed since, or units that others refer to by now."""
    changed = [
        one.label for portion in portions(records) for one in _changed(portion) if one.model is not Evaluator
    ]
    if changed:
        raise NotAllowed(f"导入之后以下记录又有改动，不能撤销：{_named(changed)}。")
    if used := list(_in_use(records)):
        raise NotAllowed(f"以下单位在导入之后又有了其他记录，不能撤销：{_named(used)}。")


def restore(portion: Sequence[Taken], by: By) -> None:
    """Put a portion's records back in the caller's transaction; what somebody has changed since stays as it is."""
    history = History(by)
    for model in {one.model: None for one in portion}:
        own = [one for one in portion if one.model is model]
        current = _current(model, own)
        kept = _institutions_in_use(own) if model is Evaluator else set()
        back = [one for one in own if _as_left(one, current) and one.record_id not in kept]
        if apply(model, (_reversal(one, by) for one in back)) != len(back):
            raise Conflict("撤销时有记录被他人修改，请刷新后重试。")
        history.add((Verb.UNDO_IMPORT, model, one, _reverted(one, current[one.record_id])) for one in back)


def portions(records: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (records[start : start + PORTION] for start in range(0, len(records), PORTION))


def _changed(portion: Sequence[Taken]) -> Iterator[Taken]:
    for model in {one.model: None for one in portion}:
        own = [one for one in portion if one.model is model]
        current = _current(model, own)
        yield from (one for one in own if not _as_left(one, current))


def _current(model: type[Record], own: Sequence[Taken]) -> dict[ObjectId, dict[str, Any]]:
    ids = [one.record_id for one in own]
    found = {record["_id"]: record for record in model._get_collection().find({"_id": {"$in": ids}})}
    for one in own:
        record = found.get(one.record_id, {})
        one.area = record.get("area", "")
        one.unit_id = one.record_id if model is Unit else record.get("unit_id")
    return found


def _as_left(one: Taken, current: dict[ObjectId, dict[str, Any]]) -> bool:
    record = current.get(one.record_id)
    return record is not None and record.get("version") == one.version


def _in_use(records: Sequence[Taken]) -> Iterator[str]:
    """The names of units about to be removed to which records of other origin refer."""
    own = {one.record_id for one in records}
    labels = {one.record_id: one.label for one in records if one.model is Unit and one.before is None}
    for model in documents():
        if "unit_id" not in model._fields or model._meta.get("db_alias", "default") != "default":
            continue
        for ids in portions(list(labels)):
            for record in model._get_collection().find({"unit_id": {"$in": ids}}, {"unit_id": 1}):
                if record["_id"] not in own:
                    yield labels[record["unit_id"]]


def _institutions_in_use(own: Iterable[Taken]) -> set[ObjectId]:
    """Registry entries that other reports or engagements name by now stay."""
    named = {"evaluator_id": {"$in": [one.record_id for one in own]}}
    return {
        key
        for model in (Engagement, Evaluation)
        for key in model._get_collection().distinct("evaluator_id", named)
    }


def _reversal(one: Taken, by: By) -> DeleteOne | UpdateOne:
    found = {"_id": one.record_id, "version": one.version}
    if one.before is None:
        return DeleteOne(found)
    stamp = {"version": one.version + 1, "updated_at": by.now, "updated_by": by.actor.username}
    return UpdateOne(found, setting(one.before | stamp))


def _reverted(one: Taken, record: dict[str, Any]) -> tuple[values.Change, ...]:
    if one.before is None:
        return ()
    shown = {name: value for name, value in one.before.items() if name not in ("terms", "search_text")}
    return values.changes(one.model, record, shown)


def _named(labels: Sequence[str]) -> str:
    named = list(dict.fromkeys(labels))
    more = f"等{len(named)}条" if len(named) > MOST_NAMED else ""
    return "、".join(named[:MOST_NAMED]) + more
