"""Messages about objections, written in the transaction of the act (第十五条)."""

from __future__ import annotations

from datetime import datetime

from app.policy.terms import Role
from app.services.core import messages
from models.accounts.people import User
from models.lists import Objection


def inquiry_asked(objection: Objection, *, now: datetime) -> None:
    """Tell the clerks of the county that must look into an objection."""
    inquiry = objection.inquiries[-1]
    text = f"{objection}：{inquiry.asked_name}交办核查，请于{inquiry.due:%m月%d日}前答复。事项：{inquiry.question}"
    clerks = User.objects.working(Role.COUNTY).filter(area=objection.handed_to).scalar("username")
    messages.send_about(objection, f"asked:{len(objection.inquiries)}", clerks, text, now=now)


def inquiry_answered(objection: Objection, *, now: datetime) -> None:
    """Tell the clerk who asked the county."""
    inquiry = objection.inquiries[-1]
    text = f"{objection}：{inquiry.answered_name}已答复核查情况，请核查后办结。"
    messages.send_about(objection, f"reported:{len(objection.inquiries)}", [inquiry.asked_by], text, now=now)
