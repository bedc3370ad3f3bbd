"""Indicators and standards 指标与标准: the yearly definitions of the annual report, copied, previewed, approved."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from mongoengine import Document

from app import clock
from app.policy.flow import Offer, PolicyError
from app.policy.reports import formula_words
from app.policy.reports.indicators import Compares, Form, Nature
from app.policy.terms import Kind, StandardState
from app.services import reports
from models.reports import IndicatorRow, RelationRow, Standard
from views import acting, by
from views.panel import editing, formats
from views.panel.filters import Choice, Year
from views.panel.flow import FlowView
from views.panel.sections import PageLink
from views.reports import forms, indicator_forms, indicator_page


class StandardView(FlowView):
    """Definitions by kind and year, edition by edition: drawn up, approved, in force; changed by a new edition only."""

    column_list = (
        "title",
        "kind",
        "year",
        "edition",
        "stage",
        "prepared_name",
        "approved_name",
        "approved_on",
    )
    column_formatters = {"kind": formats.words(Kind), "stage": formats.label(StandardState)}
    column_default_sort = ("year", True)
    column_filters = (
        Year("year", "年度"),
        Choice("kind", "类别", Kind.choices()),
        Choice("stage", "状态", StandardState.choices()),
    )
    tab_field = "stage"
    form_columns = ("kind", "year", "reason")
    form_groups = (("新编一版（复制现行指标，在此基础上修改）", form_columns),)
    detail_groups = (
        ("版本", ("title", "kind", "year", "edition", "copied_from", "reason")),
        ("编制与批准", ("prepared_name", "approved_name", "approved_on")),
    )
    help_articles = (18,)
    tables = indicator_page.TABLES
    page_links = (
        PageLink("预览表单", ".preview_view", "fa-eye"),
        PageLink(
            "修改指标",
            ".cells_view",
            "fa-pencil",
            when=lambda view, record: view.open_to_edit(record),
        ),
    )

    def get_empty_list_message(self) -> str:
        shown = "还没有自编的指标，现行为系统内置指标"
        return f"{shown}；点“新增”复制一版再改。" if self.can_create else f"{shown}。"

    def may_edit(self, record: Document) -> bool:
        """Refuse the head to everybody: the indicators are edited one by one."""
        return False

    def open_to_edit(self, record: Standard) -> bool:
        """Return whether the actor may change the indicators now."""
        return self.can_edit and record.editable_by(acting().role)

    def create_record(self, values: dict[str, Any]) -> Document:
        year = values.get("year") or clock.today().year
        reason = values.get("reason") or ""
        return reports.create_standard(values.get("kind") or "", year, reason, by=by())

    def offers(self, record: Document) -> list[Offer]:
        return reports.standard_offers(record, by=by())

    def take_step(self, record: Document, action: str, version: int) -> str:
        reason = request.form.get("reason", "")
        reports.advance_standard(record, action, reason=reason, by=by(), seen=version)
        return "已办理。"

    # --- preview --------------------------------------------------------------------------------------

    @expose("/preview/")
    def preview_view(self) -> str:
        """Show the form as it will be, with nothing to send."""
        record = self.get_one(request.args.get("id"))
        return self.render(
            "ui/report_form.html",
            title=f"预览：{record}",
            preview=True,
            sections=forms.sections(record.definition),
            return_url=self.get_url(".details_view", id=record.pk),
        )

    # --- cells and relations --------------------------------------------------------------------------

    @expose("/cells/")
    def cells_view(self) -> Any:
        """Show all indicators in order, each with the links to change it."""
        record = self._open(request.args.get("id"))
        definition = record.definition
        return self.render(
            "ui/standard_cells.html",
            title=f"修改指标：{record}",
            record=record,
            sections=definition.sections(),
            words={
                indicator.key: formula_words.in_words(indicator.formula, definition.names)
                for indicator in definition.indicators
                if indicator.formula
            },
            relations=[
                (number, indicator_page.relation_row(relation, definition))
                for number, relation in enumerate(definition.relations)
            ],
            forms=dict(Form.choices()),
            return_url=self.get_url(".details_view", id=record.pk),
        )

    @expose("/cell/", methods=("GET", "POST"))
    def cell_view(self) -> Any:
        """Show the form of an indicator, a new one without a key, or save it."""
        record, key = self._open(request.values.get("id")), request.values.get("key", "")
        if request.method != "POST":
            return self._cell_page(record, key)
        try:
            values = indicator_forms.posted_indicator()
            reports.save_indicator(record, key, values, version=editing.posted_version(), by=by())
        except PolicyError as refusal:
            return self._cell_page(record, key, error=str(refusal))
        flash("已保存；送审并经批准后启用。", "success")
        return redirect(self.get_url(".cells_view", id=record.pk))

    def _cell_page(self, record: Standard, key: str, error: str = "") -> str:
        definition = record.definition
        row = next((row for row in record.indicators if row.key == key), None)
        if row is None:
            row = abort(404) if key else IndicatorRow()
        return self.render(
            "ui/standard_cell.html",
            title=f"修改指标：{row}" if key else "新增指标",
            record=record,
            key=key,
            given=request.form if error else indicator_forms.indicator_values(row, definition),
            error=error,
            labels={name: field.verbose_name for name, field in IndicatorRow._fields.items()},
            groups=[group for group, _ in definition.sections()],
            names=[indicator.name for indicator in definition.numbers],
            forms=Form.choices(),
            natures=Nature.choices(),
            return_url=self.get_url(".cells_view", id=record.pk),
        )

    @expose("/cell/act/", methods=("POST",))
    def cell_act_view(self) -> Any:
        """Move an indicator, or remove it."""
        record, key = self._open(request.form.get("id")), request.form.get("key", "")
        who = {"version": editing.posted_version(), "by": by()}
        moves = {"up": -1, "down": 1}
        act = request.form.get("act", "")
        try:
            if act in moves:
                reports.move_indicator(record, key, moves[act], **who)
            elif act == "remove":
                reports.remove_indicator(record, key, **who)
                flash("已删除该指标；已填报的旧表不受影响。", "success")
            else:
                abort(404)
        except PolicyError as refusal:
            flash(str(refusal), "error")
        return redirect(self.get_url(".cells_view", id=record.pk))

    @expose("/relation/", methods=("GET", "POST"))
    def relation_view(self) -> Any:
        """Show the form of a relation between figures, a new one without a number, or save or remove it."""
        record = self._open(request.values.get("id"))
        number = request.values.get("number", type=int)
        if number is not None and not 0 <= number < len(record.relations):
            abort(404)
        if request.method != "POST":
            return self._relation_page(record, number)
        try:
            removed = request.form.get("act") == "remove"
            values = None if removed else indicator_forms.posted_relation()
            reports.save_relation(record, number, values, version=editing.posted_version(), by=by())
        except PolicyError as refusal:
            return self._relation_page(record, number, error=str(refusal))
        flash("勾稽关系已保存。", "success")
        return redirect(self.get_url(".cells_view", id=record.pk))

    def _relation_page(self, record: Standard, number: int | None, error: str = "") -> str:
        definition = record.definition
        row = RelationRow() if number is None else record.relations[number]
        return self.render(
            "ui/standard_relation.html",
            title="修改勾稽关系" if number is not None else "新增勾稽关系",
            record=record,
            number=number,
            given=request.form if error else indicator_forms.relation_values(row, definition),
            error=error,
            compares=Compares.choices(),
            names=[indicator.name for indicator in definition.numbers],
            return_url=self.get_url(".cells_view", id=record.pk),
        )

    def _open(self, key: Any) -> Standard:
        """Return a definition that the actor may change now. Aborts with 403 otherwise."""
        record = self.get_one(key)
        return record if self.open_to_edit(record) else abort(403)
