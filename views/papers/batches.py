"""Screen of paper batches: preflight, submission, signing, issuing, zip and merged print."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from mongoengine import Document

from app.exchange.uploads import content_disposition
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer, PolicyError
from app.services import papers
from app.services.core import audit
from models.database import transact
from models.papers import PaperBatch
from views import acting, by
from views.panel.flow import FlowView
from views.papers.papers import kind_label


class PaperBatchView(FlowView):
    """Batches of papers of one kind; an interrupted issue resumes with the same numbers."""

    column_list = ("title", "kind", "prepared_name", "prepared_at", "issued_at")
    column_formatters = {"kind": kind_label}
    column_default_sort = ("id", True)
    form_columns = ("title",)
    detail_groups = (("批次", ("title", "kind", "prepared_name", "prepared_at", "issued_at")),)

    def search_placeholder(self) -> str:
        return "批次名称"

    def get_empty_list_message(self) -> str:
        return "还没有成批公文：在“公文”列表勾选同一种拟稿，点“成批办理”。"

    @property
    def can_create(self) -> bool:
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    # --- one batch --------------------------------------------------------------------------------------

    def offers(self, record: Document) -> list[Offer]:
        return papers.batch_offers(record, actor=acting())

    @expose("/step/", methods=("POST",))
    def step_view(self) -> Any:
        """Take one act and show its result for every paper; issuing shows a preflight first."""
        record = self.get_one(request.form.get("id"))
        action = request.form.get("action", "")
        if action not in {offer.action for offer in self.offers(record)}:
            flash("当前状态不能办理这一步，请刷新后查看。", "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        if action == "issue" and not request.form.get("confirm"):
            return self._preflight(record)
        try:
            results = VERBS[action](record, by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        return self._result(record, results)

    def take(self, record: Document, action: str, version: int) -> str | None:
        raise NotAllowed("请从批次页面办理。")

    def _preflight(self, record: PaperBatch) -> str:
        judged = papers.preflight_batch(record, acting())
        return self.render(
            "ui/preflight.html",
            title=f"成批编号印发：{record.title}",
            label="编号印发",
            headers=("主送或单位", "状态"),
            post_url=self.get_url(".step_view"),
            back_url=self.get_url(".details_view", id=record.pk),
            rows=[
                {
                    "id": paper.pk,
                    "label": paper.title,
                    "url": _url(paper),
                    "ok": not why,
                    "why": why,
                    "facts": (papers.recipient_of(paper), paper.get_state_display()),
                }
                for paper, why in judged
            ],
            hidden=[("id", str(record.pk)), ("action", "issue")],
            note="文号按下表顺序连续取用；办理中断后重新打开本批次续办，已取的文号不变。",
        )

    def _result(self, record: PaperBatch, results: papers.RowResults) -> Any:
        now = {paper.pk: paper for paper in papers.papers_of(record)}
        lines = [
            (
                f"{paper.title}（{papers.recipient_of(paper)}）",
                _url(paper),
                not why,
                why or now[paper.pk].number_text or "",
            )
            for paper, why in results
        ]
        return self.tell_lines(
            f"办理结果：{record.title}", lines, self.get_url(".details_view", id=record.pk)
        )

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        rows = papers.papers_of(record)
        context["header_facts"] = [(label, f"{count} 份") for label, count in papers.batch_figures(record)]
        if record.issuing_by:
            context["header_facts"].append(
                ("进度", "印发中；如已中断，一分钟内自动续办，也可再次点“编号印发”")
            )
        context["tables"] = [
            (
                "公文",
                ("序号", "标题", "主送或单位", "文号", "状态"),
                [_row(*numbered) for numbered in enumerate(rows, start=1)],
            )
        ]
        if any(paper.attachment_id for paper in rows) and self.may("export"):
            context["extra_links"] = [
                ("打包下载", self.get_url(".zip_file", id=record.pk), "fa-file-archive-o"),
                ("合并打印", self.get_url(".merged_file", id=record.pk), "fa-print"),
            ]
        return context

    @expose("/letters.zip")
    def zip_file(self) -> Any:
        return self._file(papers.zip_batch, "zip", "application/zip")

    @expose("/letters.docx")
    def merged_file(self) -> Any:
        return self._file(papers.merge_batch, "docx", papers.DOCX_MIME)

    def _file(self, make: Callable[[PaperBatch], bytes], extension: str, mime: str) -> Any:
        record = self.get_one(request.args.get("id"))
        if not self.may("export"):
            abort(403)
        try:
            content = make(record)
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        transact(lambda: audit.record(Verb.EXPORT, by=by(), subject=record, reason=extension))
        headers = {"Content-Disposition": content_disposition(f"{record.title}.{extension}")}
        return Response(content, mimetype=mime, headers=headers)


VERBS = {"submit": papers.submit_all, "sign": papers.sign_all, "issue": papers.issue_all}


def _url(paper: Any) -> str:
    return url_for("paper.details_view", id=paper.pk)


def _row(number: int, paper: Any) -> tuple[Any, ...]:
    link = Markup('<a href="{}">{}</a>').format(_url(paper), paper.title)
    return number, link, papers.recipient_of(paper), paper.number_text or "", paper.get_state_display()
