"""Papers: draft, preview, submit, sign, number and issue, correct and revoke; numbers come from the register only."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from mongoengine import Document

from app import clock, documents
from app.documents import checks
from app.documents.output import pictures
from app.policy import papers as catalogue
from app.policy.audit import Verb
from app.policy.flow import NotAllowed, Offer, PolicyError
from app.policy.terms import PaperState
from app.services import papers
from app.services.core import audit
from models.database import transact
from models.lists import Listing
from models.papers import Paper
from models.registry.units import Unit
from views import acting, by
from views.panel import editing, formats
from views.panel.batches import Batch
from views.panel.fields import ScopedLoader
from views.panel.filters import Choice, Year
from views.panel.flow import FlowView
from views.papers import acts, paper_page, previews
from views.papers import form as paper_form

FAMILIES = {"red_head": "文件", "letter": "信函", "plain": "无文头"}


def kind_label(view: Any, context: Any, model: Any, name: str) -> str:
    return catalogue.KINDS[model.kind].label


def _gather(view: Any, rows: list[Paper]) -> Any:
    batch = papers.gather_batch(rows, "", by=by())
    flash("已建立批次。", "success")
    return redirect(url_for("paperbatch.details_view", id=batch.pk))


class PaperView(FlowView):
    """Papers, drafted, signed and issued; content, number and digest of an issued one never change."""

    column_list = ("title", "kind", "number_text", "state", "drafted_name", "signed_name", "issued_on")
    column_formatters = {"kind": kind_label, "state": formats.label(PaperState)}
    column_default_sort = ("id", True)
    column_filters = (
        Year("year", "年度"),
        Choice("state", "状态", PaperState.choices()),
        Choice("kind", "种类", lambda: [(kind.code, kind.label) for kind in catalogue.KINDS.values()]),
    )
    tab_field = "state"
    form_columns = ("title",)
    lookups = {"unit_ids": Unit}
    detail_groups = (
        ("公文", ("title", "kind", "number_text", "year", "state")),
        ("办理", ("drafted_name", "signed_name", "signed_at", "issued_on")),
        ("校验", ("verification", "sha256", "replaced_number")),
    )
    related = paper_page.RELATED
    page_links = paper_page.PAGE_LINKS
    actions = acts.ACTIONS
    batches = {"gather": Batch(run=_gather)}

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
                inputs, addressed = paper_form.inputs_of(kind, form), paper_form.addressed_of(form)
                paper = papers.compose(kind, inputs, **addressed, by=by())
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                return self._saved(paper)
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
                paper = papers.edit(record, inputs, version=version, addressed=addressed, by=by())
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                return self._saved(paper)
        return self._form(f"修改：{record.title}", record.kind, form, record)

    def _saved(self, paper: Paper) -> Any:
        missing = papers.missing_placeholders(paper, papers.current_inputs(paper, now=clock.now()))
        still = f"还有未填写的内容：{'、'.join(missing)}；补齐后才能送签。" if missing else "可以预览、送签。"
        flash(f"已保存拟稿。{still}", "success")
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
        """Show this paper's own wording, or change it; possible until it is signed."""
        record = self.get_one(request.args.get("id"))
        if not paper_page.may_reword(self, record):
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
        """Send the draft as it would be issued now, or the frozen file: Word, PDF, or one page as a picture."""
        record = self._readable()
        form = request.args.get("format", "docx")
        if form not in previews.MIMES:
            abort(404)
        try:
            content = previews.converted(papers.current_docx(record, now=clock.now()), form)
        except (documents.PreviewError, PolicyError) as refusal:
            return previews.refused(str(refusal), form, self.get_url(".details_view", id=record.pk))
        if record.attachment_id and form != "png":  # a page of the preview is no copy of the paper
            transact(lambda: audit.record(Verb.DOWNLOAD, by=by(), subject=record))
        name = f"{'' if record.attachment_id else '拟稿-'}{record.number_text or ''}{record.title}"
        return previews.response(content, form, name)

    @expose("/checks/")
    def checks_view(self) -> Any:
        """Show the layout checks of a paper, with its pages as pictures where LibreOffice is installed."""
        record = self._readable()
        pdf, page_count = None, 0
        try:
            content = papers.current_docx(record, now=clock.now())
            pdf = previews.pdf(content) if documents.available() else None
            page_count = pictures.page_count(pdf) if pdf else 0
        except documents.PreviewError as refusal:
            flash(str(refusal), "error")
            pdf = None
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        results = checks.check(content, kind_family=catalogue.KINDS[record.kind].family, pdf=pdf)
        pages = range(1, page_count + 1)
        return self.render(
            "ui/paper_checks.html",
            title=f"预览与版式检查：{record.title}",
            checks=results,
            pages=[self.get_url(".draft", id=record.pk, format="png", page=page) for page in pages],
            back_url=self.get_url(".details_view", id=record.pk),
            wrong=sum(not check.ok for check in results),
        )

    def _readable(self) -> Paper:
        record = self.get_one(request.args.get("id"))
        return record if paper_page.may_preview(self, record) else abort(404)

    # --- steps ------------------------------------------------------------------------------------------

    def offers(self, record: Document) -> list[Offer]:
        return papers.paper_offers(record, actor=acting())

    def take(self, record: Document, action: str, version: int) -> str:
        if action not in {offer.action for offer in self.offers(record)}:
            raise NotAllowed("当前状态不能办理这一步，请刷新后查看。")
        return super().take(record, action, version)

    def inputs_of(self, record: Document, offer: Offer) -> list[dict[str, Any]]:
        takes_number = offer.action in ("issue", "take_number")
        numbers = paper_page.reserved_number_input(record) if takes_number else []
        return numbers or super().inputs_of(record, offer)

    def detail_context(self, record: Document) -> dict[str, Any]:
        return super().detail_context(record) | {"files": paper_page.files(self, record)}

    def batch_actions(self) -> list[tuple[str, str]]:
        return [("gather", "成批办理")] if papers.may_draft(acting()) else []
