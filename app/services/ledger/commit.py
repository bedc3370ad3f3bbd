"""Write the records of a plan with their history, and store the outcome of each row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from app.policy.audit import Verb
from app.policy.flow import Conflict
from app.services.core.by import By
from app.services.ledger import differences
from app.services.ledger.plan import Portion, RowPlan, Write
from models.audit import AuditEntry
from models.filing.applications import Application
from models.filing.evaluations import Evaluation
from models.ledger import ImportLine
from models.record import Record
from models.registry.evaluators import Engagement, Evaluator
from models.registry.units import Unit

MODELS = (Evaluator, Unit, Application, Evaluation, Engagement)  # in the order in which one needs the other
CHANGED = "预览之后有记录被他人修改，导入没有进行；请重新预览后再确认。"


def write_portion(portion: Portion, by: By) -> None:
    """Write the records of a portion with their history, in the caller's transaction. Raises Conflict."""
    writes = [write for row in portion.rows for write in row.writes]
    for model in MODELS:
        own = [write for write in writes if write.model is model]
        if bulk_write(model, map(_operation_for, own)) != sum(write.old is not None for write in own):
            raise Conflict(CHANGED)
    History(by).add(
        (Verb.EDIT if write.old is not None else Verb.CREATE, write.model, write, write.changes)
        for write in writes
    )


def _operation_for(write: Write) -> InsertOne | UpdateOne:
    if write.old is None:
        return InsertOne(write.values())
    return UpdateOne({"_id": write.record_id, "version": write.version}, update_of(write.values()))


def update_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the update that gives a record these values; None removes a field."""
    present = {name: value for name, value in values.items() if value is not None}
    absent = {name: "" for name, value in values.items() if value is None}
    return {"$set": present} | ({"$unset": absent} if absent else {})


def bulk_write(model: type[Record], operations: Iterable[Any]) -> int:
    """Run the operations and return how many records changed or went. Raises Conflict for a key taken meanwhile."""
    requests = list(operations)
    if not requests:
        return 0
    try:
        # Unordered: all inserts go in one command and all updates in another, however the rows alternate.
        result = model._get_collection().bulk_write(requests, ordered=False)
    except BulkWriteError as error:
        if any(problem["code"] == 11000 for problem in error.details["writeErrors"]):
            raise Conflict(CHANGED) from error
        raise
    return result.matched_count + result.deleted_count


class History:
    """Audit entries of the records of one act."""

    def __init__(self, by: By) -> None:
        self.common = AuditEntry().to_mongo().to_dict() | {
            "at": by.now,
            "who": by.actor.username,
            "name": by.actor.name,
            "role": by.actor.role.value,
            "area": by.actor.area,
            "address": by.actor.address,
            "source": "import",
        }

    def add(self, acts: Iterable[tuple[Verb, type[Record], Any, Iterable[differences.Change]]]) -> None:
        """Insert an entry for each of `acts`: verb, model, object with record_id, label, area, unit_id; changes."""
        entries = [
            self.common
            | {
                "verb": verb.value,
                "subject_type": model.__name__,
                "subject_id": str(of.record_id),
                "subject_label": of.label,
                "subject_area": of.area,
                "changes": [
                    {"field": f, "label": label, "old": old, "new": new} for f, label, old, new in changes
                ],
            }
            | ({"unit_id": of.unit_id} if of.unit_id else {})
            for verb, model, of, changes in acts
        ]
        if entries:
            AuditEntry._get_collection().insert_many(entries)


# --- lines of a batch -----------------------------------------------------------------------------------


def save_lines(batch_id: ObjectId, portion: Portion) -> None:
    """Store the outcome of each row, for the preview and for undoing."""
    ImportLine._get_collection().insert_many([_line(batch_id, row) for row in portion.rows])


def _line(batch_id: ObjectId, row: RowPlan) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "row": row.row,
        "outcome": row.outcome.value,
        "name": row.name,
        "area": row.area,
        "kind": row.kind,
        "late": row.late,
        "version": 1,
        "differences": [list(difference) for difference in row.differences],
        "problems": [list(problem) for problem in row.problems],
        "normalised": [list(remark) for remark in row.normalised],
        "writes": [
            {
                "collection": write.collection,
                "record_id": write.record_id,
                "label": write.label,
                "after_version": write.version + 1,
            }
            | ({} if write.old is None else {"before": write.before()})
            for write in row.writes
        ],
    }


def delete_lines(batch_id: ObjectId) -> None:
    """Delete the stored outcomes of a batch."""
    ImportLine._get_collection().delete_many({"batch_id": batch_id})
