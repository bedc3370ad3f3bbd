"""Drafts finished outside: their number, and the checked file that will be issued."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from app.documents import checks
from app.documents.output import uploaded_finals
from app.exchange import uploads
from app.exchange.uploads import UploadRefused
from app.policy import papers as catalogue
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.services.core import files, records
from app.services.core.by import By
from app.services.papers import number_blocks, numbers
from app.services.papers.drafts import detach_final_file, editors_with, reload_open
from app.services.papers.values import from_plain
from models.database import transactional
from models.files import Attachment
from models.papers import Number, Paper

MAX_FINAL_BYTES = 20 * 1024 * 1024


def take_number(paper: Paper, reserved_id: Any = None, *, by: By) -> Number:
    """Give a draft its number before it is finished outside: the next one, or a reserved one."""
    fresh = reload_open(paper, by.actor)
    if not fresh.series:
        raise NotAllowed("这种公文不编文号。")
    if reserved_id:
        return number_blocks.assign_reserved(Number.objects.get(pk=reserved_id), fresh)
    return numbers.reserve_number(fresh, by.now.year, now=by.now)


def upload_final(paper: Paper, name: str, content: bytes, *, version: int, by: By) -> Paper:
    """Check a draft finished outside and attach it as the file to be issued.

    Raises NotAllowed naming each fault with its clause, the expected and the actual value.
    """
    fresh = reload_open(paper, by.actor)
    number = numbers.number_of(fresh)
    if fresh.series and number is None:
        raise NotAllowed("请先编号，再下载带文号的稿子修改：定稿里须有文号。")
    try:
        examined = uploads.examine(BytesIO(content), name, allowed=("docx",), max_size=MAX_FINAL_BYTES)
    except UploadRefused as refusal:
        raise NotAllowed(str(refusal)) from refusal
    if faults := final_faults(fresh, content, number.text if number else ""):
        raise NotAllowed(
            "定稿未通过检查：" + "；".join(faults[:12]) + ("；……" if len(faults) > 12 else "") + "。"
        )
    attachment = files.store(examined, content, by=by)
    return _attach_final(paper, attachment, version=version, by=by)


@transactional
def _attach_final(paper: Paper, attachment: Attachment, *, version: int, by: By) -> Paper:
    fresh = reload_open(paper, by.actor)
    detach_final_file(fresh)
    files.finalise(attachment, fresh, by=by)
    values = {"final_id": attachment.pk, "editors": editors_with(fresh, by.actor)}
    return records.write(fresh, values, version=version, by=by, verb=Verb.FINAL_UPLOADED)


def final_faults(paper: Paper, content: bytes, number: str) -> list[str]:
    """Return the faults of a finished file: layout, number, code, names in its tables."""
    inputs = from_plain(paper.kind, paper.inputs)
    layout_faults = [
        f"{check.name}（{check.clause}）应为{check.expected}，实为{check.found}"
        for check in checks.check(content, kind_family=catalogue.KINDS[paper.kind].family)
        if not check.ok
    ]
    return layout_faults + uploaded_finals.faults(content, inputs, number=number, code=paper.verification)
