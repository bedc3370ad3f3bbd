"""申报：县级办理推荐，市局办理审核、评审、公示、公布；按钮和权限都来自步骤表。"""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.helpers import get_redirect_target
from markupsafe import Markup
from mongoengine import Document, QuerySet

from app import clock
from app.policy import access
from app.policy.filing import cultivation
from app.policy.flow import Offer, PolicyError
from app.policy.terms import Defect, Kind, Stage
from app.services import filing, lists
from app.services.core import decisions, scope, workflow
from app.services.core.by import By
from models.decisions import Decision
from models.filing.applications import Application, Correction
from models.lists import Objection, Objector
from models.registry.units import Unit
from views import acting, by
from views.filing import county_lists, findings
from views.panel import editing, formats, list_context, step_inputs
from views.panel.filters import AtLeast, AtMost, Choice, From, Until, Year
from views.panel.flow import FlowView


class Reached(Choice):
    """How far an application came: the rows of the workbench's funnel."""

    suffix = "_reached"

    def apply(self, query: QuerySet, value: str) -> QuerySet:
        (row,) = [row for row in cultivation.FUNNEL if row.code == value]
        return query.filter(stage__in=[stage.value for stage in row.stages])


class ApplicationView(FlowView):
    """申报：从草稿到名单，一行一个单位、类别、年度。"""

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

    def take(self, record: Document, action: str, version: int) -> str | None:
        who = {"by": by()}
        if act := ACTS.get(action):
            return act(record, version, who)
        if cultivation.TABLE.step(action).approved_by:
            decision = decisions.prepare(action, [record], **_given(action), **who)
            return f"已拟办，待审签（{decision.number}）。"
        given = workflow.StepInput(
            reason=request.form.get("reason", ""), corrections=_corrections(action, record)
        )
        workflow.advance(record, action, given=given, seen=version, **who)
        return "已办理。"

    @expose("/step/", methods=("POST",))
    def step_view(self) -> Any:
        response = super().step_view()
        gone = (
            request.form.get("action") == "discard"
            and not self.get_query().filter(pk=request.form["id"]).first()
        )
        return redirect(self.get_url(".index_view")) if gone else response

    # --- many at once ---------------------------------------------------------------------------------

    def batch_actions(self) -> list[tuple[str, str]]:
        return filing.application_batch_actions(acting())

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        action = request.form.get("action", "")
        if action not in dict(self.batch_actions()):
            abort(404)
        try:
            rows = self.chosen()
            if action != "recheck" and cultivation.TABLE.step(action).through:
                return county_lists.page(self, rows)
            if request.form.get("confirm"):
                return self._run_batch(action, rows)
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(get_redirect_target() or self.get_url(".index_view"))
        return self._preflight(action, rows)

    def _preflight(self, action: str, rows: list[Application]) -> str:
        label = dict(self.batch_actions())[action]
        if action == "recheck":
            judged = [(row, "") for row in rows]
            fields: list[Any] = [
                {
                    "name": "source",
                    "label": "查询来源",
                    "required": True,
                    "help": "如：信用中国、国家企业信用信息公示系统；查询结果须仍为“无”。",
                }
            ]
            needs_reason = False
        else:
            judged = [(one.record, one.why) for one in workflow.preflight(action, rows, by=by())]
            asks = cultivation.TABLE.step(action).asks
            fields, needs_reason = step_inputs.inputs(asks), bool(step_inputs.reason_label(asks))
        return self.render(
            "ui/preflight.html",
            title=f"批量办理：{label}",
            label=label,
            post_url=self.get_url(".action_view"),
            back_url=list_context.came_from(self),
            headers=("类别", "县（市、区）", "环节"),
            rows=[
                {
                    "id": row.pk,
                    "label": str(row),
                    "url": self.get_url(".details_view", id=row.pk),
                    "ok": not why,
                    "why": why,
                    "facts": (Kind(row.kind).label, formats.area_name(row.area), Stage(row.stage).label),
                }
                for row, why in judged
            ],
            fields=fields,
            needs_reason=needs_reason,
            hidden=[("action", action), ("url", list_context.came_from(self))],
        )

    def _run_batch(self, action: str, rows: list[Application]) -> Any:
        actor, now = acting(), clock.now()
        if action == "recheck":
            done = filing.recheck_grounds(rows, source=request.form.get("source", ""), by=By(actor, now))
            return self.tell("办理结果：第十条当日复核", [(one, "") for one in done])
        step = cultivation.TABLE.step(action)
        if step.approved_by:
            decision = decisions.prepare(action, rows, **_given(action), by=By(actor, now))
            flash(f"已拟办，待{step.approved_by.label}审签。", "success")
            return redirect(url_for("decision.details_view", id=decision.pk))
        return self.tell(f"办理结果：{step.label}", workflow.advance_many(rows, action, by=By(actor, now)))

    # --- detail and findings --------------------------------------------------------------------------

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        context["header_facts"] = [
            ("单位", record.unit_name),
            ("类别", Kind(record.kind).label),
            ("县（市、区）", formats.area_name(record.area)),
            ("评价得分", formats.shown(self, record.score, "score")),
            *_limit(record),
        ]
        context["tables"] = [*findings.tables(self, record), *self._tables(record)]
        context["related"] = self._related(record)
        if filing.may_record_findings(record, actor=acting()):
            context["extra_links"] = [
                ("填写资格核查", self.get_url(".findings_view", id=record.pk), "fa-check-square-o")
            ]
        return context

    def _tables(self, record: Application) -> list[Any]:
        corrections = [(one.label, Defect(one.defect).label, one.note, one.due) for one in record.corrections]
        scores = [
            (one.name, formats.number(self, one.total, ""), one.remark, one.at) for one in record.scores
        ]
        scores = scores if access.may(acting(), "read", "review") else []
        raised = scope.rows(by(), Objection).filter(application_id=record.pk)
        objected = [
            (
                Markup('<a href="{}">{}</a>').format(
                    url_for("objection.details_view", id=one.pk), one.received_on
                ),
                lists.matter_visible_to(one, acting()),
                one.get_state_display(),
            )
            for one in raised
        ]
        tables = [
            ("补正事项", ("事项", "问题", "说明", "期限"), corrections),
            ("评审打分", ("评审人", "总分", "意见", "时间"), scores),
            ("异议", ("收到日期", "事项", "状态"), objected),
        ]
        return [table for table in tables if table[2]]

    def _related(self, record: Application) -> list[Any]:
        report = record.report
        links = [(record.unit_name, url_for("unit.details_view", id=record.unit_id), "单位")]
        if report is not None:
            links.append((str(report), url_for("evaluation.details_view", id=report.pk), "评价报告"))
        decided = scope.rows(by(), Decision).filter(lines__record_id=record.pk)
        links += [
            (
                decisions.title_for(one, acting()),
                url_for("decision.details_view", id=one.pk),
                one.get_state_display(),
            )
            for one in decided
        ]
        return [("相关记录", links)]

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


def _limit(record: Application) -> list[tuple[str, Any]]:
    """The day by which something must happen, in red where it is past."""
    found = filing.application_deadline(record, clock.today())
    if found is None:
        return []
    label, day, over = found
    said = formats.day(None, day, "")
    return [(label, Markup('<span class="late">{}（已过）</span>').format(said) if over else said)]


def _given(action: str) -> dict[str, Any]:
    """What a prepared decision takes from the form: the reason, and a notice's first day."""
    asks = cultivation.TABLE.step(action).asks
    details = {"first_day": step_inputs.day("first_day", "公示首日")} if "first_day" in asks else {}
    return {"reason": request.form.get("reason", ""), "details": details}


def _corrections(action: str, record: Application) -> list[Correction]:
    return step_inputs.corrections() if "corrections" in cultivation.TABLE.step(action).asks else []


def _score(record: Application, version: int, who: dict[str, Any]) -> str:
    total, remark = step_inputs.decimal("total", "总分"), request.form.get("remark", "")
    filing.score_application(record, total, remark, version=version, **who)
    return "已登记评审得分。"


def _objection(record: Application, version: int, who: dict[str, Any]) -> str:
    received = step_inputs.day("received_on", "收到日期") or clock.today()
    objector = Objector(name=request.form.get("objector", ""), phone=request.form.get("phone", ""))
    lists.register_objection(record, request.form.get("matter", ""), received, objector, **who)
    return "已登记异议；办结之前，该单位不能列入名单。"


def _discard(record: Application, version: int, who: dict[str, Any]) -> str:
    filing.discard_draft(record, version=version, **who)
    return "草稿已删除。"


ACTS = {"score": _score, "objection": _objection, "discard": _discard}
