"""审批单：市局拟办，审签人批准或退回；批准后逐条再核，结果逐条留存。"""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from mongoengine import Document

from app import clock
from app.policy.flow import Offer, PolicyError
from app.policy.terms import DecisionState
from app.services.core import decisions
from app.services.core.by import By
from models.decisions import Decision
from views import acting, by
from views.panel import formats, list_context
from views.panel.filters import Choice, From, Until, Year
from views.panel.flow import FlowView

RESULTS = {"": "待审签", "done": "已办理", "refused": "未办理"}


class DecisionView(FlowView):
    """审批单：四眼原则，拟办人不能审签自己拟办的事项。"""

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
    form_columns = ("reason",)
    detail_groups = (
        ("审批单", ("number", "label", "reason", "prepared_name", "prepared_at")),
        ("审签", ("decided_name", "decided_at", "answer")),
    )

    @property
    def can_create(self) -> bool:
        """Decisions come from the records that they are about, never from an empty form."""
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    @property
    def can_edit(self) -> bool:
        return False

    def offers(self, record: Document) -> list[Offer]:
        return decisions.offers(record, actor=acting())

    def take(self, record: Document, action: str, version: int) -> str | None:
        actor, now = acting(), clock.now()
        if action == "approve":
            answer = request.form.get("answer", "")
            done = decisions.approve(record, answer=answer, by=By(actor, now), seen=version)
            refused = sum(line.result == "refused" for line in done.lines)
            return f"已批准，办理 {len(done.lines) - refused} 条" + (
                f"，未办理 {refused} 条。" if refused else "。"
            )
        if action == "send_back":
            decisions.send_back(record, request.form.get("reason", ""), by=By(actor, now), seen=version)
            return "已退回拟办人。"
        return abort(404)

    def batch_actions(self) -> list[tuple[str, str]]:
        return [("approve", "批准")] if self.may("approve") else []

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        if request.form.get("action") not in dict(self.batch_actions()):
            abort(404)
        try:
            rows = self.chosen()
            results = decisions.approve_many(rows, by=by()) if request.form.get("confirm") else None
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".index_view"))
        return self._preflight(rows) if results is None else self.tell("批量审签结果", results)

    def _preflight(self, rows: list[Decision]) -> str:
        def why(row: Decision) -> str:
            offer = next(iter(self.offers(row)), None)
            return "已经审签。" if offer is None else offer.why

        return self.render(
            "ui/preflight.html",
            title="批量审签",
            label="批准",
            post_url=self.get_url(".action_view"),
            back_url=list_context.came_from(self),
            headers=("事项", "拟办人", "对象"),
            rows=[
                {
                    "id": row.pk,
                    "label": row.number,
                    "url": self.get_url(".details_view", id=row.pk),
                    "ok": not why(row),
                    "why": why(row),
                    "facts": (row.label, row.prepared_name, f"{len(row.lines)} 家"),
                }
                for row in rows
            ],
            hidden=[("action", "approve"), ("url", list_context.came_from(self))],
        )

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        lines = decisions.lines_for(record, acting())
        context["title"] = decisions.title_for(record, acting())
        context["tables"] = [
            (
                "对象",
                ("申报", "县（市、区）", "结果", "说明"),
                [self._line(record.resource, line) for line in lines],
            )
        ]
        if record.paper_id:
            context["related"] = [
                ("公文", [("查看公文", url_for("paper.details_view", id=record.paper_id), "")])
            ]
        return context

    @staticmethod
    def _line(resource: str, line: Any) -> tuple[Any, ...]:
        link = Markup('<a href="{}">{}</a>').format(
            url_for(f"{resource}.details_view", id=line.record_id), line.label
        )
        return (link, formats.area_name(line.area), RESULTS[line.result or ""], line.why or "")
