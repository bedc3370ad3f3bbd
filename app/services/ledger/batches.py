"""A county's ledger (推荐汇总表): looked at, previewed, committed as a whole, taken back as a whole.

A row makes or updates one Unit, one Application in draft and its Evaluation, never a stage (第十二条); what the
ledger states of 负面清单 and 县级意见 is kept as stated and is no finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bson import ObjectId

from app.exchange import ledger as files_of_counties
from app.exchange import uploads
from app.exchange.records import Ledger, Refusal
from app.policy import access
from app.policy.access import Actor
from app.policy.flow import Conflict, NotAllowed, Offer
from app.policy.terms import BatchState, RowOutcome
from app.services.core import files, rules, scope
from app.services.core.by import By
from app.services.ledger import commit as ledger_commit
from app.services.ledger import run as ledger_run
from app.services.ledger import undo as ledger_undo
from app.services.ledger import values
from app.services.ledger.file import MOST_BYTES, parse
from app.services.ledger.plan import Plan, Portion
from app.services.ledger.planner import Planner, run
from app.services.ledger.run import recover
from models.files import Attachment
from models.ledger import ImportBatch, ImportLine

__all__ = [
    "commit",
    "error_file",
    "examine",
    "lines",
    "offers",
    "parse",
    "preview",
    "recover",
    "sweep",
    "undo",
]

KEPT_PREVIEW = timedelta(days=1)
UNDONE = "撤销后，这次导入新增的记录将删除，更新的记录恢复原值；导入后又有改动的，不能撤销。"


def examine(data: bytes, *, year: int, mapping: Mapping[int, str] | None = None, by: By) -> Plan:
    """What the file would do; writes nothing. Raises NotAllowed, ExchangeError, ColumnsMissing."""
    _demand(by.actor, "create")
    return run(_planner(parse(data, year=year, mapping=mapping), year, by, ObjectId()))


def upload(data: bytes, filename: str, *, by: By) -> Attachment:
    """Keep a ledger until it is previewed. Raises NotAllowed, ExchangeError."""
    _demand(by.actor, "create")
    return files.store(_examined(data, filename), data, by=by)


def preview(
    data: bytes,
    filename: str,
    *,
    year: int,
    mapping: Mapping[int, str] | None = None,
    by: By,
) -> Plan:
    """As `examine`, and keep file and outcome as a batch (`plan.batch`) that can be committed."""
    _demand(by.actor, "create")
    ledger = parse(data, year=year, mapping=mapping)
    attachment = upload(data, filename, by=by)
    return _keep(attachment, ledger, year, mapping, by)


def preview_upload(attachment: Attachment, *, year: int, mapping: Mapping[int, str] | None, by: By) -> Plan:
    """The same of a file that is kept already."""
    _demand(by.actor, "create")
    ledger = parse(files.content(attachment), year=year, mapping=mapping)
    return _keep(attachment, ledger, year, mapping, by)


def _keep(
    attachment: Attachment,
    ledger: Ledger,
    year: int,
    mapping: Mapping[int, str] | None,
    by: By,
) -> Plan:
    batch_id = ObjectId()
    planner = _planner(ledger, year, by, batch_id)
    plan = run(planner, lambda portion: ledger_commit.keep_lines(batch_id, portion))
    # The batch comes last: as long as it is missing, nobody sees its lines.
    plan.batch = ImportBatch(
        id=batch_id,
        filename=attachment.filename,
        sha256=attachment.sha256,
        attachment_id=attachment.pk,
        year=year,
        mapping={str(index): field for index, field in (mapping or {}).items()},
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


def offers(batch: ImportBatch, *, actor: Actor) -> list[Offer]:
    """What the actor may do with a batch: confirm or map anew his own preview, take back what was imported."""
    if batch.state == BatchState.COMMITTED and access.may(actor, "edit", "importbatch"):
        return [Offer("undo", "撤销这次导入", note=UNDONE, grave=True)]
    if batch.state != BatchState.PREVIEWED or batch.username != actor.username:
        return []
    if not access.may(actor, "create", "importbatch"):
        return []
    nothing = "" if batch.writing else "没有需要写入的行：内容与现有记录一致，或均未通过。"
    return [Offer("commit", f"确认导入 {batch.writing} 行", nothing), Offer("map", "返回修改对应")]


def commit(batch: ImportBatch, *, by: By) -> ImportBatch:
    """Do what was previewed, all or nothing. Raises Conflict when a record has changed since, NotAllowed."""
    fresh = _own(batch, by)
    if fresh.username != by.actor.username:
        raise NotAllowed("只能由预览该文件的账号确认导入。")
    if fresh.state != BatchState.PREVIEWED:
        raise Conflict(ledger_run.DONE)
    attachment = _file(fresh)
    ledger = parse(files.content(attachment), year=fresh.year, mapping=mapping_of(fresh))
    planner = _planner(ledger, fresh.year, by, fresh.pk)

    def finish() -> None:
        files.finalise(attachment, fresh, by=by)

    ledger_run.commit(fresh, _as_previewed(fresh, planner), finish, by)
    return ImportBatch.objects.get(pk=fresh.pk)


def undo(batch: ImportBatch, *, by: By) -> ImportBatch:
    """Take a committed batch back. Raises NotAllowed naming the records that have been changed since, Conflict."""
    fresh = _own(batch, by)
    if fresh.state != BatchState.COMMITTED:
        raise Conflict("这次导入尚未确认或已经撤销，请刷新页面。")
    records = ledger_undo.taken(fresh)
    ledger_undo.check(records)
    ledger_run.undo(fresh, records, by)
    return ImportBatch.objects.get(pk=fresh.pk)


def sweep(now: datetime) -> int:
    """Forget previews that nobody confirmed for a day, with their lines; how many."""
    old = ImportBatch.objects(state=BatchState.PREVIEWED.value, at__lt=now - KEPT_PREVIEW)
    swept = 0
    for batch in old:
        if ImportBatch.objects(pk=batch.pk, state=BatchState.PREVIEWED.value).modify(remove=True):
            ledger_commit.forget(batch.pk)
            swept += 1
    return swept


def lines(
    batch: ImportBatch, *, outcome: RowOutcome | None = None, page: int = 0, size: int = 50
) -> list[ImportLine]:
    """One page of a batch's rows in file order; all of them with `size` 0."""
    found = ImportLine.objects(batch_id=batch.pk).exclude("writes").order_by("row")
    if outcome:
        found = found.filter(outcome=outcome.value)
    return list(found.skip(page * size).limit(size))


def error_file(batch: ImportBatch) -> bytes:
    """The rows that did not go in, each with what is wrong, to correct and load again."""
    ledger = parse(files.content(_file(batch)), year=batch.year, mapping=mapping_of(batch))
    read = {row.row: row for row in ledger.rows}
    refused = [line for line in lines(batch, outcome=RowOutcome.REFUSED, size=0) if line.row in read]
    problems = [Refusal(line.row, column, why) for line in refused for column, why in line.problems]
    kept = [(line.row, values.as_cells(read[line.row], ledger.columns, rules.pack())) for line in refused]
    originals = sorted((*ledger.originals, *kept), key=lambda one: one[0])
    whole = replace(ledger, refused=(*ledger.refused, *problems), originals=tuple(originals))
    return files_of_counties.error_file(whole, created=batch.at)


def mapping_of(batch: ImportBatch) -> dict[int, str] | None:
    """The clerk's corrections of the columns; None where there were none."""
    return {int(index): field for index, field in batch.mapping.items()} or None


def _planner(ledger: Ledger, year: int, by: By, base: ObjectId) -> Planner:
    return Planner(ledger, year, by=by, pack=rules.pack(), base=base)


def _examined(data: bytes, filename: str) -> uploads.Examined:
    """A workbook is examined like every upload; a text table is harmless as far as the reader takes it."""
    if data.startswith(b"PK") or not data:
        return uploads.examine(data, filename, allowed=("xlsx",), max_size=MOST_BYTES)
    name, digest = uploads.display_name(filename), hashlib.sha256(data).hexdigest()
    return uploads.Examined("csv", "text/csv", len(data), digest, name)


def _demand(actor: Actor, verb: str) -> None:
    if not access.may(actor, verb, "importbatch"):
        raise NotAllowed(f"{actor.role.label}不能导入汇总表。")


def _as_previewed(batch: ImportBatch, planner: Planner) -> Iterator[Portion]:
    """The portions as they stand now, as long as each would do what the preview said."""
    for number, portion in enumerate(planner.portions()):
        if portion.digest != batch.digests[number]:
            raise Conflict(ledger_commit.CHANGED)
        yield portion


def _own(batch: ImportBatch, by: By) -> ImportBatch:
    _demand(by.actor, "edit")
    fresh = scope.find(by, ImportBatch, batch.pk)
    if fresh is None:
        raise NotAllowed("没有这次导入，或它不属于您。")
    return fresh


def _file(batch: ImportBatch) -> Attachment:
    attachment = Attachment.objects(pk=batch.attachment_id).first()
    if attachment is None or attachment.sha256 != batch.sha256:
        raise NotAllowed(files.GONE)
    return attachment
