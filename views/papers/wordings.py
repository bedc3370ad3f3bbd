"""Screen of wording and skeletons: edit, try, approve by a second person, history, restore."""

from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin import expose
from markupsafe import Markup
from mongoengine import Document

from app import documents
from app.exchange.uploads import content_disposition
from app.policy import papers as catalogue
from app.policy.flow import NotAllowed, Offer, PolicyError
from app.policy.terms import ProposalState
from app.services import papers
from models.papers import Wording
from views import acting, by
from views.panel import formats
from views.panel.actions import Action
from views.panel.filters import Choice
from views.panel.flow import FlowView
from views.panel.step_inputs import text
from views.papers import previews


def _target(view: Any, context: Any, model: Any, name: str) -> str:
    return papers.template_targets().get(model.target, model.target)


class WordingView(FlowView):
    """Versions of wording and skeletons; every version is kept and can be restored."""

    column_list = ("target", "note", "state", "prepared_name", "prepared_at", "decided_name", "decided_at")
    column_formatters = {"target": _target, "state": formats.label(ProposalState)}
    column_default_sort = ("id", True)
    column_filters = (Choice("target", "对象", lambda: list(papers.template_targets().items())),)
    tab_field = "state"
    actions = {
        "approve": Action(
            papers.approve_wording,
            {"answer": text("answer")},
            done="已批准，从现在起未审签的公文使用这一版；已审签和已印发的不变。",
        ),
        "send_back": Action(papers.send_back_wording, {"answer": text("reason")}, done="已退回。"),
        "restore": Action(papers.restore_wording, {"note": text("reason")}, done="已送审批。"),
    }
    form_columns = ("note",)
    detail_groups = (
        ("版本", ("target", "note", "state", "prepared_name", "prepared_at")),
        ("审批", ("decided_name", "decided_at", "answer")),
    )
    list_template = "ui/wordings.html"

    def may_edit(self, record: Document) -> bool:
        return False

    def get_empty_list_message(self) -> str:
        return "还没有修改过：全部使用系统自带的用语和模板。"

    def _list_context(self, context: dict[str, Any]) -> dict[str, Any]:
        return super()._list_context(context) | {
            "targets": [self._line(*target) for target in papers.template_targets().items()]
        }

    def _line(self, target: str, label: str) -> tuple[str, str, str, str]:
        own = papers.wording_version_in_force(target)
        since = (
            f"{own.decided_at:%Y-%m-%d}起，{own.prepared_name}拟办、{own.decided_name}批准"
            if own
            else "系统自带"
        )
        url = self.get_url(".create_view", target=target) if self.can_create else ""
        return label, target, since, url

    # --- a new version ----------------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not self.can_create:
            abort(403)
        target = request.args.get("target", "")
        if not target:
            return self.index_view()
        if target not in papers.template_targets():
            abort(404)
        return self._skeleton(target) if target.startswith(papers.SKELETON_PREFIX) else self._wording(target)

    def _wording(self, kind: str) -> Any:
        text = request.form.get("text") or papers.wording_in_force(kind)
        trial = None
        if request.method == "POST":
            try:
                if request.form.get("shipped"):
                    return self._kept(papers.restore_shipped_wording(kind, _note(), by=by()))
                if not request.form.get("try"):
                    return self._kept(papers.propose_wording(kind, text, _note(), by=by()))
                trial = papers.try_wording(kind, text)
                flash(f"试排完成：版式检查 {len(trial.checks)} 项，{len(trial.faults)} 项不符合。", "info")
            except PolicyError as refusal:
                flash(str(refusal), "error")
        return self.render(
            "ui/wording.html",
            title=f"修改用语：{catalogue.KINDS[kind].label}",
            text=text,
            version=None,
            note_asked=True,
            note=_note(),
            placeholders=documents.placeholders(kind),
            cases=documents.cases(kind),
            save_label="送审批",
            back_url=self.get_url(".index_view"),
            checks=trial.faults if trial else None,
            can_try=True,
            specimen=documents.text_of(trial.content) if trial else "",
        )

    def _skeleton(self, target: str) -> Any:
        if request.method == "POST":
            try:
                if request.form.get("shipped"):
                    return self._kept(papers.restore_shipped_wording(target, _note(), by=by()))
                posted = request.files.get("file")
                if posted is None or not posted.filename:
                    raise NotAllowed("请选择模板文件（.docx）。")
                upload, family = (
                    (posted.filename, posted.read()),
                    target.removeprefix(papers.SKELETON_PREFIX),
                )
                return self._kept(papers.propose_skeleton(family, upload, _note(), by=by()))
            except PolicyError as refusal:
                flash(str(refusal), "error")
        return self.render(
            "ui/ask.html",
            title=f"更换{papers.template_targets()[target]}",
            label="送审批",
            back_url=self.get_url(".index_view"),
            intro="在系统提供的模板上修改：页面设置和样式名称须保留，文字由用语生成。不得含宏、外部链接和嵌入对象。",
            links=[("下载现行模板", self.get_url(".skeleton_file", target=target))],
            fields=[
                {"name": "file", "label": "模板文件（.docx）", "type": "file", "required": False},
                {"name": "note", "label": "修改理由", "type": "textarea", "required": True, "value": _note()},
                {"name": "shipped", "label": "恢复系统自带的模板（不必上传文件）", "type": "checkbox"},
            ],
        )

    def _kept(self, version: Wording) -> Any:
        flash("已送审批；批准之前仍用现行版本。", "success")
        return redirect(self.get_url(".details_view", id=version.pk))

    @expose("/skeleton.docx")
    def skeleton_file(self) -> Response:
        """Send the skeleton in force, to be restyled in Word or WPS."""
        target = request.args.get("target", "")
        if (
            not self.can_create
            or target not in papers.template_targets()
            or not target.startswith(papers.SKELETON_PREFIX)
        ):
            abort(404)
        content = papers.skeleton_in_force(target.removeprefix(papers.SKELETON_PREFIX))
        headers = {"Content-Disposition": content_disposition(f"{papers.template_targets()[target]}.docx")}
        return Response(content, mimetype=papers.DOCX_MIME, headers=headers)

    # --- one version ------------------------------------------------------------------------------------

    def offers(self, record: Document) -> list[Offer]:
        return papers.wording_offers(record, actor=acting())

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        context["title"] = f"{papers.template_targets().get(record.target, record.target)}：{record.note}"
        try:
            trial = papers.trial_of(record)
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return context
        url = {form: self.get_url(".specimen", id=record.pk, format=form) for form in previews.MIMES}
        preview = url["pdf"] if documents.available() else ""
        context["files"] = [("样稿（docx）", url["docx"], "虚构内容", "", preview)]
        rows = [
            (check.clause, check.name, check.expected, check.found, check.where) for check in trial.faults
        ]
        verdict = f"版式检查：共 {len(trial.checks)} 项，{len(rows)} 项不符合"
        context["tables"] = [(verdict, ("条款", "项目", "要求", "实际", "位置"), rows)] if rows else []
        if changed := papers.wording_changes(record):
            context["tables"] = [("改动", ("改动", "文字"), changed), *context["tables"]]
        context["header_facts"] = [
            ("版式检查", f"{len(trial.checks)} 项，{'全部符合' if not rows else f'{len(rows)} 项不符合'}")
        ]
        if record.text:
            context["groups"].append(
                ("用语", [("全文", Markup('<div class="prewrap">{}</div>').format(record.text))])
            )
        context["related"] = [("历史版本", self._history(record))]
        return context

    def _history(self, record: Wording) -> list[tuple[str, str, str]]:
        return [
            (
                version.note,
                self.get_url(".details_view", id=version.pk),
                f"{version.prepared_at:%Y-%m-%d} {version.get_state_display()}",
            )
            for version in papers.wording_versions(record.target, by=by())
        ]

    @expose("/specimen/")
    def specimen(self) -> Any:
        """Send the specimen built with this version as Word, PDF or picture of a page."""
        record = self.get_one(request.args.get("id"))
        form = request.args.get("format", "docx")
        if form not in previews.MIMES:
            abort(404)
        try:
            content = previews.converted(papers.trial_of(record).content, form)
        except (PolicyError, documents.PreviewError) as refusal:
            return previews.refused(str(refusal), form, self.get_url(".details_view", id=record.pk))
        return previews.response(content, form, "样稿")


def _note() -> str:
    return request.form.get("note", "")
