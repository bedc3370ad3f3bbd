"""Files of a batch for the post room: zip, merged document, register sheet."""

from __future__ import annotations

from typing import Any

from app.documents.output import merging
from app.exchange import bundles, tables
from app.policy.flow import NotAllowed
from app.services.core import files, rules
from app.services.papers.batches import papers_of
from models.files import Attachment
from models.papers import Paper, PaperBatch

REGISTER_SHEET = "发文登记表"
REGISTER_COLUMNS = ("序号", "文号", "标题", "主送或单位", "状态", "印发日期", "文件名", "SHA-256")


def _issued_files(batch: PaperBatch) -> list[tuple[Paper, bytes]]:
    """Return the frozen files of a batch in list order. Raises NotAllowed when none is issued."""
    rows = [paper for paper in papers_of(batch) if paper.attachment_id]
    if not rows:
        raise NotAllowed("这一批还没有印发的公文。")
    return [(paper, files.content(Attachment.objects.get(pk=paper.attachment_id))) for paper in rows]


def zip_batch(batch: PaperBatch) -> bytes:
    """Return one zip: every letter in list order, and the register sheet of the batch."""
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
    """Return one .docx of all letters, each beginning on a new sheet. Raises NotAllowed."""
    try:
        return merging.merged([content for _, content in _issued_files(batch)])
    except merging.MergeError as error:
        raise NotAllowed(str(error)) from error


def _register(batch: PaperBatch) -> list[list[Any]]:
    """Return the rows of the register sheet."""
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
    """Return the addressee of a paper from its inputs."""
    return next(
        (str(paper.inputs[name]) for name in RECIPIENT_FIELDS if paper.inputs.get(name)),
        rules.pack().city.addressees,
    )


def _file_name(number: int, paper: Paper) -> str:
    """Return a file name that sorts in list order and is valid on every system."""
    plain = "".join(
        "_" if character in '\\/:*?"<>|' or ord(character) < 32 else character
        for character in f"{paper.number_text or ''}{paper.title}"
    )
    return f"{number:03d}-{plain[:80]}.docx"
