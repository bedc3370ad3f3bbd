"""Inquiries about an objection: the city asks the county of the unit, the county answers (第十五条)."""

from __future__ import annotations

from datetime import date

from app.policy import access
from app.policy.audit import Verb
from app.policy.flow import NotAllowed
from app.policy.terms import Role
from app.services.core import records, scope
from app.services.core.by import By
from app.services.lists import messages
from app.services.lists.objections import PROPOSED, read_open
from models.database import transactional
from models.lists import Inquiry, Objection


@transactional
def hand_over_objection(
    objection: Objection, question: str, due: date | None, *, version: int, by: By
) -> Objection:
    """Ask the county of the unit to look into a question until a day; from then on it reads the objection.

    Raises NotAllowed without a question or day, when it is closed, or while an earlier question is open.
    """
    if not access.may(by.actor, "edit", "objection"):
        raise NotAllowed(f"{by.actor.role.label}不能交办异议。")
    if not question.strip() or due is None or due < by.today:
        raise NotAllowed("交县级核查须写明请核查的事项和不早于今天的答复期限。")
    inquiry = Inquiry(
        question=question.strip(),
        due=due,
        asked_by=by.actor.username,
        asked_name=by.actor.name,
        asked_at=by.now,
    )
    fresh = read_open(objection)
    if fresh.proposal:
        raise NotAllowed(PROPOSED)
    if fresh.question:
        raise NotAllowed("上一次交办还没有答复，答复后才能再交办。")
    values = {"handed_to": fresh.area, "inquiries": [*fresh.inquiries, inquiry], "asked_due": due}
    saved = records.write(fresh, values, version=version, by=by, verb=Verb.OBJECTION_HANDED)
    messages.inquiry_asked(saved, now=by.now)
    return saved


@transactional
def answer_inquiry(objection: Objection, text: str, *, version: int, by: By) -> Objection:
    """Record the county's answer to the open question. Raises NotAllowed when no question is open."""
    if not access.may(by.actor, "note", "objection"):
        raise NotAllowed(f"核查情况由{Role.COUNTY.label}答复，{by.actor.role.label}不能答复。")
    if not text.strip():
        raise NotAllowed("请写明核查情况。")
    if scope.find(by, Objection, objection.pk) is None:
        raise NotAllowed(records.OUT_OF_SCOPE)
    fresh = read_open(objection)
    if fresh.question is None:
        raise NotAllowed("没有待答复的核查事项。")
    answered = _answered(fresh.inquiries[-1], text, by=by)
    values = {"inquiries": [*fresh.inquiries[:-1], answered], "asked_due": None}
    saved = records.write(fresh, values, version=version, by=by, verb=Verb.INQUIRY_ANSWERED)
    messages.inquiry_answered(saved, now=by.now)
    return saved


def _answered(inquiry: Inquiry, text: str, *, by: By) -> Inquiry:
    return Inquiry(
        question=inquiry.question,
        due=inquiry.due,
        asked_by=inquiry.asked_by,
        asked_name=inquiry.asked_name,
        asked_at=inquiry.asked_at,
        answer=text.strip(),
        answered_name=by.actor.name,
        answered_at=by.now,
    )
