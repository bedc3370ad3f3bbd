"""Decisions: the bureau prepares, its lead approves or returns, every row is judged again and keeps its result."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from markupsafe import Markup
from mongoengine import Document

from app.policy.flow import Offer
from app.policy.terms import DecisionState
from app.services.core import decisions
from models.decisions import Decision
from views import acting, by
from views.panel import formats, step_inputs
from views.panel.actions import Action
from views.panel.batches import Batch, Verdicts
from views.panel.filters import Choice, From, Until, Year
from views.panel.flow import FlowView
from views.panel.sections import Link, Related, Table

RESULTS = {"": "待审签", "done": "已办理", "refused": "未办理"}


def _outcome(decision: Decision) -> str:
    refused = sum(line.result == "refused" for line in decision.lines)
    done = f"已批准，办理 {len(decision.lines) - refused} 条"
    return f"{done}，未办理 {refused} 条。" if refused else f"{done}。"


def _approve_many(view: Any, rows: list[Decision]) -> Any:
    return view.tell("批量审签结果", decisions.approve_many(rows, by=by()))


def _judge(rows: list[Decision]) -> Verdicts:
    for row in rows:
        offer = next(iter(decisions.offers(row, by=by())), None)
        yield row, "已经审签。" if offer is None else offer.why


def _line_rows(view: Any, record: Decision) -> Iterator[tuple[Any, ...]]:
    for line in decisions.lines_for(record, acting()):
        url = url_for(f"{record.resource}.details_view", id=line.record_id)
        link = Markup('<a href="{}">{}</a>').format(url, line.label)
        yield link, formats.area_name(line.area), RESULTS[line.result or ""], line.why or ""


def _stated_rows(view: Any, record: Decision) -> Iterator[tuple[Any, ...]]:
    yield from decisions.stated_terms(record, by=by())


def _paper_link(view: Any, record: Decision) -> Iterator[Link]:
    if record.paper_id:
        yield Link("查看公文", url_for("paper.details_view", id=record.paper_id))


class DecisionView(FlowView):
    """Decisions that one person prepares and another approves or returns."""

    column_list = ("number", "label", "state", "prepared_name", "prepared_at", "decided_name", "decided_at")
    column_formatters = {"state": formats.label(DecisionState)}
    column_default_sort = ("prepared_at", True)
    column_filters = (
        Year("year", "年度"),
        Choice("state", "状态", DecisionState.choices()),
        Choice("action", "事项", decisions.approved_actions),
        From("prepared_at", "拟办日期"),
        Until("prepared_at", "拟办日期"),
    )
    tab_field = "state"
    actions = {
        "approve": Action(decisions.approve, {"answer": step_inputs.text("answer")}, done=_outcome),
        "send_back": Action(
            decisions.send_back, {"answer": step_inputs.text("reason")}, done="已退回拟办人。"
        ),
    }
    batches = {
        "approve": Batch(run=_approve_many, judge=_judge, title="批量审签", label=lambda row: row.number),
    }
    batch_columns = {
        "事项": lambda row: row.label,
        "拟办人": lambda row: row.prepared_name,
        "对象": lambda row: f"{len(row.lines)} 家",
    }
    tables = (
        Table("将载明的日期", ("事项", "内容"), _stated_rows),
        Table("对象", ("申报", "县（市、区）", "结果", "说明"), _line_rows, shown_empty=True),
    )
    related = (Related("公文", (_paper_link,)),)
    form_columns = ("reason",)
    detail_groups = (
        ("审批单", ("number", "label", "reason", "prepared_name", "prepared_at")),
        ("审签", ("decided_name", "decided_at", "answer")),
    )

    @property
    def can_create(self) -> bool:
        """Refuse everybody: decisions come from the records that they are about."""
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    @property
    def can_edit(self) -> bool:
        return False

    def offers(self, record: Document) -> list[Offer]:
        return decisions.offers(record, by=by())

    def batch_actions(self) -> list[tuple[str, str]]:
        return [("approve", "批准")] if self.may("approve") else []

    def detail_context(self, record: Document) -> dict[str, Any]:
        return super().detail_context(record) | {"title": decisions.title_for(record, acting())}
