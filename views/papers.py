"""公文与文号登记：预览、下载、验证码；编号只来自登记簿。"""

from typing import Any

from flask import Response, abort, request, url_for
from flask_admin import expose
from mongoengine import Document

from app import clock, documents
from app.exchange.uploads import content_disposition
from app.policy import papers as catalogue
from app.policy.flow import Offer
from app.policy.terms import NumberState, PaperState
from app.services import issuing, numbers, papers
from models.applications import Application
from models.decisions import Decision
from models.papers import Paper
from views import acting, formats
from views.filters import Choice, Year
from views.flow import FlowView
from views.listing import Published


def _kind(view: Any, context: Any, model: Paper, name: str) -> str:
    return catalogue.KINDS[model.kind].label


class PaperView(Published):
    """公文：拟稿、审签、印发；印发后内容、文号和校验值不再改变。"""

    icon = "fa-file-word-o"
    column_list = ("title", "kind", "number_text", "state", "drafted_name", "signed_name", "issued_on")
    column_formatters = {"kind": _kind, "state": formats.label(PaperState)}
    column_default_sort = ("id", True)
    column_filters = (
        Year("year", "年度"),
        Choice("state", "状态", PaperState.choices()),
        Choice("kind", "种类", lambda: [(one.code, one.label) for one in catalogue.KINDS.values()]),
    )
    tab_field = "state"
    form_columns = ("title",)
    detail_groups = (
        ("公文", ("title", "kind", "number_text", "year", "state")),
        ("办理", ("drafted_name", "signed_name", "signed_at", "issued_on")),
        ("校验", ("verification", "sha256")),
    )

    def search_placeholder(self) -> str:
        return "标题、文号"

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        if record.state in (PaperState.DRAFTED.value, PaperState.SIGNED.value):
            context["files"] = [("预览拟稿（docx）", url_for(".draft", id=record.pk), "", "")]
        if record.decision_id and self.may("export"):
            context["related"] = [
                ("依据", [("审批单", url_for("decision.details_view", id=record.decision_id), "")])
            ]
        return context

    @expose("/draft/")
    def draft(self) -> Response:
        """The draft as it would be issued now, without number; for those who prepare and sign."""
        record = self.get_one(request.args.get("id"))
        if record.attachment_id or not self.may("export"):
            abort(404)
        decision = Decision.objects.get(pk=record.decision_id)
        rows = [line.record_id for line in decision.lines if line.result != "refused"]
        made = issuing.inputs(record.kind, decision, list(Application.objects(pk__in=rows)), now=clock.now())
        content = documents.build(record.kind, made, verification=None)
        headers = {"Content-Disposition": content_disposition(f"拟稿-{record.title}.docx")}
        return Response(content, mimetype=papers.DOCX, headers=headers)


class NumberView(FlowView):
    """文号登记：预留、使用、作废，一个不漏。"""

    icon = "fa-hashtag"
    column_list = ("text", "title", "state", "reserved_at", "settled_at", "reason")
    column_formatters = {"state": formats.label(NumberState)}
    column_default_sort = [("year", True), ("number", True)]
    column_filters = (Year("year", "年度"), Choice("state", "状态", NumberState.choices()))
    tab_field = "state"
    form_columns = ("reason",)
    detail_groups = (("文号", ("text", "title", "state", "reserved_at", "settled_at", "reason")),)

    @property
    def can_create(self) -> bool:
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    def offers(self, record: Document) -> list[Offer]:
        return numbers.offers(record, actor=acting())

    def take(self, record: Document, action: str, version: int) -> str | None:
        if action != "void":
            abort(404)
        numbers.void(record, request.form.get("reason", ""), actor=acting(), now=clock.now())
        return f"{record.text} 已作废。"
