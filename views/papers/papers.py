"""公文：拟制、预览、送签、审签、编号印发、更正和撤销；编号只来自登记簿。"""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from mongoengine import Document

from app import clock, documents
from app.documents import checks
from app.documents.output import pictures
from app.exchange.uploads import content_disposition
from app.policy import papers as catalogue
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import PaperState
from app.services import papers
from app.services.core import audit, scope
from models.database import transact
from models.lists import Listing
from models.papers import Paper, PaperBatch
from models.registry.units import Unit
from views import acting, by
from views.panel import editing, formats
from views.panel.batches import chosen
from views.panel.fields import ScopedLoader
from views.panel.filters import Choice, Year
from views.panel.flow import FlowView
from views.papers import acts, previews
from views.papers import form as paper_form


def kind_label(view: Any, context: Any, model: Any, name: str) -> str:
    return catalogue.KINDS[model.kind].label


class PaperView(FlowView):
    """公文：拟稿、审签、印发；印发后内容、文号和校验值不再改变。"""

    column_list = ("title", "kind", "number_text", "state", "drafted_name", "signed_name", "issued_on")
    column_formatters = {"kind": kind_label, "state": formats.label(PaperState)}
    column_default_sort = ("id", True)
    column_filters = (
        Year("year", "年度"),
        Choice("state", "状态", PaperState.choices()),
        Choice("kind", "种类", lambda: [(one.code, one.label) for one in catalogue.KINDS.values()]),
    )
    tab_field = "state"
    form_columns = ("title",)
    lookups = {"unit_ids": Unit}
    detail_groups = (
        ("公文", ("title", "kind", "number_text", "year", "state")),
        ("办理", ("drafted_name", "signed_name", "signed_at", "issued_on")),
        ("校验", ("verification", "sha256", "replaced_number")),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._form_ajax_refs = {
            **self._form_ajax_refs,
            "entries": ScopedLoader("entries", Listing, in_force=True),
        }

    def search_placeholder(self) -> str:
        return "标题、文号"

    # --- drafting ---------------------------------------------------------------------------------------

    @property
    def can_create(self) -> bool:
        return self.may("create") and papers.may_draft(acting())

    def may_edit(self, record: Document) -> bool:
        return self.can_edit and bool(papers.may_draft(acting()) and record.open and not record.decision_id)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not self.can_create:
            abort(403)
        kinds = {kind.code: kind for kind in papers.draftable_kinds(acting())}
        kind = request.args.get("kind", "")
        if not kind:
            return self.render(
                "ui/paper_kinds.html", title="拟制公文", kinds=list(kinds.values()), families=FAMILIES
            )
        if kind not in kinds:
            abort(404)
        form = paper_form.make(self, kind)
        if request.method == "POST":
            try:
                made = papers.compose(
                    kind,
                    paper_form.inputs_of(kind, form),
                    **paper_form.addressed_of(form),
                    by=by(),
                )
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                return self._saved(made)
        return self._form(f"拟制：{kinds[kind].label}", kind, form, None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        record = self.get_one(request.args.get("id"))
        if not self.can_edit:
            abort(403)
        if not self.may_edit(record):
            flash("当前状态不能修改这份公文。", "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        known = {"areas": record.areas, "unit_ids": record.unit_ids}
        form = paper_form.make(self, record.kind, papers.current_inputs(record, now=clock.now()), known)
        if request.method == "POST":
            try:
                inputs, addressed = paper_form.inputs_of(record.kind, form), paper_form.addressed_of(form)
                version = editing.posted_version()
                made = papers.edit(record, inputs, version=version, addressed=addressed, by=by())
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                return self._saved(made)
        return self._form(f"修改：{record.title}", record.kind, form, record)

    def _saved(self, paper: Paper) -> Any:
        missing = papers.missing_placeholders(paper, papers.current_inputs(paper, now=clock.now()))
        flash(
            "已保存拟稿。"
            + (
                f"还有未填写的内容：{'、'.join(missing)}；补齐后才能送签。" if missing else "可以预览、送签。"
            ),
            "success",
        )
        return redirect(self.get_url(".details_view", id=paper.pk))

    def _form(self, title: str, kind: str, form: Any, record: Paper | None) -> str:
        back = self.get_url(".details_view", id=record.pk) if record else self.get_url(".create_view")
        return self.render(
            "ui/form.html",
            title=title,
            return_url=back,
            version=record.version if record else None,
            can_create=False,
            form_note="占位内容由下列各项填入；用语可在公文页“修改用语”中调整。",
            **paper_form.context(kind, form),
        )

    @expose("/reword/", methods=("GET", "POST"))
    def reword_view(self) -> Any:
        """This paper's own wording, until it is signed."""
        record = self.get_one(request.args.get("id"))
        if not (self.can_edit and papers.may_draft(acting()) and record.open):
            abort(403)
        text = request.form.get("text") or papers.wording_of(record)
        if request.method == "POST":
            try:
                papers.reword(record, text, version=editing.posted_version(), by=by())
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                flash("已修改本件用语。", "success")
                return redirect(self.get_url(".details_view", id=record.pk))
        return self.render(
            "ui/wording.html",
            title=f"修改用语：{record.title}",
            text=text,
            version=record.version,
            note_asked=False,
            placeholders=documents.placeholders(record.kind),
            save_label="保存本件用语",
            back_url=self.get_url(".details_view", id=record.pk),
            cases=documents.cases(record.kind),
        )

    # --- preview and checks -----------------------------------------------------------------------------

    @expose("/draft/")
    def draft(self) -> Any:
        """The draft as it would be issued now, or the frozen file: Word, PDF, or one page as a picture."""
        record = self._previewed()
        form = request.args.get("format", "docx")
        if form not in MIMES:
            abort(404)
        try:
            content = papers.current_docx(record, now=clock.now())
            shown = content if form == "docx" else previews.pdf(content)
            shown = (
                pictures.page_png(shown, max(request.args.get("page", 1, type=int), 1))
                if form == "png"
                else shown
            )
        except (documents.PreviewError, PolicyError) as refusal:
            return previews.refused(str(refusal), form, self.get_url(".details_view", id=record.pk))
        if record.attachment_id and form != "png":  # a page of the preview is no copy of the paper
            transact(lambda: audit.record(Verb.DOWNLOAD, by=by(), subject=record))
        name = f"{'' if record.attachment_id else '拟稿-'}{record.number_text or ''}{record.title}.{form}"
        disposition = content_disposition(name)
        headers = {
            "Content-Disposition": disposition
            if form == "docx"
            else disposition.replace("attachment", "inline", 1)
        }
        return Response(shown, mimetype=MIMES[form], headers=headers)

    @expose("/checks/")
    def checks_view(self) -> Any:
        """The layout checks of a paper, with its pages as pictures where LibreOffice is installed."""
        record = self._previewed()
        pages = 0
        try:
            content = papers.current_docx(record, now=clock.now())
            pdf = previews.pdf(content) if documents.available() else None
            pages = pictures.page_count(pdf) if pdf else 0
        except documents.PreviewError as refusal:
            flash(str(refusal), "error")
            pdf = None
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        found = checks.check(content, kind_family=catalogue.KINDS[record.kind].family, pdf=pdf)
        return self.render(
            "ui/paper_checks.html",
            title=f"预览与版式检查：{record.title}",
            checks=found,
            pages=[
                self.get_url(".draft", id=record.pk, format="png", page=page) for page in range(1, pages + 1)
            ],
            back_url=self.get_url(".details_view", id=record.pk),
            wrong=sum(not check.ok for check in found),
        )

    def _previewed(self) -> Paper:
        """A draft is seen by those who prepare and sign; what is issued by everybody who has it."""
        record = self.get_one(request.args.get("id"))
        if not record.attachment_id and not self.may("export"):
            abort(404)
        return record

    # --- steps ------------------------------------------------------------------------------------------

    def offers(self, record: Document) -> list[Any]:
        return papers.paper_offers(record, actor=acting())

    def take(self, record: Document, action: str, version: int) -> str | None:
        if action not in {offer.action for offer in self.offers(record)}:
            raise NotAllowed("当前状态不能办理这一步，请刷新后查看。")
        return acts.ACTS[action](record, version)

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        context["files"] = self._files(record)
        context["related"] = self._related(record)
        context["extra_links"] = self._links(record)
        for button in context["buttons"]:
            if button["action"] in ("issue", "take_number") and (
                kept := papers.free_reserved(record.series, record.year)
            ):
                choices = [(str(number.pk), f"{number.text}（{number.purpose}）") for number in kept]
                button["fields"] = [
                    {
                        "name": "kept",
                        "label": "使用预留文号",
                        "choices": choices,
                        "help": "不选则取下一个号。",
                    }
                ]
        return context

    def _links(self, record: Paper) -> list[tuple[str, str, str]]:
        links = []
        if record.attachment_id or self.may("export"):
            links.append(("预览与版式检查", self.get_url(".checks_view", id=record.pk), "fa-eye"))
        if self.can_edit and papers.may_draft(acting()) and record.open:
            links.append(("修改用语", self.get_url(".reword_view", id=record.pk), "fa-font"))
        return links

    def _files(self, record: Paper) -> list[tuple[str, ...]]:
        if not record.attachment_id and not self.may("export"):
            return []
        docx, pdf = (self.get_url(".draft", id=record.pk, format=form) for form in ("docx", "pdf"))
        held = papers.number_of(record)
        name = f"{record.number_text or ''}{record.title}.docx" if record.attachment_id else "拟稿（docx）"
        note = (
            ""
            if record.attachment_id
            else ("定稿已上传" if record.final_id else held.text if held else "未编号")
        )
        return [(name, docx, note, record.sha256 or "", pdf if documents.available() else "")]

    def _related(self, record: Paper) -> list[Any]:
        groups = []
        if record.decision_id and self.may("export"):
            groups.append(("依据", [("审批单", url_for("decision.details_view", id=record.decision_id), "")]))
        if record.batch_id and self.may("export"):
            batch = scope.find(by(), PaperBatch, record.batch_id)
            groups.append(
                ("批次", [(str(batch), url_for("paperbatch.details_view", id=record.batch_id), "")])
            )
        keys = [key for key in (record.corrects_id, record.replaced_by) if key]
        seen = [self.get_query().filter(pk=key).first() for key in keys]
        links = [
            (str(one), self.get_url(".details_view", id=one.pk), one.get_state_display())
            for one in seen
            if one
        ]
        return [*groups, ("更正关系", links)] if links else groups

    # --- many at once -----------------------------------------------------------------------------------

    def batch_actions(self) -> list[tuple[str, str]]:
        return [("gather", "成批办理")] if papers.may_draft(acting()) else []

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        if request.form.get("action") not in dict(self.batch_actions()):
            abort(404)
        try:
            batch = papers.gather_batch(chosen(self), "", by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".index_view"))
        flash("已建立批次。", "success")
        return redirect(url_for("paperbatch.details_view", id=batch.pk))


MIMES = {"docx": papers.DOCX_MIME, "pdf": "application/pdf", "png": "image/png"}
FAMILIES = {"red_head": "文件", "letter": "信函", "plain": "无文头"}
