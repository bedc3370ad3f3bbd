"""Rendering of papers: wording, skeleton, clause of succession, missing placeholders, bytes."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from app import documents
from app.documents.kinds.inputs import passed_deadlines
from app.exchange.uploads import Examined
from app.policy import papers as catalogue
from app.policy.flow import NotAllowed
from app.policy.terms import Succession
from app.services.papers import succession, templates
from app.services.papers.values import to_plain as to_plain
from models.papers import Number, Paper

DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


_settings: dict[str, str] = {"url": "http://127.0.0.1:8000"}


def set_public_url(url: str) -> None:
    """Set the address of this system that is printed behind every verification code."""
    _settings["url"] = url.rstrip("/")


def verification_address(paper: Paper) -> str:
    """Return the public address that verifies a paper."""
    return f"{_settings['url']}/verify/{paper.verification}"


def wording_of(paper: Paper) -> str:
    """Return the wording that a paper is rendered with: its own, else the one in force."""
    return paper.wording or templates.wording_in_force(paper.kind)


def render(paper: Paper, inputs: Any, *, number: str | None, now: datetime) -> bytes:
    """Return the .docx as it would be issued now. Raises NotAllowed naming the faulty placeholder."""
    try:
        return documents.build(
            paper.kind,
            inputs,
            number=number,
            issued_on=now.date(),
            verification=documents.Verification(paper.verification, verification_address(paper)),
            wording=documents.amended(wording_of(paper), succession_clause(paper)),
            skeleton=_skeleton(paper),
        )
    except (documents.WordingError, documents.SkeletonError) as error:
        raise NotAllowed(str(error)) from error


def _skeleton(paper: Paper) -> bytes | None:
    """Return the skeleton that was signed, or before signing the one in force."""
    if paper.signed_at:
        return templates.read_skeleton(paper.skeleton_id)
    return templates.own_skeleton(catalogue.KINDS[paper.kind].family)


def succession_clause(paper: Paper) -> str:
    """Return the sentence in which a correction names the paper it replaces or revokes, or ""."""
    if not paper.corrects_id or paper.kind == catalogue.REVOCATION:
        return ""
    old = Paper.objects.get(pk=paper.corrects_id)
    named = f"《{old.title}》" + (f"（{old.number_text}）" if old.number_text else "")
    if paper.succession == Succession.REVOKES.value:
        return f"自本文印发之日起，{named}予以撤销。"
    return f"本文印发后，{named}由本文替代，不再执行。"


def missing_placeholders(paper: Paper, inputs: Any) -> list[str]:
    """Return the names of empty placeholders. Raises NotAllowed for an unknown one."""
    try:
        return documents.missing_placeholders(paper.kind, inputs, wording_of(paper))
    except documents.WordingError as error:
        raise NotAllowed(str(error)) from error


def demand_timely(inputs: Any, today: date) -> None:
    """Raise NotAllowed for a paper that would give its addressee a day that has passed when it is issued."""
    if passed := passed_deadlines(inputs, today):
        raise NotAllowed(
            f"{'、'.join(passed)}已过，公文不能给出印发时已过的期限：请改填后再送签、印发（已审签的先撤稿）。"
        )


def demand_complete(paper: Paper, inputs: Any) -> None:
    """Raise NotAllowed naming empty placeholders, or statements that the records contradict."""
    succession.demand_true(paper, inputs)
    if empty := missing_placeholders(paper, inputs):
        raise NotAllowed(f"公文中有未填写的内容：{'、'.join(empty)}。补齐后才能送签、印发。")


def render_with_meta(
    paper: Paper, inputs: Any, number: Number | None, *, now: datetime
) -> tuple[Examined, bytes]:
    """Return the bytes with the paper's number, and their description for the file store. Raises NotAllowed."""
    if number is not None and number.year != now.year:
        raise NotAllowed(f"{number.text}是{number.year}年的文号，请作废后重新编号。")
    content = render(paper, inputs, number=number.text if number else None, now=now)
    title = documents.title_of(paper.kind, inputs, wording=wording_of(paper))
    name = f"{number.text if number else ''}{title}.docx"
    digest = hashlib.sha256(content).hexdigest()
    return Examined(kind="docx", mime=DOCX_MIME, size=len(content), sha256=digest, display_name=name), content
