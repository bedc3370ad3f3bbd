"""Official documents: drafted with a decision, signed by another, issued once, then frozen."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from app import documents
from app.exchange.uploads import Examined
from app.policy import industries
from app.policy import papers as catalogue
from app.policy.access import Actor
from app.policy.terms import Kind, NumberState, PaperState
from app.services import files, numbers, records, rules
from models.decisions import Decision
from models.files import Attachment
from models.papers import Number, Paper
from models.units import Unit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Without 0 O 1 I L: the code is read from paper and typed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


_public: dict[str, str] = {"url": "http://127.0.0.1:8000"}


def publish_at(url: str) -> None:
    """Where the public reaches this system: printed as the address behind every verification code."""
    _public["url"] = url.rstrip("/")


def verification_address(paper: Paper) -> str:
    return f"{_public['url']}/verify/{paper.verification}"


def draft(kind: str, inputs: Any, decision: Decision, *, actor: Actor, now: datetime) -> Paper:
    """A new paper of a decision; inside the decision's transaction."""
    row = catalogue.KINDS[kind]
    paper = Paper(
        kind=kind,
        title=documents.title_of(kind, inputs),
        series=row.series or "",
        year=now.year,
        state=PaperState.DRAFTED.value,
        inputs=frozen(inputs),
        areas=decision.areas,
        unit_ids=decision.unit_ids,
        decision_id=decision.pk,
        verification="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        drafted_by=actor.username,
        drafted_name=actor.name,
    )
    return records.write_new(paper, actor=actor, now=now, verb="拟稿")


def sign(paper: Paper, *, actor: Actor, now: datetime) -> Paper:
    """The lead signs what he did not draft; inside the decision's transaction."""
    values = {
        "state": PaperState.SIGNED.value, "signed_by": actor.username, "signed_name": actor.name, "signed_at": now,
    }  # fmt: skip
    return records.write(paper, values, version=paper.version, actor=actor, now=now, verb="审签公文")


def prepare(paper: Paper, inputs: Any, *, actor: Actor, now: datetime) -> tuple[Number | None, Attachment, bytes]:
    """Steps 1 and 2 of issuing, outside any transaction: the number is reserved, the bytes are stored as staging."""
    number = numbers.reserve(paper, now.year, now=now) if paper.series else None
    content = documents.build(
        paper.kind,
        inputs,
        number=number.text if number else None,
        issued_on=now.date(),
        verification=documents.Verification(paper.verification, verification_address(paper)),
    )
    name = f"{number.text if number else ''}{documents.title_of(paper.kind, inputs)}.docx"
    examined = Examined(
        kind="docx", mime=DOCX, size=len(content), sha256=hashlib.sha256(content).hexdigest(), display_name=name
    )
    return number, files.store(examined, content, actor=actor, now=now), content


def issue(
    paper: Paper, number: Number | None, attachment: Attachment, inputs: Any, *, actor: Actor, now: datetime
) -> Paper:
    """Step 3, inside the one transaction with the stages: from now on the paper is frozen."""
    values: dict[str, Any] = {
        "state": PaperState.ISSUED.value,
        "title": documents.title_of(paper.kind, inputs),
        "inputs": frozen(inputs),
        "attachment_id": attachment.pk,
        "sha256": attachment.sha256,
        "issued_on": now.date(),
        "issued_at": now,
    }
    if number is not None:
        numbers.use(number, now=now)
        values |= {"number": number.number, "number_text": number.text, "year": number.year}
    fresh = records.write(paper, values, version=paper.version, actor=actor, now=now, verb="印发公文")
    files.finalise(attachment, fresh, actor=actor, now=now)
    return fresh


def drop(paper: Paper, reason: str, *, actor: Actor, now: datetime) -> None:
    """A draft that will not be issued; its number, if it has one, becomes void with the reason."""
    records.write(
        paper, {"state": PaperState.REVOKED.value}, version=paper.version, actor=actor, now=now, reason=reason,
        verb="撤销拟稿",
    )  # fmt: skip
    if held := Number.objects(paper_id=paper.pk, state=NumberState.RESERVED.value).first():
        numbers.release(held, reason, actor=actor, now=now)


def frozen(value: Any) -> Any:
    """A document's inputs as plain data for the record: dataclasses as mappings, days as ISO text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: frozen(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [frozen(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def lines(rows: Iterable[Any]) -> tuple[catalogue.UnitLine, ...]:
    """Applications as lines of a published list: name, kind, area, industry, no code, score or contact."""
    rows = list(rows)
    units = {unit.pk: unit for unit in Unit.objects(pk__in=[row.unit_id for row in rows]).only("industries")}
    order = {area.code: place for place, area in enumerate(rules.pack().areas)}
    rows.sort(key=lambda row: (list(Kind).index(Kind(row.kind)), order.get(row.area, 99), row.unit_name))
    return tuple(
        catalogue.UnitLine(
            row.unit_name,
            Kind(row.kind).label,
            rules.pack().area(row.area).name,
            "、".join(industries.name(code) for code in units[row.unit_id].industries[:1]),
        )
        for row in rows
    )
