"""A county's ledger (推荐汇总表): looked at, previewed, committed as a whole, taken back as a whole.

A row makes or updates one Unit, one Application in draft and its Evaluation, never a stage (第十二条); what the
ledger states of 负面清单 and 县级意见 is kept as stated and is no finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from bson import ObjectId

from app.exchange import ledger as files_of_counties
from app.exchange import uploads
from app.exchange.ledger import Ledger
from app.policy import access, deadlines
from app.policy.access import Actor
from app.policy.flow import Conflict, NotAllowed
from app.policy.terms import BatchState, RowOutcome
from app.services import audit, files, ledger_commit, rules, scope
from app.services.ledger_plan import Plan, Planner, run
from models.database import transact
from models.files import Attachment
from models.imports import ImportBatch, ImportLine

MOST_BYTES = files_of_counties.MOST_BYTES
KEPT_PREVIEW = timedelta(days=1)
DONE = "这次导入已经办理过，请刷新页面。"


def parse(data: bytes, *, year: int, mapping: Mapping[int, str] | None = None) -> Ledger:
    """The file's rows as the reader understands them. Raises ExchangeError, ColumnsMissing."""
    pack = rules.pack()
    return files_of_counties.read(
        data, areas={area.name: area.code for area in pack.areas}, year=year, mapping=mapping,
        application_deadline=deadlines.legal_date(pack, "application", year),
    )  # fmt: skip


def examine(
    data: bytes, *, year: int, mapping: Mapping[int, str] | None = None, actor: Actor, now: datetime
) -> Plan:
    """What the file would do; writes nothing. Raises NotAllowed, ExchangeError, ColumnsMissing."""
    _demand(actor, "create")
    return run(_planner(parse(data, year=year, mapping=mapping), year, actor, now, ObjectId()))


def preview(
    data: bytes, filename: str, *, year: int, mapping: Mapping[int, str] | None = None, actor: Actor, now: datetime
) -> Plan:
    """As `examine`, and keep file and outcome as a batch (`plan.batch`) that can be committed."""
    _demand(actor, "create")
    examined = _examined(data, filename)
    ledger = parse(data, year=year, mapping=mapping)
    batch_id = ObjectId()
    attachment = files.store(examined, data, actor=actor, now=now)
    planner = _planner(ledger, year, actor, now, batch_id)
    plan = run(planner, lambda portion: ledger_commit.keep_lines(batch_id, portion))
    # The batch comes last: as long as it is missing, nobody sees its lines.
    plan.batch = ImportBatch(
        id=batch_id, filename=examined.display_name, sha256=examined.sha256, attachment_id=attachment.pk, year=year,
        mapping={str(index): field for index, field in (mapping or {}).items()}, counts=plan.counts,
        digest=plan.digest, username=actor.username, name=actor.name, area=actor.area, at=now, version=1,
        created_at=now, updated_at=now, updated_by=actor.username,
    ).save(force_insert=True)  # fmt: skip
    return plan


def commit(batch: ImportBatch, *, actor: Actor, now: datetime) -> ImportBatch:
    """Do what was previewed, all or nothing. Raises Conflict when a record has changed since, NotAllowed."""
    fresh = _own(batch, "edit", actor, now)
    if fresh.username != actor.username:
        raise NotAllowed("只能由预览该文件的账号确认导入。")
    if fresh.state != BatchState.PREVIEWED:
        raise Conflict(DONE)
    attachment = _file(fresh)
    ledger = parse(files.content(attachment), year=fresh.year, mapping=mapping_of(fresh))

    def work() -> ImportBatch:
        _turn(fresh, BatchState.PREVIEWED, BatchState.COMMITTED, {"committed_at": now}, actor, now)
        plan = run(_planner(ledger, fresh.year, actor, now, fresh.pk), ledger_commit.Writer(actor, now))
        if plan.digest != fresh.digest:
            raise Conflict(ledger_commit.CHANGED)
        files.finalise(attachment, fresh, actor=actor, now=now)
        audit.record("import", actor=actor, now=now, subject=fresh, changes=_counted(fresh))
        return ImportBatch.objects.get(pk=fresh.pk)

    return transact(work)


def undo(batch: ImportBatch, *, actor: Actor, now: datetime) -> ImportBatch:
    """Take a committed batch back. Raises NotAllowed naming the records that have been changed since, Conflict."""
    fresh = _own(batch, "edit", actor, now)
    if fresh.state != BatchState.COMMITTED:
        raise Conflict("这次导入尚未确认或已经撤销，请刷新页面。")

    def work() -> ImportBatch:
        _turn(fresh, BatchState.COMMITTED, BatchState.UNDONE, {"undone_at": now}, actor, now)
        ledger_commit.take_back(fresh, actor, now)
        audit.record("undo_import", actor=actor, now=now, subject=fresh, changes=_counted(fresh))
        return ImportBatch.objects.get(pk=fresh.pk)

    return transact(work)


def sweep(now: datetime) -> int:
    """Forget previews that nobody confirmed for a day, with their lines; how many."""
    old = ImportBatch.objects(state=BatchState.PREVIEWED.value, at__lt=now - KEPT_PREVIEW)
    swept = 0
    for batch in old:
        if ImportBatch.objects(pk=batch.pk, state=BatchState.PREVIEWED.value).modify(remove=True):
            ledger_commit.forget(batch.pk)
            swept += 1
    return swept


def lines(batch: ImportBatch, *, outcome: RowOutcome | None = None, page: int = 0, size: int = 50) -> list[ImportLine]:
    """One page of a batch's rows in file order."""
    found = ImportLine.objects(batch_id=batch.pk).exclude("writes").order_by("row")
    if outcome:
        found = found.filter(outcome=outcome.value)
    return list(found.skip(page * size).limit(size))


def error_file(batch: ImportBatch) -> bytes:
    """The rows that did not go in, as they stood, to correct and load again."""
    attachment = _file(batch)
    ledger = parse(files.content(attachment), year=batch.year, mapping=mapping_of(batch))
    return files_of_counties.error_file(ledger)


def mapping_of(batch: ImportBatch) -> dict[int, str] | None:
    """The clerk's corrections of the columns; None where there were none."""
    return {int(index): field for index, field in batch.mapping.items()} or None


def _planner(ledger: Ledger, year: int, actor: Actor, now: datetime, base: ObjectId) -> Planner:
    return Planner(ledger, year, actor=actor, now=now, pack=rules.pack(), base=base)


def _examined(data: bytes, filename: str) -> uploads.Examined:
    """A workbook is examined like every upload; a text table is harmless as far as the reader takes it."""
    if data.startswith(b"PK"):
        return uploads.examine(data, filename, allowed=("xlsx",), max_size=MOST_BYTES)
    name, digest = uploads.display_name(filename), hashlib.sha256(data).hexdigest()
    return uploads.Examined("csv", "text/csv", len(data), digest, name)


def _demand(actor: Actor, verb: str) -> None:
    if not access.may(actor, verb, "importbatch"):
        raise NotAllowed(f"{actor.role.label}不能导入汇总表。")


def _own(batch: ImportBatch, verb: str, actor: Actor, now: datetime) -> ImportBatch:
    _demand(actor, verb)
    fresh = scope.one(actor, ImportBatch, batch.pk, now.date())
    if fresh is None:
        raise NotAllowed("没有这次导入，或它不属于您。")
    return fresh


def _file(batch: ImportBatch) -> Attachment:
    attachment = Attachment.objects(pk=batch.attachment_id).first()
    if attachment is None or attachment.sha256 != batch.sha256:
        raise NotAllowed(files.GONE)
    return attachment


def _turn(
    batch: ImportBatch, source: BatchState, target: BatchState, values: dict[str, datetime], actor: Actor, now: datetime
) -> None:
    """The one who turns the batch does the work; the other of two clicks finds it turned."""
    stamp = {"state": target.value, "version": batch.version + 1, "updated_at": now, "updated_by": actor.username}
    found = {"_id": batch.pk, "state": source.value}
    if not ImportBatch._get_collection().update_one(found, {"$set": stamp | values}).matched_count:
        raise Conflict(DONE)


def _counted(batch: ImportBatch) -> list[audit.Change]:
    return [(outcome.value, outcome.label, None, batch.counts.get(outcome.value, 0)) for outcome in RowOutcome]
