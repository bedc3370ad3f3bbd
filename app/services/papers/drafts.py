"""Draft papers as records: created, reopened for editing, withdrawn."""

from __future__ import annotations

import secrets
from typing import Any

from app import documents
from app.policy import access
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import FileState, NumberState, PaperState, Role
from app.services.core import records
from app.services.core.by import By
from app.services.papers import numbers, templates
from app.services.papers.values import to_plain as to_plain
from models.decisions import Decision
from models.files import Attachment
from models.papers import Number, Paper


def may_draft(actor: Actor) -> bool:
    """Tell whether the actor drafts papers for the bureau."""
    return actor.role is Role.CITY and access.may(actor, "create", "paper")


def detach_final_file(paper: Paper) -> None:
    """Detach an outdated finished file; the sweep of staged files deletes it."""
    if paper.final_id:
        Attachment.objects(pk=paper.final_id).update(
            set__state=FileState.STAGING.value, set__resource="", unset__owner_id=1
        )


def reload_open(paper: Paper, actor: Actor, *, free: bool = True) -> Paper:
    """Return the draft as it is now. Raises NotAllowed when the actor may not change it."""
    fresh = Paper.objects.get(pk=paper.pk)
    if not may_draft(actor) or not access.may(actor, "edit", "paper"):
        raise NotAllowed(f"拟稿由市局经办办理，{actor.role.label}不能修改公文。")
    if free and fresh.decision_id:
        raise NotAllowed("这份公文的内容取自审批单上的记录，不能单独修改；文字可以在“修改用语”中改。")
    if not fresh.open:
        raise NotAllowed(f"公文{fresh.get_state_display()}，不能再修改。")
    return fresh


def editors_with(paper: Paper, actor: Actor) -> list[str]:
    """Return the paper's editors with the actor added; none of them may sign it."""
    return sorted({*paper.editors, actor.username})


# Without 0 O 1 I L: the code is read from paper and typed.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


CODE_LENGTH = 12


def draft_for_decision(kind: str, inputs: Any, decision: Decision, *, by: By) -> Paper:
    """Create the paper of a decision, inside the decision's transaction."""
    return create_draft(
        kind,
        inputs,
        by=by,
        areas=decision.areas,
        unit_ids=decision.unit_ids,
        decision_id=decision.pk,
    )


def create_draft(kind: str, inputs: Any, *, by: By, **values: Any) -> Paper:
    """Insert a new draft; `values` are its other fields."""
    row = catalogue.KINDS[kind]
    paper = Paper(
        kind=kind,
        title=documents.title_of(kind, inputs, wording=templates.own_wording(kind)),
        year=by.now.year,
        state=PaperState.DRAFTED.value,
        inputs=to_plain(inputs),
        verification="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        drafted_by=by.actor.username,
        drafted_name=by.actor.name,
        editors=[by.actor.username],
        **{"series": row.series or ""} | values,
    )
    return records.insert(paper, by=by, verb=Verb.PAPER_DRAFTED)


def discard(paper: Paper, reason: str, *, by: By) -> None:
    """Mark a draft as withdrawn and void its number with the reason."""
    records.write(
        paper,
        {"state": PaperState.DROPPED.value},
        version=paper.version,
        by=by,
        reason=reason,
        verb=Verb.PAPER_DROPPED,
    )
    if held := Number.objects(paper_id=paper.pk, state=NumberState.RESERVED.value).first():
        numbers.settle_void(held, reason, by=by)
