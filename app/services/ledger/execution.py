"""Commit and undo an import: one transaction where it fits, else portions that a crash cannot tear.

MongoDB keeps an unfinished transaction in its cache and ends it after some seconds, so thousands of rows do not fit.
A larger file is written in portions, each of which moves a mark in the batch; if anything stops it, the written rows
are taken back, by the same process or by `recover_imports` in another. The mark is also the fence: a process that was
thought dead finds it moved and stops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from mongoengine.connection import get_db

from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict
from app.policy.terms import BatchState, RowOutcome
from app.services.core import audit
from app.services.core.by import By
from app.services.ledger import undo as ledger_undo
from app.services.ledger.commit import write_portion
from app.services.ledger.plan import Portion
from app.services.ledger.undo import WrittenRecord
from models.database import transact, transactional
from models.ledger import ImportBatch

SINGLE_TX_LIMIT = 1_000  # rows written or restored in one transaction, so that nobody sees a part of them
ALREADY_DONE = "这次导入已经办理过，请刷新页面。"
INTERRUPTED = "导入中断，已恢复原状；请重新预览后再确认。"


def commit_portions(
    batch: ImportBatch, portions: Iterator[Portion], finish: Callable[[], Any], by: By
) -> None:
    """Write every portion; `finish` runs in the transaction of the last one. Raises Conflict."""
    if batch.writing > SINGLE_TX_LIMIT:
        _commit_in_portions(batch, portions, finish, by)
        return
    _commit_at_once(batch, list(portions), finish, by)


@transactional
def _commit_at_once(
    batch: ImportBatch, portions: Sequence[Portion], finish: Callable[[], Any], by: By
) -> None:
    _transition(batch, BatchState.PREVIEWED, BatchState.COMMITTED, by, committed_at=by.now)
    for portion in portions:
        write_portion(portion, by)
    finish()
    _audit(Verb.IMPORT, batch, by)


def _commit_in_portions(
    batch: ImportBatch, portions: Iterator[Portion], finish: Callable[[], Any], by: By
) -> None:
    transact(lambda: _transition(batch, BatchState.PREVIEWED, BatchState.COMMITTING, by))
    try:
        _write_portions(batch, portions, by)
        _finish_commit(batch, finish, by)
    except BaseException:
        _roll_back(batch, by)
        raise


@transactional
def _finish_commit(batch: ImportBatch, finish: Callable[[], Any], by: By) -> None:
    _transition(batch, BatchState.COMMITTING, BatchState.COMMITTED, by, committed_at=by.now)
    finish()
    _audit(Verb.IMPORT, batch, by)


def _write_portions(batch: ImportBatch, portions: Iterator[Portion], by: By) -> None:
    """Write portion after portion, planning the next meanwhile: they touch different records."""
    reached, writing = 0, None
    with ThreadPoolExecutor(1) as writer:
        for portion in portions:
            if writing:
                writing.result()
                writing = None
            if any(row.writes for row in portion.rows):
                writing = writer.submit(_write_portion, batch, portion, reached, by)
                reached = portion.last
        if writing:
            writing.result()


@transactional
def _write_portion(batch: ImportBatch, portion: Portion, reached: int, by: By) -> None:
    _move_mark(batch, BatchState.COMMITTING, "written_to", reached, portion.last)
    write_portion(portion, by)


def undo_records(batch: ImportBatch, records: Sequence[WrittenRecord], by: By) -> None:
    """Restore the records of a committed batch. Raises NotAllowed naming those that changed meanwhile, Conflict."""
    if batch.writing <= SINGLE_TX_LIMIT:
        _undo_at_once(batch, records, by)
        return
    transact(lambda: _transition(batch, BatchState.COMMITTED, BatchState.UNDOING, by))
    _restore_remaining(batch, records, by)


@transactional
def _undo_at_once(batch: ImportBatch, records: Sequence[WrittenRecord], by: By) -> None:
    _transition(batch, BatchState.COMMITTED, BatchState.UNDONE, by, undone_at=by.now)
    ledger_undo.demand_unchanged(records)
    ledger_undo.restore(records, by)
    _audit(Verb.UNDO_IMPORT, batch, by)


def recover_imports(now: datetime, *, idle: timedelta = timedelta()) -> int:
    """Restore the imports that a dead process left unfinished; return how many.

    A job leaves alone those that moved within `idle` by the database's clock; a start passes 0.
    """
    actor = Actor.system("recover-imports")
    limit = get_db().command("hello")["localTime"] - idle
    unfinished = ImportBatch.objects(
        state__in=[BatchState.COMMITTING.value, BatchState.UNDOING.value], moved_at__lte=limit
    )
    count = 0
    for batch in unfinished:
        if batch.state == BatchState.COMMITTING:
            _roll_back(batch, By(actor, now))
        else:
            _restore_remaining(
                batch,
                ledger_undo.written_records(batch, batch.written_to if batch.failed else None),
                By(actor, now),
            )
        count += 1
    return count


def _roll_back(batch: ImportBatch, by: By) -> None:
    """Take back the rows of an unfinished commit, unless another process does so already."""
    try:
        transact(lambda: _transition(batch, BatchState.COMMITTING, BatchState.UNDOING, by, failed=True))
    except Conflict:
        return
    fresh = ImportBatch.objects.get(pk=batch.pk)
    _restore_remaining(fresh, ledger_undo.written_records(fresh, fresh.written_to), by)


def _restore_remaining(batch: ImportBatch, records: Sequence[WrittenRecord], by: By) -> None:
    fresh = ImportBatch.objects.get(pk=batch.pk)
    for number, portion in enumerate(ledger_undo.in_chunks(records)):
        if number >= fresh.restored:
            _restore_portion(fresh, number, portion, by)
    _finish_undo(fresh, by)


@transactional
def _finish_undo(batch: ImportBatch, by: By) -> None:
    target = BatchState.FAILED if batch.failed else BatchState.UNDONE
    _transition(batch, BatchState.UNDOING, target, by, undone_at=by.now)
    _audit(Verb.IMPORT_FAILED if batch.failed else Verb.UNDO_IMPORT, batch, by)


@transactional
def _restore_portion(batch: ImportBatch, number: int, portion: Sequence[WrittenRecord], by: By) -> None:
    _move_mark(batch, BatchState.UNDOING, "restored", number, number + 1)
    ledger_undo.restore(portion, by)


def _transition(batch: ImportBatch, source: BatchState, target: BatchState, by: By, **values: Any) -> None:
    """Move the batch to a new state, or raise Conflict if another process did."""
    stamp = {"state": target.value, "updated_at": by.now, "updated_by": by.actor.username} | values
    _compare_and_set(batch, {"state": source.value}, {"$set": stamp, "$inc": {"version": 1}}, ALREADY_DONE)


def _move_mark(batch: ImportBatch, state: BatchState, name: str, old: int, new: int) -> None:
    _compare_and_set(batch, {"state": state.value, name: old}, {"$set": {name: new}}, INTERRUPTED)


def _compare_and_set(
    batch: ImportBatch, expected: dict[str, Any], update: dict[str, Any], otherwise: str
) -> None:
    # The database's clock tells the living from the dead, whatever clock a demonstration is set to.
    update = update | {"$currentDate": {"moved_at": True}}
    if not ImportBatch._get_collection().update_one({"_id": batch.pk} | expected, update).matched_count:
        raise Conflict(otherwise)


def _audit(verb: Verb, batch: ImportBatch, by: By) -> None:
    counts = [
        (outcome.value, outcome.label, None, batch.counts.get(outcome.value, 0)) for outcome in RowOutcome
    ]
    audit.record(verb, by=by, subject=batch, changes=counts)
