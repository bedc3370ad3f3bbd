"""The bytes of a paper as they stand: frozen once issued, the finished file where there is one, else built now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.services.core import files
from app.services.core.process import process_named
from app.services.papers import building, numbers
from app.services.papers.values import from_plain
from models.decisions import Decision
from models.files import Attachment
from models.papers import Paper


def inputs_of(paper: Paper, *, now: datetime) -> Any:
    """What the paper is made of now: a decision's open draft reads its rows again, everything else is as recorded."""
    if paper.decision_id and paper.open:
        decision = Decision.objects.get(pk=paper.decision_id)
        keys = [line.record_id for line in decision.lines if line.result != "refused"]
        process = process_named(decision.resource)
        if rows := list(process.model.objects(pk__in=keys)):
            return process.papers[decision.action](decision, rows, now)
    return from_plain(paper.kind, paper.inputs)


def content_of(paper: Paper, *, now: datetime) -> bytes:
    """The .docx. Raises NotAllowed when the wording cannot be used or the stored file is not what was frozen."""
    key = paper.attachment_id or paper.final_id
    if key:
        return files.content(Attachment.objects.get(pk=key))
    held = numbers.number_of(paper)
    return building.render(paper, inputs_of(paper, now=now), number=held.text if held else None, now=now)
