"""Import of a county's ledger (推荐汇总表): preview, commit as a whole, undo as a whole.

A row creates or updates one Unit, one Application in draft and its Evaluation, never a stage (第十二条); the stated
负面清单 and 县级意见 are stored as stated and are no findings.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bson import ObjectId

from app.exchange import refused_rows, uploads
from app.exchange.records import Ledger, QuestionsOpen, Refusal
from app.policy import access
from app.policy.access import Actor
from app.policy.flow import Conflict, NotAllowed, Offer
from app.policy.terms import BatchState, RowOutcome
from app.services.core import files, rules, scope
from app.services.core.by import By
from app.services.ledger import commit as ledger_commit
from app.services.ledger import execution as ledger_run
from app.services.ledger import undo as ledger_undo
from app.services.ledger import values
from app.services.ledger.file import MAX_BYTES, parse_ledger
from app.services.ledger.plan import Plan, Portion
from app.services.ledger.planner import Planner, plan_ledger
from models.files import Attachment
from models.ledger import ImportBatch, ImportLine

PREVIEW_LIFETIME = timedelta(days=1)
UNDONE = "撤销后，这次导入新增的记录将删除，更新的记录恢复原值；导入后又有改动的，不能撤销。"


def examine_ledger(
    data: bytes,
    *,
    year: int,
    mapping: Mapping[int, str] | None = None,
    answers: Mapping[str, str] | None = None,
    by: By,
) -> Plan:
    """Plan an import and write nothing. Raises NotAllowed, ExchangeError, ColumnsMissing."""
    _demand_right(by.actor, "create")
    ledger = parse_ledger(data, year=year, mapping=mapping, answers=answers)
    return plan_ledger(_planner(ledger, year, by, ObjectId()))


def upload_ledger(data: bytes, filename: str, *, by: By) -> Attachment:
    """Store a ledger until it is previewed. Raises NotAllowed, ExchangeError."""
    _demand_right(by.actor, "create")
    return files.store(_examined(data, filename), data, by=by)


def preview_ledger(
    data: bytes,
    filename: str,
    *,
    year: int,
    mapping: Mapping[int, str] | None = None,
    answers: Mapping[str, str] | None = None,
    by: By,
) -> Plan:
    """Plan an import, and store file and outcome as a batch (`plan.batch`) that can be committed.

    Raises QuestionsOpen, and then stores nothing.
    """
    _demand_right(by.actor, "create")
    ledger = _settled(parse_ledger(data, year=year, mapping=mapping, answers=answers))
    attachment = upload_ledger(data, filename, by=by)
    return _save_preview(attachment, ledger, year, mapping, answers, by)


def preview_stored(
    attachment: Attachment,
    *,
    year: int,
    mapping: Mapping[int, str] | None,
    answers: Mapping[str, str] | None = None,
    by: By,
) -> Plan:
    """Plan an import of a stored file, as `preview_ledger` does. Raises QuestionsOpen."""
    _demand_right(by.actor, "create")
    data = files.content(attachment)
    ledger = _settled(parse_ledger(data, year=year, mapping=mapping, answers=answers))
    return _save_preview(attachment, ledger, year, mapping, answers, by)


def _save_preview(
    attachment: Attachment,
    ledger: Ledger,
    year: int,
    mapping: Mapping[int, str] | None,
    answers: Mapping[str, str] | None,
    by: By,
) -> Plan:
    batch_id = ObjectId()
    planner = _planner(ledger, year, by, batch_id)
    plan = plan_ledger(planner, lambda portion: ledger_commit.save_lines(batch_id, portion))
    # The batch comes last: as long as it is missing, nobody sees its lines.
    plan.batch = ImportBatch(
        id=batch_id,
        filename=attachment.filename,
        sha256=attachment.sha256,
        attachment_id=attachment.pk,
        year=year,
        mapping={str(index): field for index, field in (mapping or {}).items()},
        answers=dict(answers or {}),
        counts=plan.counts,
        digests=plan.digests,
        username=by.actor.username,
        name=by.actor.name,
        area=by.actor.area,
        at=by.now,
        version=1,
        created_at=by.now,
        updated_at=by.now,
        updated_by=by.actor.username,
    ).save(force_insert=True)
    return plan


def import_offers(batch: ImportBatch, *, actor: Actor) -> list[Offer]:
    """Return the acts open to the actor: commit or remap their own preview, undo an import."""
    if batch.state == BatchState.COMMITTED and access.may(actor, "edit", "importbatch"):
        return [Offer("undo", "撤销这次导入", note=UNDONE, grave=True)]
    if batch.state != BatchState.PREVIEWED or batch.username != actor.username:
        return []
    if not access.may(actor, "create", "importbatch"):
        return []
    nothing = "" if batch.writing else "没有需要写入的行：内容与现有记录一致，或均未通过。"
    return [Offer("commit", f"确认导入 {batch.writing} 行", nothing), Offer("map", "返回修改对应")]


def commit_import(batch: ImportBatch, *, by: By) -> ImportBatch:
    """Commit a previewed import, all or nothing. Raises Conflict when a record has changed since, NotAllowed."""
    fresh = _find_own(batch, by)
    if fresh.username != by.actor.username:
        raise NotAllowed("只能由预览该文件的账号确认导入。")
    if fresh.state != BatchState.PREVIEWED:
        raise Conflict(ledger_run.ALREADY_DONE)
    attachment = _stored_file(fresh)
    ledger = _settled(_parse_batch(fresh, attachment))  # a preview of an earlier release has no answers
    planner = _planner(ledger, fresh.year, by, fresh.pk)

    def finish() -> None:
        files.finalise(attachment, fresh, by=by)

    ledger_run.commit_portions(fresh, _as_previewed(fresh, planner), finish, by)
    return ImportBatch.objects.get(pk=fresh.pk)


def undo_import(batch: ImportBatch, *, by: By) -> ImportBatch:
    """Undo a committed import. Raises NotAllowed naming records changed since, Conflict."""
    fresh = _find_own(batch, by)
    if fresh.state != BatchState.COMMITTED:
        raise Conflict("这次导入尚未确认或已经撤销，请刷新页面。")
    records = ledger_undo.written_records(fresh)
    ledger_undo.demand_unchanged(records)
    ledger_run.undo_records(fresh, records, by)
    return ImportBatch.objects.get(pk=fresh.pk)


def sweep_previews(now: datetime) -> int:
    """Delete previews that nobody confirmed for a day, with their lines; return how many."""
    old = ImportBatch.objects(state=BatchState.PREVIEWED.value, at__lt=now - PREVIEW_LIFETIME)
    swept = 0
    for batch in old:
        if ImportBatch.objects(pk=batch.pk, state=BatchState.PREVIEWED.value).modify(remove=True):
            ledger_commit.delete_lines(batch.pk)
            swept += 1
    return swept


def import_lines(
    batch: ImportBatch, *, outcome: RowOutcome | None = None, page: int = 0, size: int = 50
) -> list[ImportLine]:
    """Return one page of a batch's rows in file order; all of them with `size` 0."""
    lines = ImportLine.objects(batch_id=batch.pk).exclude("writes").order_by("row")
    if outcome:
        lines = lines.filter(outcome=outcome.value)
    return list(lines.skip(page * size).limit(size))


def refused_rows_file(batch: ImportBatch) -> bytes:
    """Return a workbook of the refused rows with their reasons, to correct and load again."""
    ledger = _parse_batch(batch, _stored_file(batch))
    read = {row.row: row for row in ledger.rows}
    refused = [line for line in import_lines(batch, outcome=RowOutcome.REFUSED, size=0) if line.row in read]
    problems = [Refusal(line.row, column, why) for line in refused for column, why in line.problems]
    cells = [(line.row, values.row_cells(read[line.row], ledger.columns, rules.pack())) for line in refused]
    originals = sorted((*ledger.originals, *cells), key=lambda original: original[0])
    whole = replace(ledger, refused=(*ledger.refused, *problems), originals=tuple(originals))
    return refused_rows.error_file(whole, created=batch.at)


def _settled(ledger: Ledger) -> Ledger:
    """Return a ledger without open questions. Raises QuestionsOpen."""
    if ledger.questions:
        raise QuestionsOpen(ledger.questions)
    return ledger


def _parse_batch(batch: ImportBatch, attachment: Attachment) -> Ledger:
    """Read a batch's file as it was previewed."""
    data, answers = files.content(attachment), dict(batch.answers)
    return parse_ledger(data, year=batch.year, mapping=column_mapping(batch), answers=answers)


def column_mapping(batch: ImportBatch) -> dict[int, str] | None:
    """Return the clerk's corrections of the columns, or None."""
    return {int(index): field for index, field in batch.mapping.items()} or None


def _planner(ledger: Ledger, year: int, by: By, base: ObjectId) -> Planner:
    return Planner(ledger, year, by=by, pack=rules.pack(), base=base)


def _examined(data: bytes, filename: str) -> uploads.Examined:
    """Examine a workbook like every upload; a text table needs no examination beyond reading."""
    if data.startswith(b"PK") or not data:
        return uploads.examine(data, filename, allowed=("xlsx",), max_size=MAX_BYTES)
    name, digest = uploads.display_name(filename), hashlib.sha256(data).hexdigest()
    return uploads.Examined("csv", "text/csv", len(data), digest, name)


def _demand_right(actor: Actor, verb: str) -> None:
    if not access.may(actor, verb, "importbatch"):
        raise NotAllowed(f"{actor.role.label}不能导入汇总表。")


def _as_previewed(batch: ImportBatch, planner: Planner) -> Iterator[Portion]:
    """Yield the portions as planned now. Raises Conflict where one differs from its preview."""
    for number, portion in enumerate(planner.portions()):
        if portion.digest != batch.digests[number]:
            raise Conflict(ledger_commit.CHANGED)
        yield portion


def _find_own(batch: ImportBatch, by: By) -> ImportBatch:
    _demand_right(by.actor, "edit")
    fresh = scope.find(by, ImportBatch, batch.pk)
    if fresh is None:
        raise NotAllowed("没有这次导入，或它不属于您。")
    return fresh


def _stored_file(batch: ImportBatch) -> Attachment:
    attachment = Attachment.objects(pk=batch.attachment_id).first()
    if attachment is None or attachment.sha256 != batch.sha256:
        raise NotAllowed(files.GONE)
    return attachment
