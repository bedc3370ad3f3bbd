"""Committing and undoing an import: one transaction for what fits into one, else portions that a crash cannot tear.

MongoDB holds an unfinished transaction in its cache and ends it after some seconds, so thousands of rows do not fit.
A larger file is therefore written in portions, each of which moves a mark in the batch; if anything stops it, what
has been written is taken back, by the same process or by `recover` in another. The mark is also the fence: a process
that was thought dead finds it moved and stops.
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
from app.services.ledger.commit import write
from app.services.ledger.plan import Portion
from app.services.ledger.undo import Taken
from models.database import transact
from models.ledger import ImportBatch

WHOLE = 1_000  # rows written or restored in one transaction, so that nobody sees a part of them
DONE = "这次导入已经办理过，请刷新页面。"
INTERRUPTED = "导入中断，已恢复原状；请重新预览后再确认。"


def commit(batch: ImportBatch, portions: Iterator[Portion], finish: Callable[[], Any], by: By) -> None:
    """Write every portion; `finish` belongs to the same act as the last of them. Raises Conflict."""
    if batch.writing > WHOLE:
        _commit_in_portions(batch, portions, finish, by)
        return
    planned = list(portions)

    def work() -> None:
        _turn(batch, BatchState.PREVIEWED, BatchState.COMMITTED, by, committed_at=by.now)
        for portion in planned:
            write(portion, by)
        finish()
        _told(Verb.IMPORT, batch, by)

    transact(work)


def _commit_in_portions(
    batch: ImportBatch, portions: Iterator[Portion], finish: Callable[[], Any], by: By
) -> None:
    transact(lambda: _turn(batch, BatchState.PREVIEWED, BatchState.COMMITTING, by))
    try:
        _write_all(batch, portions, by)

        def last() -> None:
            _turn(batch, BatchState.COMMITTING, BatchState.COMMITTED, by, committed_at=by.now)
            finish()
            _told(Verb.IMPORT, batch, by)

        transact(last)
    except BaseException:
        _roll_back(batch, by)
        raise


def _write_all(batch: ImportBatch, portions: Iterator[Portion], by: By) -> None:
    """Portion after portion: the next is planned while the database takes the last; they touch different records."""
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


def _write_portion(batch: ImportBatch, portion: Portion, reached: int, by: By) -> None:
    def work() -> None:
        _mark(batch, BatchState.COMMITTING, "written_to", reached, portion.last)
        write(portion, by)

    transact(work)


def undo(batch: ImportBatch, records: Sequence[Taken], by: By) -> None:
    """Restore the records of a committed batch. Raises NotAllowed naming those that changed meanwhile, Conflict."""

    def work() -> None:
        _turn(batch, BatchState.COMMITTED, BatchState.UNDONE, by, undone_at=by.now)
        ledger_undo.check(records)
        ledger_undo.restore(records, by)
        _told(Verb.UNDO_IMPORT, batch, by)

    if batch.writing <= WHOLE:
        transact(work)
        return
    transact(lambda: _turn(batch, BatchState.COMMITTED, BatchState.UNDOING, by))
    _restore_rest(batch, records, by)


def recover(now: datetime, *, idle: timedelta = timedelta()) -> int:
    """Restore what a dead process left in the middle; how many batches.

    At start with `idle` 0; a job leaves alone what moved within `idle` by the database's clock.
    """
    actor = Actor.system("recover-imports")
    limit = get_db().command("hello")["localTime"] - idle
    found = ImportBatch.objects(
        state__in=[BatchState.COMMITTING.value, BatchState.UNDOING.value], moved_at__lte=limit
    )
    done = 0
    for batch in found:
        if batch.state == BatchState.COMMITTING:
            _roll_back(batch, By(actor, now))
        else:
            _restore_rest(
                batch, ledger_undo.taken(batch, batch.written_to if batch.failed else None), By(actor, now)
            )
        done += 1
    return done


def _roll_back(batch: ImportBatch, by: By) -> None:
    """Take back what a cut-short commit has written; nothing to do where another process does it already."""
    try:
        transact(lambda: _turn(batch, BatchState.COMMITTING, BatchState.UNDOING, by, failed=True))
    except Conflict:
        return
    fresh = ImportBatch.objects.get(pk=batch.pk)
    _restore_rest(fresh, ledger_undo.taken(fresh, fresh.written_to), by)


def _restore_rest(batch: ImportBatch, records: Sequence[Taken], by: By) -> None:
    fresh = ImportBatch.objects.get(pk=batch.pk)
    for number, portion in enumerate(ledger_undo.portions(records)):
        if number >= fresh.restored:
            _restore_portion(fresh, number, portion, by)
    target = BatchState.FAILED if fresh.failed else BatchState.UNDONE

    def last() -> None:
        _turn(fresh, BatchState.UNDOING, target, by, undone_at=by.now)
        _told(Verb.IMPORT_FAILED if fresh.failed else Verb.UNDO_IMPORT, fresh, by)

    transact(last)


def _restore_portion(batch: ImportBatch, number: int, portion: Sequence[Taken], by: By) -> None:
    def work() -> None:
        _mark(batch, BatchState.UNDOING, "restored", number, number + 1)
        ledger_undo.restore(portion, by)

    transact(work)


def _turn(batch: ImportBatch, source: BatchState, target: BatchState, by: By, **values: Any) -> None:
    """The one who turns the batch does the work; the other of two clicks finds it turned."""
    stamp = {"state": target.value, "updated_at": by.now, "updated_by": by.actor.username} | values
    _set(batch, {"state": source.value}, {"$set": stamp, "$inc": {"version": 1}}, DONE)


def _mark(batch: ImportBatch, state: BatchState, name: str, old: int, new: int) -> None:
    _set(batch, {"state": state.value, name: old}, {"$set": {name: new}}, INTERRUPTED)


def _set(batch: ImportBatch, found: dict[str, Any], update: dict[str, Any], otherwise: str) -> None:
    # The database's clock tells the living from the dead, whatever clock a demonstration is set to.
    update = update | {"$currentDate": {"moved_at": True}}
    if not ImportBatch._get_collection().update_one({"_id": batch.pk} | found, update).matched_count:
        raise Conflict(otherwise)


def _told(verb: Verb, batch: ImportBatch, by: By) -> None:
    counts = [
        (outcome.value, outcome.label, None, batch.counts.get(outcome.value, 0)) for outcome in RowOutcome
    ]
    audit.record(verb, by=by, subject=batch, changes=counts)
