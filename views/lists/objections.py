"""异议：登记在申报上，可交县级核查，写明结论和理由办结（第十五条）。"""

from typing import Any

from flask import abort, flash, request
from flask_admin import expose
from mongoengine import Document

from app.policy.flow import Offer, PolicyError
from app.policy.terms import ObjectionState
from app.services import lists
from models.lists import Objection
from views import acting, by
from views.panel import formats, step_inputs
from views.panel.filters import Choice, Year
from views.panel.flow import FlowView


class ObjectionView(FlowView):
    """异议：市局登记和办结；交县级核查后，县级才看得到，并答复核查情况。"""

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
        ("办结", ("state", "answer", "answered_at")),
    )
    help_articles = (15,)

    @property
    def can_create(self) -> bool:
        """Objections are taken down on the application that they are about."""
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    def offers(self, record: Document) -> list[Offer]:
        return lists.objection_offers(record, actor=acting())

    def take(self, record: Document, action: str, version: int) -> str | None:
        who: dict[str, Any] = {"version": version, "by": by()}
        if action == "hand_over":
            lists.hand_over_objection(
                record, request.form.get("question", ""), step_inputs.posted_day("due", "答复期限"), **who
            )
            return "已交县级核查。"
        if action == "report":
            lists.answer_inquiry(record, request.form.get("reason", ""), **who)
            return "已答复市局。"
        if action not in dict(ObjectionState.choices()):
            abort(404)
        lists.settle_objection(record, ObjectionState(action), request.form.get("reason", ""), **who)
        return "异议已办结。"

    @expose("/step/", methods=("POST",))
    def step_view(self) -> Any:
        """Who objects is shown in the answer itself: it is kept in no message and no session."""
        if request.form.get("action") != "unmask":
            return super().step_view()
        record = self.get_one(request.form.get("id"))
        context = self.detail_context(record)
        try:
            reason = request.form.get("reason", "")
            seen = lists.unmask_objector(record, reason, by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
        else:
            context["header_facts"] = [("异议人", seen.name), ("联系方式", seen.phone)]
        return self.render(self.details_template, **context)

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        asked = [_line(self, record, number) for number in range(len(record.inquiries))]
        if asked:
            headings = ("请核查的事项", "答复期限", "交办", "核查情况", "答复")
            context["tables"] = [("交县级核查", headings, asked)]
        return context


def _line(view: ObjectionView, record: Objection, number: int) -> tuple[Any, ...]:
    one = record.inquiries[number]
    asked = f"{one.asked_name}，{formats.shown(view, one.asked_at, 'asked_at')}"
    if not one.answer:
        return one.question, one.due, asked, "尚未答复", ""
    return (
        one.question,
        one.due,
        asked,
        one.answer,
        f"{one.answered_name}，{formats.shown(view, one.answered_at, '')}",
    )
