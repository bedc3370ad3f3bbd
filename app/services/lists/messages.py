"""Messages about objections, written in the transaction of the act (第十五条)."""

from __future__ import annotations

from datetime import datetime

from app.policy.terms import ObjectionState, Role
from app.services.core import messages
from models.accounts.people import User
from models.lists import Conclusion, Listing, Objection


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


def conclusion_proposed(objection: Objection, *, now: datetime) -> None:
    """Tell the leads that a conclusion waits for them."""
    leads = User.objects.working(Role.CITY_LEAD).scalar("username")
    text = f"待审签：{objection}，{objection.proposal}。"
    messages.send_about(objection, f"proposed:{objection.version}", leads, text, now=now)


def conclusion_decided(objection: Objection, conclusion: Conclusion, outcome: str, *, now: datetime) -> None:
    """Tell whoever proposed a conclusion what the lead decided."""
    text = f"{objection}：拟办的结论已{outcome}。"
    messages.send_about(objection, f"decided:{objection.version}", [conclusion.by], text, now=now)


def entry_questioned(objection: Objection, entry: Listing, *, now: datetime) -> None:
    """Tell city and leads that an objection puts an entry of the list in question."""
    upheld = objection.state == ObjectionState.UPHELD.value
    found = "经核查成立" if upheld else "在公示期内收到、列入后登记，经核查成立的"
    text = (
        f"{objection}{found}：该单位已列入名单（{entry.source_paper}），不符合“经公示无异议”（第十五条），"
        "须先撤销公布名单的通知，再对该单位办理“异议成立”，其余单位重新列入。"
    )
    bureau = [
        name for role in (Role.CITY, Role.CITY_LEAD) for name in User.objects.working(role).scalar("username")
    ]
    messages.send_about(objection, f"entry:{objection.version}", bureau, text, now=now)
