"""Signature and issue written to a paper, inside the transaction of the act."""

from __future__ import annotations

from typing import Any

from app import documents
from app.policy import papers as catalogue
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import PaperState, Succession
from app.services.core import files, records
from app.services.core.by import By
from app.services.papers import numbers, succession, templates
from app.services.papers.rendering import render_with_meta, wording_of
from app.services.papers.values import to_plain as to_plain
from models.files import Attachment
from models.papers import Number, Paper


def record_signature(paper: Paper, *, by: By) -> Paper:
    """Record the signature of a paper, inside the transaction that judged it."""
    values = {
        "state": PaperState.SIGNED.value,
        "signed_by": by.actor.username,
        "signed_name": by.actor.name,
        "signed_at": by.now,
        # the signed text is issued, whatever wording or skeleton comes into force meanwhile
        "wording": wording_of(paper),
        "skeleton_id": templates.own_skeleton_id(catalogue.KINDS[paper.kind].family),
    }
    return records.write(paper, values, version=paper.version, by=by, verb=Verb.PAPER_SIGNED)


def prepare_issue(paper: Paper, inputs: Any, *, by: By) -> tuple[Number | None, Attachment]:
    """Reserve the number and store the bytes as staged, outside any transaction; return both."""
    number = numbers.reserve_number(paper, by.now.year, now=by.now) if paper.series else None
    examined, content = render_with_meta(paper, inputs, number, now=by.now)
    return number, files.store(examined, content, by=by)


def record_issue(
    paper: Paper, number: Number | None, attachment: Attachment, inputs: Any, *, by: By
) -> Paper:
    """Record the issue of a paper, inside the transaction of its stages; from now on it is frozen."""
    text = wording_of(paper)
    title = documents.title_of(paper.kind, inputs, wording=text)
    values: dict[str, Any] = {
        "state": PaperState.ISSUED.value,
        "title": title,
        "inputs": to_plain(inputs),
        "wording": text,
        "attachment_id": attachment.pk,
        "sha256": attachment.sha256,
        "issued_on": by.today,
        "issued_at": by.now,
        "issuing_by": None,
    }
    if number is not None:
        numbers.mark_used(number, title, now=by.now)
        values |= {"number": number.number, "number_text": number.text, "year": number.year}
    fresh = records.write(paper, values, version=paper.version, by=by, verb=Verb.PAPER_ISSUED)
    if attachment.pk != fresh.final_id:
        files.finalise(attachment, fresh, by=by)
    _end_corrected(fresh, by=by)
    return fresh


def _end_corrected(paper: Paper, *, by: By) -> None:
    """Mark the paper that this one replaces or revokes, and apply the effect; its bytes and number stay."""
    if not paper.corrects_id:
        return
    old = Paper.objects.get(pk=paper.corrects_id)
    if not old.valid:
        raise NotAllowed(f"{old}已被替代或撤销，不能再次更正。")
    succession.take_effect(old, paper, by=by)
    way = Succession(paper.succession)
    state = PaperState.REPLACED if way is Succession.REPLACES else PaperState.REVOKED
    values = {
        "state": state.value,
        "replaced_by": paper.pk,
        "replaced_number": paper.number_text or paper.title,
    }
    records.write(
        old,
        values,
        version=old.version,
        by=by,
        verb=Verb.PAPER_REPLACED if way is Succession.REPLACES else Verb.PAPER_REVOKED,
        reason=str(paper),
    )
