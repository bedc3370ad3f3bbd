"""Annual reports 年度动态管理表 (第十八条): duty list, filling in, doubts, examination, workbooks, trends."""

from typing import Any

from flask import Response, abort, flash, redirect, request, stream_with_context
from flask_admin import expose
from markupsafe import Markup
from mongoengine import Document, QuerySet

from app import clock
from app.exchange import tables, uploads
from app.policy import deadlines
from app.policy.audit import Verb
from app.policy.filing import industries
from app.policy.flow import Conflict, Offer, PolicyError
from app.policy.reports import duty, steps
from app.policy.terms import Kind, ReportStage
from app.services import reports
from app.services.core import audit, records, rules, workflow
from models.database import transact
from models.registry.units import Unit
from models.reports import AnnualReport
from views import acting, by
from views.panel import editing, exporting, formats, step_inputs
from views.panel.batches import Batch, Verdicts
from views.panel.fields import object_id
from views.panel.filters import Choice, From, Until, Year
from views.panel.flow import FlowView
from views.panel.sections import PageLink
from views.reports import acts as report_acts
from views.reports import doubts, forms, imports, pages, report_page, trends


def _lateness(view: Any, context: Any, model: Any, name: str) -> Any:
    due = deadlines.legal_date(rules.pack(), "annual_report", model.year)
    late = duty.is_late(model.submitted_on, due)
    return Markup('<span class="badge badge-danger">逾期报送</span>') if late else ""


def _industry(view: Any, context: Any, model: Any, name: str) -> str:
    return industries.name(model.industry or "")


class Division(Choice):
    """A division of industries: every class whose code begins with its two digits."""

    def apply(self, query: QuerySet, value: str) -> QuerySet:
        return query.filter(industry__gte=value, industry__lt=f"{value}~")


class AnnualReportView(FlowView):
    """Annual reports, one for each unit, kind and year, whatever the levels of its entries."""

    column_list = ("unit_name", "kind", "area", "industry", "year", "stage", "submitted_on", "late")
    column_labels = {"late": "时限", "submitted_on": "平台提交日期"}
    column_sortable_list = ("unit_name", "year")
    column_default_sort = ("year", True)
    column_formatters = {
        "area": formats.area,
        "kind": formats.words(Kind),
        "stage": formats.label(ReportStage),
        "late": _lateness,
        "industry": _industry,
    }
    column_formatters_detail = column_formatters | {"unit_name": formats.link("unit", "unit_id")}
    tab_field = "stage"
    year_field = "year"
    column_filters = (
        Year("year", "年度"),
        Choice("area", "县（市、区）", formats.areas),
        Choice("kind", "类别", Kind.choices()),
        Choice("stage", "环节", ReportStage.choices()),
        Division("industry", "行业大类", trends.divisions),
        From("submitted_on", "平台提交日期"),
        Until("submitted_on", "平台提交日期"),
    )
    lookups = {"unit_id": Unit}
    form_columns = ("unit_id", "kind", "year")
    form_groups = (("填报对象", form_columns),)
    detail_groups = (
        ("表头", ("unit_name", "credit_code", "kind", "year", "area", "industry")),
        ("管理平台", ("platform_receipt", "submitted_on", "late")),
        ("表头所填（与登记信息核对）", ("stated_name", "stated_address", "stated_boundary")),
    )
    help_articles = (18, 20, 21)
    tables = report_page.TABLES
    related = (report_page.RELATED,)
    page_links = (
        PageLink(
            "说明疑点",
            ".doubts_view",
            "fa-commenting-o",
            when=lambda view, record: view.may_edit(record) and record.findings,
        ),
        PageLink(
            "表格",
            ".template_view",
            "fa-download",
            when=lambda view, record: view.may_edit(record),
            arguments=lambda record: {"kind": record.kind, "year": record.year, "unit": record.unit_id},
        ),
    )
    actions = report_acts.ACTIONS
    batch_columns = {
        "类别": lambda row: Kind(row.kind).label,
        "县（市、区）": lambda row: formats.area_name(row.area),
        "环节": lambda row: ReportStage(row.stage).label,
    }

    # --- list -----------------------------------------------------------------------------------------

    def extra_buttons(self) -> list[dict[str, str]]:
        year = clock.today().year
        buttons = [
            {"url": self.get_url(".owing_view", year=year), "label": "应报清单", "icon": "fa-list-alt"},
            {"url": self.get_url(".trend_view"), "label": "趋势", "icon": "fa-line-chart"},
        ]
        if self.can_create:
            buttons.append({"url": self.get_url(".import_view"), "label": "表格填报", "icon": "fa-upload"})
        if self.can_export:
            buttons.append(
                {
                    "url": self.get_url(".figures_view", **request.args.to_dict()),
                    "label": "导出指标数据",
                    "icon": "fa-table",
                }
            )
        return buttons

    @expose("/owing/")
    def owing_view(self) -> str:
        """Show who owes a report of a year, who has filed it, who is overdue."""
        return pages.owing(self, by())

    @expose("/trend/")
    def trend_view(self) -> str:
        return trends.page(self, by())

    @expose("/figures/")
    def figures_view(self) -> Any:
        """Send every figure of the filtered reports, the derived ones computed; one sheet of one kind."""
        if not self.can_export:
            abort(403)
        arguments = self._get_list_extra_args()
        headers, rows = pages.figures(self.filtered(arguments.search, arguments.filters))
        transact(lambda: audit.record(Verb.EXPORT, by=by(), reason=f"年度指标数据（{len(rows)} 份）"))
        now = clock.now()
        name = f"年度指标数据_{now:%Y%m%d%H%M}.xlsx"
        body = tables.xlsx_stream(
            headers, rows, sheet="指标数据", created=now, text_columns=("统一社会信用代码",)
        )
        return _file(stream_with_context(body), name)

    # --- form -----------------------------------------------------------------------------------------

    def may_edit(self, record: Document) -> bool:
        return self.can_edit and record.editable_by(acting().role)

    def create_record(self, values: dict[str, Any]) -> Document:
        year = values.get("year") or clock.today().year
        return reports.start_report(values.get("unit_id"), values.get("kind") or "", year, by=by())

    @expose("/start/", methods=("POST",))
    def start_view(self) -> Any:
        """Begin the report that a line of the duty list stands for."""
        if not self.can_create:
            abort(403)
        unit_id, kind = object_id(request.form.get("unit_id")), request.form.get("kind", "")
        year = request.form.get("year", type=int) or clock.today().year
        try:
            report = reports.start_report(unit_id, kind, year, by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".owing_view"))
        return redirect(self.get_url(".edit_view", id=report.pk))

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        record = self.get_one(request.args.get("id"))
        if not self.can_edit:
            abort(403)
        if not self.may_edit(record):
            flash("当前环节不能修改这份表。", "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        if request.method == "GET" or editing.wants_to_go_on():
            return forms.page(self, record, posted=request.form or None)
        try:
            filing = forms.filing(record)
            fresh = reports.save_report(record, filing, version=editing.posted_version(), by=by())
        except Conflict:
            return forms.conflict(self, record)
        except PolicyError as refusal:
            errors = refusal.errors if isinstance(refusal, records.Invalid) else {"": str(refusal)}
            return forms.page(self, record, posted=request.form, errors=errors)
        flash(_saved(fresh), "success")
        return redirect(self.get_url(".details_view", id=record.pk))

    @expose("/derive/", methods=("POST",))
    def derive_view(self) -> Any:
        """Return derived figures and doubts of the typed values, by the code that saving uses."""
        record = self.get_one(request.form.get("id"))
        try:
            preview = reports.preview_report(record, forms.filing(record, lenient=True))
        except PolicyError as refusal:
            return {"derived": {}, "errors": {}, "doubts": [str(refusal)]}
        return {
            "derived": preview.derived,
            "errors": preview.errors,
            "doubts": [doubt.text for doubt in preview.doubts],
        }

    # --- doubts ---------------------------------------------------------------------------------------

    @expose("/doubts/", methods=("GET", "POST"))
    def doubts_view(self) -> Any:
        record = self.get_one(request.args.get("id"))
        if not self.may_edit(record):
            flash("当前环节不能说明疑点。", "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        return doubts.page(self, record)

    # --- steps ----------------------------------------------------------------------------------------

    def offers(self, record: Document) -> list[Offer]:
        return reports.report_offers(record, by=by())

    def inputs_of(self, record: Document, offer: Offer) -> list[dict[str, Any]]:
        inputs = super().inputs_of(record, offer)
        for item in inputs:
            if item["name"] == "corrected":
                item["choices"] = reports.correctable_fields(record)
        return inputs

    def take_step(self, record: Document, action: str, version: int) -> str:
        step = steps.REPORT_TABLE.step(action)
        given = step_inputs.posted_step(step.asks, reports.correctable_fields(record))
        workflow.advance(record, action, given=given, seen=version, by=by())
        return f"已办理“{step.label}”。"

    def batch_actions(self) -> list[tuple[str, str]]:
        return reports.report_batch_actions(acting())

    def batch(self, action: str) -> Batch:
        label = dict(self.batch_actions())[action]

        def advance(view: Any, rows: list[AnnualReport]) -> Any:
            return view.tell(f"办理结果：{label}", workflow.advance_many(rows, action, by=by()))

        def judge(rows: list[AnnualReport]) -> Verdicts:
            return [(verdict.record, verdict.why) for verdict in workflow.preflight(action, rows, by=by())]

        return Batch(run=advance, judge=judge)

    def header_facts(self, record: Document) -> list[tuple[str, Any]]:
        return report_page.header_facts(record)

    def detail_context(self, record: Document) -> dict[str, Any]:
        return super().detail_context(record) | {"tables_label": "填报内容"}

    # --- workbooks ------------------------------------------------------------------------------------

    @expose("/template/")
    def template_view(self) -> Any:
        """Send the workbook to fill in, for one unit or for all units of the actor's rows."""
        if not self.can_create:
            abort(403)
        kind, year = request.args.get("kind", ""), request.args.get("year", clock.today().year, type=int)
        unit_id = object_id(request.args["unit"]) if request.args.get("unit") else None
        try:
            content = reports.template_workbook(kind, year, by=by(), unit_id=unit_id)
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".import_view"))
        return _file(content, f"{year}年度动态管理表_{Kind(kind).label}.xlsx")

    @expose("/import/", methods=("GET", "POST"))
    def import_view(self) -> Any:
        """Upload a filled-in workbook; its effects are shown before anything is written."""
        if not self.can_create:
            abort(403)
        return imports.upload(self) if request.method == "POST" else imports.start(self)

    @expose("/import/preview/", methods=("GET", "POST"))
    def preview_view(self) -> Any:
        if not self.can_create:
            abort(403)
        return imports.preview(self)


def _saved(report: AnnualReport) -> str:
    unexplained = sum(not doubt.explanation for doubt in report.findings)
    return f"已保存。有 {unexplained} 处数据疑点，请更正或说明。" if unexplained else "已保存。"


def _file(body: Any, name: str) -> Response:
    headers = {"Content-Disposition": uploads.content_disposition(name)}
    return Response(body, mimetype=exporting.TYPES["xlsx"], headers=headers)
