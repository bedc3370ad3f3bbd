"""Official documents: built from the wording in force, signed, issued once, then frozen."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app import documents
from app.documents.kinds.columns import UnitLine
from app.documents.layout.amending import amended
from app.documents.layout.wording import WordingError
from app.exchange.uploads import Examined
from app.policy import papers as catalogue
from app.policy.audit import Verb
from app.policy.filing import industries
from app.policy.flow import NotAllowed
from app.policy.terms import Kind, NumberState, PaperState, Succession
from app.services.core import files, records, rules
from app.services.core.by import By
from app.services.papers import numbers, succession, templates
from app.services.papers.values import to_plain as to_plain
from models.decisions import Decision
from models.files import Attachment
from models.papers import Number, Paper
from models.registry.units import Unit

DOCX_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Without 0 O 1 I L: the code is read from paper and typed.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


_settings: dict[str, str] = {"url": "http://127.0.0.1:8000"}


def set_public_url(url: str) -> None:
    """Where the public reaches this system: printed as the address behind every verification code."""
    _settings["url"] = url.rstrip("/")


def verification_address(paper: Paper) -> str:
    return f"{_settings['url']}/verify/{paper.verification}"


def draft_for_decision(kind: str, inputs: Any, decision: Decision, *, by: By) -> Paper:
    """A new paper of a decision; inside the decision's transaction."""
    return create_draft(
        kind,
        inputs,
        by=by,
        areas=decision.areas,
        unit_ids=decision.unit_ids,
        decision_id=decision.pk,
    )


def create_draft(kind: str, inputs: Any, *, by: By, **values: Any) -> Paper:
    """Save a new draft; `values` are its other fields."""
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


def record_signature(paper: Paper, *, by: By) -> Paper:
    """The lead signs what he did not draft; inside the transaction of the one who judged it."""
    values = {
        "state": PaperState.SIGNED.value,
        "signed_by": by.actor.username,
        "signed_name": by.actor.name,
        "signed_at": by.now,
        # what he read is issued, whatever wording or skeleton comes into force meanwhile
        "wording": wording_of(paper),
        "skeleton_id": templates.own_skeleton_id(catalogue.KINDS[paper.kind].family),
    }
    return records.write(paper, values, version=paper.version, by=by, verb=Verb.PAPER_SIGNED)


# --- building ---------------------------------------------------------------------------------------


def wording_of(paper: Paper) -> str:
    """The wording that this paper is built with: its own, else the one in force."""
    return paper.wording or templates.wording_in_force(paper.kind)


def render(paper: Paper, inputs: Any, *, number: str | None, now: datetime) -> bytes:
    """The .docx as it would be issued now. Raises NotAllowed naming the placeholder that the wording gets wrong."""
    try:
        return documents.build(
            paper.kind,
            inputs,
            number=number,
            issued_on=now.date(),
            verification=documents.Verification(paper.verification, verification_address(paper)),
            wording=amended(wording_of(paper), succession_clause(paper)),
            skeleton=_skeleton(paper),
        )
    except (WordingError, documents.SkeletonError) as error:
        raise NotAllowed(str(error)) from error


def _skeleton(paper: Paper) -> bytes | None:
    """The skeleton that was signed; before that the one in force."""
    if paper.signed_at:
        return templates.read_skeleton(paper.skeleton_id)
    return templates.own_skeleton(catalogue.KINDS[paper.kind].family)


def succession_clause(paper: Paper) -> str:
    """The sentence in which a correction names the paper that it replaces or revokes."""
    if not paper.corrects_id or paper.kind == catalogue.REVOCATION:
        return ""
    old = Paper.objects.get(pk=paper.corrects_id)
    named = f"《{old.title}》" + (f"（{old.number_text}）" if old.number_text else "")
    if paper.succession == Succession.REVOKES.value:
        return f"自本文印发之日起，{named}予以撤销。"
    return f"本文印发后，{named}由本文替代，不再执行。"


def missing_placeholders(paper: Paper, inputs: Any) -> list[str]:
    """The empty placeholders of a paper, by name. Raises NotAllowed for one that the wording invents."""
    try:
        return documents.missing_placeholders(paper.kind, inputs, wording_of(paper))
    except WordingError as error:
        raise NotAllowed(str(error)) from error


def demand_complete(paper: Paper, inputs: Any) -> None:
    """Raise NotAllowed naming every placeholder without a value, or what a correction may not change."""
    succession.demand_true(paper, inputs)
    if empty := missing_placeholders(paper, inputs):
        raise NotAllowed(f"公文中有未填写的内容：{'、'.join(empty)}。补齐后才能送签、印发。")


# --- issuing ----------------------------------------------------------------------------------------


def prepare_issue(paper: Paper, inputs: Any, *, by: By) -> tuple[Number | None, Attachment]:
    """Steps 1 and 2 of issuing, outside any transaction: the number is reserved, the bytes are stored as staging."""
    number = numbers.reserve_number(paper, by.now.year, now=by.now) if paper.series else None
    examined, content = render_with_meta(paper, inputs, number, now=by.now)
    return number, files.store(examined, content, by=by)


def render_with_meta(
    paper: Paper, inputs: Any, number: Number | None, *, now: datetime
) -> tuple[Examined, bytes]:
    """The bytes with the paper's number, and what the store is to know of them. Raises NotAllowed."""
    if number is not None and number.year != now.year:
        raise NotAllowed(f"{number.text}是{number.year}年的文号，请作废后重新编号。")
    content = render(paper, inputs, number=number.text if number else None, now=now)
    title = documents.title_of(paper.kind, inputs, wording=wording_of(paper))
    name = f"{number.text if number else ''}{title}.docx"
    digest = hashlib.sha256(content).hexdigest()
    return Examined(kind="docx", mime=DOCX_MIME, size=len(content), sha256=digest, display_name=name), content


def record_issue(
    paper: Paper, number: Number | None, attachment: Attachment, inputs: Any, *, by: By
) -> Paper:
    """Step 3, inside the one transaction with the stages: from now on the paper is frozen."""
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
    """Mark the paper that this one replaces or revokes, with all that rests on it; its bytes, inputs and number stay."""
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


def discard(paper: Paper, reason: str, *, by: By) -> None:
    """A draft that will not be issued; its number, if it has one, becomes void with the reason."""
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


def unit_lines(rows: Iterable[Any]) -> tuple[UnitLine, ...]:
    """Applications as lines of a published list: name, kind, area, industry, no code, score or contact."""
    rows = list(rows)
    units = {unit.pk: unit for unit in Unit.objects(pk__in=[row.unit_id for row in rows]).only("industries")}
    order = {area.code: place for place, area in enumerate(rules.pack().areas)}
    rows.sort(key=lambda row: (list(Kind).index(Kind(row.kind)), order.get(row.area, 99), row.unit_name))
    return tuple(
        UnitLine(
            row.unit_name,
            Kind(row.kind).label,
            rules.pack().area(row.area).name,
            "、".join(industries.name(code) for code in units[row.unit_id].industries[:1]),
        )
        for row in rows
    )
