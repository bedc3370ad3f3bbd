"""Objections 异议: registered on an application, settled with reasons (第十五条)."""

from collections.abc import Iterator
from typing import Any

from flask import flash, request
from flask_admin import expose
from mongoengine import Document

from app.policy.flow import Offer, PolicyError
from app.policy.terms import ObjectionState
from app.services import lists
from models.lists import Objection
from views import acting, by
from views.panel import formats, step_inputs
from views.panel.actions import Action
from views.panel.filters import Choice, Year
from views.panel.flow import FlowView
from views.panel.sections import Table


def _inquiry_rows(view: Any, record: Objection) -> Iterator[tuple[Any, ...]]:
    for inquiry in record.inquiries:
        asked = f"{inquiry.asked_name}，{formats.shown(view, inquiry.asked_at, 'asked_at')}"
        if inquiry.answer:
            answered = f"{inquiry.answered_name}，{formats.shown(view, inquiry.answered_at, '')}"
            yield inquiry.question, inquiry.due, asked, inquiry.answer, answered
        else:
            yield inquiry.question, inquiry.due, asked, "尚未答复", ""


def _proposing(state: ObjectionState) -> Action:
    inputs = {"state": lambda: state, "text": step_inputs.text("reason")}
    return Action(lists.propose_conclusion, inputs, done="结论已拟办，待市局审签；批准之前异议仍未办结。")


class ObjectionView(FlowView):
    """Objections: the city registers them and proposes, its lead settles, a county sees those handed to it."""

    column_list = ("unit_name", "received_on", "matter", "state", "asked_due", "answered_at", "area")
    column_formatters = {"area": formats.area, "state": formats.label(ObjectionState)}
    column_default_sort = ("received_on", True)
    column_filters = (
        Year("year", "年度"),
        Choice("state", "状态", ObjectionState.choices()),
        Choice("area", "县（市、区）", formats.areas),
    )
    tab_field = "state"
    form_columns = ("matter",)
    detail_groups = (
        ("异议", ("unit_name", "area", "received_on", "matter", "objector")),
        ("办结", ("state", "proposal", "answer", "answered_at")),
    )
    help_articles = (15,)
    tables = (Table("交县级核查", ("请核查的事项", "答复期限", "交办", "核查情况", "答复"), _inquiry_rows),)
    actions = {
        "hand_over": Action(
            lists.hand_over_objection,
            {"question": step_inputs.text("question"), "due": step_inputs.day("due", "答复期限")},
            done="已交县级核查。",
        ),
        "report": Action(lists.answer_inquiry, {"text": step_inputs.text("reason")}, done="已答复市局。"),
        ObjectionState.UPHELD.value: _proposing(ObjectionState.UPHELD),
        ObjectionState.REJECTED.value: _proposing(ObjectionState.REJECTED),
        "approve": Action(lists.settle_objection, done="异议已办结。"),
        "return": Action(
            lists.return_conclusion, {"reason": step_inputs.text("reason")}, done="已退回拟办人。"
        ),
    }

    @property
    def can_create(self) -> bool:
        """Return False: objections are registered on the application that they concern."""
        return False

    def may_edit(self, record: Document) -> bool:
        """Return False: an objection changes by its actions only."""
        return False

    def offers(self, record: Document) -> list[Offer]:
        """Return the acts open to the actor."""
        return lists.objection_offers(record, actor=acting())

    @expose("/step/", methods=("POST",))
    def step_view(self) -> Any:
        """Take an action; the objector is shown in the answer itself, stored in no message and no session."""
        if request.form.get("action") != "unmask":
            return super().step_view()
        record = self.get_one(request.form.get("id"))
        context = self.detail_context(record)
        try:
            reason = request.form.get("reason", "")
            objector = lists.unmask_objector(record, reason, by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
        else:
            context["header_facts"] = [("异议人", objector.name), ("联系方式", objector.phone)]
        return self.render(self.details_template, **context)
