"""Applications: counties file and recommend, the bureau examines, reviews, announces and lists."""

from datetime import date
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from mongoengine import Document, QuerySet

from app import clock
from app.policy.filing import cultivation
from app.policy.flow import Offer, PolicyError
from app.policy.terms import Kind, Stage
from app.services import filing, lists
from app.services.core import decisions, workflow
from models.lists import Objector
from models.registry.units import Unit
from views import acting, by
from views.filing import application_batches, application_page, findings
from views.panel import editing, formats, step_inputs
from views.panel.actions import Action
from views.panel.batches import Batch
from views.panel.filters import AtLeast, AtMost, Choice, From, Until, Year
from views.panel.flow import FlowView
from views.panel.sections import PageLink


class Reached(Choice):
    """The rows of the workbench's funnel: how far an application came."""

    suffix = "_reached"

    def apply(self, query: QuerySet, value: str) -> QuerySet:
        (row,) = [row for row in cultivation.FUNNEL if row.code == value]
        return query.filter(stage__in=[stage.value for stage in row.stages])


def _received_on() -> date:
    return step_inputs.posted_day("received_on", "收到日期") or clock.today()


def _objector() -> Objector:
    return Objector(name=request.form.get("objector", ""), phone=request.form.get("phone", ""))


class ApplicationView(FlowView):
    """Applications from draft to list, one for each unit, kind and year."""

    column_list = ("unit_name", "kind", "area", "year", "stage", "score", "submitted_on", "cultivation_ends")
    column_labels = {"submitted_on": "平台提交日期", "score": "得分"}
    column_sortable_list = ("unit_name", "year")
    column_default_sort = ("year", True)
    column_formatters = {"area": formats.area, "kind": formats.words(Kind), "stage": formats.label(Stage)}
    column_formatters_detail = column_formatters | {"unit_name": formats.link("unit", "unit_id")}
    tab_field = "stage"
    year_field = "year"
    column_filters = (
        Year("year", "年度"),
        Choice("area", "县（市、区）", formats.areas),
        Choice("kind", "类别", Kind.choices()),
        Choice("stage", "环节", Stage.choices()),
        Reached("stage", "已到", [(row.code, row.label) for row in cultivation.FUNNEL]),
        AtLeast("score", "得分"),
        AtMost("score", "得分"),
        From("submitted_on", "平台提交日期"),
        Until("submitted_on", "平台提交日期"),
    )
    lookups = {"unit_id": Unit}
    form_columns = (
        "unit_id",
        "kind",
        "year",
        "platform_receipt",
        "submitted_on",
        "county_order",
        "county_opinion",
        "late_reason",
        "city_opinion",
        "city_late_reason",
    )
    form_groups = (
        ("申报对象", ("unit_id", "kind", "year")),
        ("管理平台（第六条）", ("platform_receipt", "submitted_on")),
        ("县级综合评价（第十三条）", ("county_order", "county_opinion", "late_reason")),
        ("市级审核（第十四条）", ("city_opinion", "city_late_reason")),
    )
    form_args = {
        "submitted_on": {"description": "以管理平台回执为准；每年4月30日前（第十二条）。"},
        "late_reason": {"description": "平台提交日期晚于4月30日时，继续办理须写明理由。"},
    }
    detail_groups = (
        ("申报对象", ("unit_name", "credit_code", "kind", "year", "area")),
        ("管理平台", ("platform_receipt", "submitted_on")),
        ("汇总表所填（仅供参照，不作核查结论）", ("stated_exclusions", "stated_opinion")),
        ("县级综合评价（第十三条）", ("county_order", "county_opinion", "late_reason", "recommended_on")),
        (
            "市级审核与培育（第十四条）",
            ("city_opinion", "city_late_reason", "cultivated_on", "cultivation_ends"),
        ),
        ("评审与公布（第十五条）", ("review_year", "notice_last_day", "listed_on")),
    )
    help_articles = (10, 12, 13, 14, 15)
    tables = application_page.TABLES
    related = (application_page.RELATED,)
    page_links = (
        PageLink(
            "填写资格核查",
            ".findings_view",
            "fa-check-square-o",
            when=lambda view, record: filing.may_record_findings(record, actor=acting()),
        ),
    )
    actions = {
        "score": Action(
            filing.score_application,
            {"total": step_inputs.decimal("total", "总分"), "remark": step_inputs.text("remark")},
            done="已登记评审得分。",
        ),
        "objection": Action(
            lists.register_objection,
            {"matter": step_inputs.text("matter"), "received_on": _received_on, "objector": _objector},
            done="已登记异议；办结之前，该单位不能列入名单。",
        ),
        "discard": Action(filing.discard_draft, done="草稿已删除。"),
    }
    batches = {"recheck": application_batches.RECHECK}
    batch_columns = {
        "类别": lambda row: Kind(row.kind).label,
        "县（市、区）": lambda row: formats.area_name(row.area),
        "环节": lambda row: Stage(row.stage).label,
    }

    # --- form -----------------------------------------------------------------------------------------

    def may_edit(self, record: Document) -> bool:
        return self.can_edit and record.editable_by(acting().role)

    def writable(self, record: Document | None) -> Any:
        fields = filing.application_fields(acting().role)
        return (
            fields if record is None else [name for name in fields if name not in ("unit_id", "kind", "year")]
        )

    def create_record(self, values: dict[str, Any]) -> Document:
        return filing.open_draft(values, by=by())

    def update_record(self, record: Document, values: dict[str, Any], version: int) -> Document:
        return filing.edit_application(record, values, version=version, by=by())

    # --- steps ----------------------------------------------------------------------------------------

    def offers(self, record: Document) -> list[Offer]:
        return filing.application_offers(record, by=by())

    def take_step(self, record: Document, action: str, version: int) -> str:
        step = cultivation.TABLE.step(action)
        given = step_inputs.posted_step(step.asks)
        if step.approved_by:
            decision = decisions.prepare(
                action, [record], reason=given.reason, details=given.details, by=by()
            )
            return f"已拟办，待审签（{decision.number}）。"
        workflow.advance(record, action, given=given, seen=version, by=by())
        return "已办理。"

    # --- many at once ---------------------------------------------------------------------------------

    def batch_actions(self) -> list[tuple[str, str]]:
        return filing.application_batch_actions(acting())

    def batch(self, action: str) -> Batch:
        return self.batches.get(action) or application_batches.of_step(cultivation.TABLE.step(action))

    # --- detail and findings --------------------------------------------------------------------------

    def header_facts(self, record: Document) -> list[tuple[str, Any]]:
        return application_page.header_facts(self, record)

    @expose("/findings/", methods=("GET", "POST"))
    def findings_view(self) -> Any:
        record = self.get_one(request.args.get("id") or request.form.get("id"))
        if not filing.may_record_findings(record, actor=acting()):
            flash("当前环节不能填写资格核查。", "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        if request.method == "POST":
            try:
                filing.record_findings(
                    record,
                    findings.posted(record),
                    version=editing.posted_version(),
                    by=by(),
                )
            except PolicyError as refusal:
                flash(str(refusal), "error")
                return findings.page(self, record, request.form), 409
            flash("资格核查已保存。", "success")
            return redirect(self.get_url(".details_view", id=record.pk))
        return findings.page(self, record)
