"""Free papers, which belong to no decision: drafted, edited, reworded, submitted and withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from app import documents
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import PaperState, Role, Succession
from app.services.core import messages, records
from app.services.core.by import By
from app.services.papers import drafts, rendering
from app.services.papers.drafts import detach_final_file, editors_with, may_draft, reload_open
from app.services.papers.succession import redraft_obstacle, succession_obstacle
from app.services.papers.values import from_plain, to_plain
from models.accounts.people import User
from models.database import transactional
from models.decisions import Decision
from models.papers import Paper


def draftable_kinds(actor: Actor) -> list[catalogue.PaperKind]:
    """Return the kinds that the actor may draft freely; sealed letters are written with the tip instead."""
    if not may_draft(actor):
        return []
    return [kind for kind in catalogue.KINDS.values() if not (kind.sealed or kind.by_step)]


def compose(
    kind: str,
    inputs: Any,
    *,
    areas: Sequence[str],
    unit_ids: Sequence[Any] = (),
    corrects: Paper | None = None,
    succession: Succession | None = None,
    batch_id: Any = None,
    by: By,
) -> Paper:
    """Create a free draft; with `corrects` it will replace or revoke an issued paper. Raises NotAllowed."""
    _demand_draftable(kind, corrects, succession, by.actor)
    values = {
        "areas": list(areas),
        "unit_ids": list(unit_ids),
        "batch_id": batch_id,
        "corrects_id": corrects.pk if corrects else None,
        "succession": succession.value if succession else None,
    }
    with refuse_bad_wording():
        return drafts.create_draft(kind, inputs, by=by, **values)


def _demand_draftable(code: str, corrects: Paper | None, succession: Succession | None, actor: Actor) -> None:
    """Raise NotAllowed unless the actor may draft this kind, or this successor of an issued paper."""
    kind = catalogue.KINDS.get(code)
    if kind is None or kind.sealed or not may_draft(actor) or (kind.by_step and corrects is None):
        raise NotAllowed("这种公文不能在这里拟制。")
    if corrects is None:
        return
    if why := redraft_obstacle(kind) or succession_obstacle(corrects, succession):
        raise NotAllowed(why)


@transactional
def edit(
    paper: Paper,
    inputs: Any,
    *,
    version: int,
    by: By,
    addressed: Mapping[str, Any] | None = None,
) -> Paper:
    """Change a draft's inputs and detach a finished file made from the old ones. Raises NotAllowed."""

    with refuse_bad_wording():
        fresh = reload_open(paper, by.actor)
        title = documents.title_of(fresh.kind, inputs, wording=rendering.wording_of(fresh))
        values = {
            "inputs": to_plain(inputs),
            "title": title,
            "editors": editors_with(fresh, by.actor),
            "final_id": None,
        }
        detach_final_file(fresh)
        return records.write(
            fresh, values | dict(addressed or {}), version=version, by=by, verb=Verb.DRAFT_EDITED
        )


@transactional
def reword(paper: Paper, text: str, *, version: int, by: By) -> Paper:
    """Change the wording of one unsigned paper, also of a paper that a decision issues. Raises NotAllowed."""
    text = text.replace("\r\n", "\n").strip() + "\n"

    with refuse_bad_wording():
        fresh = reload_open(paper, by.actor, free=False)
        inputs = from_plain(fresh.kind, fresh.inputs)
        title = documents.title_of(fresh.kind, inputs, wording=text)
        documents.missing_placeholders(fresh.kind, inputs, text)
        values = {
            "wording": text,
            "title": title,
            "editors": editors_with(fresh, by.actor),
            "final_id": None,
        }
        detach_final_file(fresh)
        if fresh.decision_id:  # whoever is about to approve the decision must look again
            Decision.objects(pk=fresh.decision_id).modify(inc__version=1)
        return records.write(fresh, values, version=version, by=by, verb=Verb.DRAFT_REWORDED)


@transactional
def submit(paper: Paper, *, version: int, by: By) -> Paper:
    """Submit a draft for signature. Raises NotAllowed naming empty placeholders."""

    fresh = reload_open(paper, by.actor)
    inputs = from_plain(fresh.kind, fresh.inputs)
    rendering.demand_complete(fresh, inputs)
    rendering.demand_timely(inputs, by.today)
    rendering.succession_clause(fresh)
    values = {"state": PaperState.SUBMITTED.value, "editors": editors_with(fresh, by.actor)}
    saved = records.write(fresh, values, version=version, by=by, verb=Verb.PAPER_SUBMITTED)
    leads = User.objects.working(Role.CITY_LEAD).scalar("username")
    text = f"待审签公文：{saved.title}，{saved.drafted_name}拟稿。"
    messages.send(
        leads,
        f"paper:{saved.pk}:{saved.version}",
        text,
        f"/admin/paper/details/?id={saved.pk}",
        now=by.now,
    )
    return saved


@transactional
def withdraw(paper: Paper, reason: str, *, version: int, by: By) -> Paper:
    """Withdraw a draft and void its number with the reason. Raises NotAllowed."""
    if not reason.strip():
        raise NotAllowed("撤稿须填写理由。")

    fresh = Paper.objects.get(pk=paper.pk)
    if not may_draft(by.actor) or fresh.decision_id or fresh.issuing_by or fresh.version != version:
        raise NotAllowed("当前状态不能撤稿，请刷新后重试。")
    if fresh.state not in (PaperState.DRAFTED.value, PaperState.SUBMITTED.value, PaperState.SIGNED.value):
        raise NotAllowed("已印发的公文不能撤稿；需要更正或撤销时另行发文。")
    drafts.discard(fresh, reason, by=by)
    return fresh


@contextmanager
def refuse_bad_wording() -> Iterator[None]:
    """Turn a wording error into NotAllowed."""
    try:
        yield
    except documents.WordingError as error:
        raise NotAllowed(str(error)) from error
