"""Current inputs and bytes of a paper: as issued, as finished outside, else as rendered now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.services.core import files
from app.services.core.process import process_named
from app.services.papers import numbers, rendering
from app.services.papers.values import from_plain
from models.decisions import Decision
from models.files import Attachment
from models.papers import Paper


def current_inputs(paper: Paper, *, now: datetime) -> Any:
    """Return the inputs of a paper as of now; the open draft of a decision reads its cases again."""
    if paper.decision_id and paper.open:
        decision = Decision.objects.get(pk=paper.decision_id)
        case_ids = [line.record_id for line in decision.lines if line.result != "refused"]
        process = process_named(decision.resource)
        if cases := list(process.model.objects(pk__in=case_ids)):
            return process.papers[decision.action](decision, cases, now)
    return from_plain(paper.kind, paper.inputs)


def current_docx(paper: Paper, *, now: datetime) -> bytes:
    """Return the .docx of a paper.

    Raises NotAllowed when the wording cannot be used or the stored file differs from its digest.
    """
    file_id = paper.attachment_id or paper.final_id
    if file_id:
        return files.content(Attachment.objects.get(pk=file_id))
    reserved = numbers.number_of(paper)
    number = reserved.text if reserved else None
    return rendering.render(paper, current_inputs(paper, now=now), number=number, now=now)
