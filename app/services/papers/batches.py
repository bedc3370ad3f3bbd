"""Letters that go out together: copied from one draft, submitted, signed and issued in list order, packed for post."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from typing import Any

from app.documents.kinds import KINDS
from app.documents.kinds.inputs import labels_of, types_of
from app.documents.output import merging
from app.exchange import bundles, tables
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import Conflict, NotAllowed, PolicyError
from app.policy.terms import PaperState
from app.services.core import audit, files, records, rules
from app.services.core.by import By
from app.services.papers import building, dispatch, drafting
from app.services.papers.forms import convert_text
from app.services.papers.values import from_plain
from models.database import transact
from models.files import Attachment
from models.papers import Paper, PaperBatch
from models.registry.units import Unit

MAX_PAPERS = 300
RowResults = list[tuple[Paper, str]]
REGISTER_SHEET = "发文登记表"
REGISTER_COLUMNS = ("序号", "文号", "标题", "主送或单位", "状态", "印发日期", "文件名", "SHA-256")


def copy_by_rows(paper: Paper, table: str, *, by: By) -> PaperBatch:
    """One draft a row: the first line names the fields by their labels, each row gives them other values.

    The draft itself becomes the first of the batch. Raises NotAllowed naming the column or the row.
    """
    rows = [line.split("\t") for line in table.replace("\r\n", "\n").split("\n") if line.strip()]
    if len(rows) < 2:
        raise NotAllowed("请粘贴表格：第一行是栏目名称，以下每行一份。")
    if len(rows) - 1 > MAX_PAPERS:
        raise NotAllowed(f"一批最多 {MAX_PAPERS} 份。")
    fields = _fields(paper.kind, [cell.strip() for cell in rows[0]])
    inputs = from_plain(paper.kind, paper.inputs)
    made = [
        _inputs_with_row(paper.kind, inputs, fields, row, number)
        for number, row in enumerate(rows[1:], start=1)
    ]

    def work() -> PaperBatch:
        fresh = drafting.edit(
            paper, made[0], version=paper.version, addressed=_visibility(paper, made[0]), by=by
        )
        copies = [drafting.compose(paper.kind, one, **_visibility(paper, one), by=by) for one in made[1:]]
        return _create(paper.title, paper.kind, [fresh, *copies], by=by)

    return transact(work)


def _fields(kind: str, headings: Sequence[str]) -> list[str]:
    known = {label: name for name, label in labels_of(KINDS[kind].inputs).items()}
    if unknown := [heading for heading in headings if heading not in known]:
        raise NotAllowed(f"没有这些栏目：{'、'.join(unknown)}。可用的栏目：{'、'.join(known)}。")
    return [known[heading] for heading in headings]


def _inputs_with_row(kind: str, inputs: Any, fields: Sequence[str], row: Sequence[str], number: int) -> Any:
    if len(row) != len(fields):
        raise NotAllowed(f"第 {number} 行有 {len(row)} 栏，应为 {len(fields)} 栏。")
    hints, labels = types_of(KINDS[kind].inputs), labels_of(KINDS[kind].inputs)
    values = {
        name: convert_text(hints[name], cell, f"第 {number} 行的{labels[name]}")
        for name, cell in zip(fields, row, strict=True)
    }
    return dataclasses.replace(inputs, **values)


def _visibility(paper: Paper, inputs: Any) -> dict[str, Any]:
    """To whom one letter shows: to the unit and area that it is about, never to those of the other letters."""
    areas, name = rules.pack().areas, getattr(inputs, "unit_name", "")
    if name:
        units = list(Unit.objects(name=name).only("area"))
        return {
            "areas": sorted({unit.area for unit in units} & set(paper.areas)),
            "unit_ids": [unit.pk for unit in units if unit.pk in paper.unit_ids],
        }
    given = {getattr(inputs, field, None) for field in ("area_department", "area_name")} - {None}
    if given:
        named = [area.code for area in areas if given & {area.name, area.department}]
        return {"areas": [code for code in named if code in paper.areas], "unit_ids": []}
    return {"areas": paper.areas, "unit_ids": paper.unit_ids}


def gather_batch(chosen: Sequence[Paper], title: str, *, by: By) -> PaperBatch:
    """Drafts of one kind that were written one by one, as a batch in the given order."""
    chosen = [Paper.objects.get(pk=paper.pk) for paper in chosen]
    if len({paper.kind for paper in chosen}) != 1:
        raise NotAllowed("一批须是同一种公文。")
    if taken := [paper.title for paper in chosen if paper.batch_id or paper.decision_id or not paper.open]:
        raise NotAllowed(f"只有未送签、不属于其他批次的拟稿可以成批：{'、'.join(taken[:5])}。")
    return transact(lambda: _create(title or chosen[0].title, chosen[0].kind, chosen, by=by))


def _create(title: str, kind: str, rows: Sequence[Paper], *, by: By) -> PaperBatch:
    if not drafting.may_draft(by.actor):
        raise NotAllowed("成批公文由市局经办办理。")
    batch = PaperBatch(
        title=title,
        kind=kind,
        paper_ids=[paper.pk for paper in rows],
        prepared_by=by.actor.username,
        prepared_name=by.actor.name,
        prepared_at=by.now,
    )
    saved = records.insert(batch, by=by, verb=Verb.BATCH_CREATED)
    for paper in rows:
        if not Paper.objects(pk=paper.pk, batch_id=None).modify(set__batch_id=saved.pk, inc__version=1):
            raise Conflict(f"《{paper.title}》已属于另一批次，请刷新后重试。")
    return saved


def papers_of(batch: PaperBatch) -> list[Paper]:
    """The papers of a batch in list order."""
    found = {paper.pk: paper for paper in Paper.objects(pk__in=batch.paper_ids)}
    return [found[key] for key in batch.paper_ids if key in found]


def batch_figures(batch: PaperBatch) -> list[tuple[str, int]]:
    """How many letters there are, how many are issued, and where the others stand."""
    rows = papers_of(batch)
    issued = [paper for paper in rows if paper.attachment_id]
    others = Counter(paper.get_state_display() for paper in rows if not paper.attachment_id)
    return [("共", len(rows)), ("已印发", len(issued)), *others.items()]


def preflight_batch(batch: PaperBatch, actor: Actor) -> RowResults:
    """Which of the papers that are not issued yet could not be now, and why; changes nothing."""
    return [(paper, _issue_obstacle(paper, actor)) for paper in papers_of(batch) if not paper.attachment_id]


def _issue_obstacle(paper: Paper, actor: Actor) -> str:
    try:
        dispatch.demand_issuable(paper, actor)
        building.demand_complete(paper, from_plain(paper.kind, paper.inputs))
    except PolicyError as refusal:
        return str(refusal)
    return ""


def submit_all(batch: PaperBatch, *, by: By) -> RowResults:
    waiting = [paper for paper in papers_of(batch) if paper.open]
    return _apply_to_each(waiting, lambda one: drafting.submit(one, version=one.version, by=by))


def sign_all(batch: PaperBatch, *, by: By) -> RowResults:
    waiting = [paper for paper in papers_of(batch) if paper.state == PaperState.SUBMITTED.value]
    return _apply_to_each(waiting, lambda one: dispatch.sign(one, by=by))


def issue_all(batch: PaperBatch, *, by: By) -> RowResults:
    """Number and issue every signed paper in list order; a second call goes on where the first was cut off."""
    if not drafting.may_draft(by.actor):
        raise NotAllowed("公文由市局经办编号印发。")
    waiting = [paper for paper in papers_of(batch) if paper.state == PaperState.SIGNED.value]
    if not waiting:
        raise NotAllowed("这一批没有已审签、待印发的公文。")

    def begin() -> None:
        PaperBatch.objects(pk=batch.pk).modify(set__issuing_by=by.actor.username, inc__version=1)
        audit.record(Verb.BATCH_ISSUED, by=by, subject=batch, reason=f"{len(waiting)} 份")

    transact(begin)
    results = dispatch.issue_many(waiting, by=by)
    dispatch.settle_batch(batch, now=by.now)
    return results


def _apply_to_each(rows: Sequence[Paper], act: Any) -> RowResults:
    results = []
    for paper in rows:
        try:
            act(paper)
            results.append((paper, ""))
        except PolicyError as refusal:
            results.append((paper, str(refusal)))
    return results


# --- what goes to the post room ---------------------------------------------------------------------


def _issued_files(batch: PaperBatch) -> list[tuple[Paper, bytes]]:
    """The frozen files of a batch in list order. Raises NotAllowed when none is issued."""
    rows = [paper for paper in papers_of(batch) if paper.attachment_id]
    if not rows:
        raise NotAllowed("这一批还没有印发的公文。")
    return [(paper, files.content(Attachment.objects.get(pk=paper.attachment_id))) for paper in rows]


def zip_batch(batch: PaperBatch) -> bytes:
    """One zip: every letter in list order, and the register sheet of the batch."""
    letters = [
        (_file_name(number, paper), content)
        for number, (paper, content) in enumerate(_issued_files(batch), start=1)
    ]
    register = tables.xlsx_stream(
        REGISTER_COLUMNS, _register(batch), sheet=REGISTER_SHEET, created=batch.prepared_at
    )
    return bundles.zipped(
        [*letters, (f"{REGISTER_SHEET}.xlsx", b"".join(register))], created=batch.prepared_at
    )


def merge_batch(batch: PaperBatch) -> bytes:
    """One .docx of all letters, each beginning on a sheet of its own. Raises NotAllowed in words."""
    try:
        return merging.merged([content for _, content in _issued_files(batch)])
    except merging.MergeError as error:
        raise NotAllowed(str(error)) from error


def _register(batch: PaperBatch) -> list[list[Any]]:
    return [
        [
            number,
            paper.number_text or "",
            paper.title,
            recipient_of(paper),
            paper.get_state_display(),
            paper.issued_on,
            _file_name(number, paper) if paper.attachment_id else "",
            paper.sha256 or "",
        ]
        for number, paper in enumerate(papers_of(batch), start=1)
    ]


RECIPIENT_FIELDS = (
    "department",
    "area_department",
    "evaluator_name",
    "unit_name",
    "report_to",
    "addressees",
    "bureau",
)


def recipient_of(paper: Paper) -> str:
    """To whom it goes, as its inputs say."""
    return next(
        (str(paper.inputs[name]) for name in RECIPIENT_FIELDS if paper.inputs.get(name)),
        rules.pack().city.addressees,
    )


def _file_name(number: int, paper: Paper) -> str:
    """A name that sorts in list order and that every system can write."""
    plain = "".join(
        "_" if one in '\\/:*?"<>|' or ord(one) < 32 else one
        for one in f"{paper.number_text or ''}{paper.title}"
    )
    return f"{number:03d}-{plain[:80]}.docx"
