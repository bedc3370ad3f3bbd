"""指标与标准：年度动态管理表的指标定义，逐年分版，复制上年，预览，送审，批准后启用。"""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from mongoengine import Document

from app import clock
from app.policy.flow import NotAllowed, Offer, PolicyError
from app.policy.reports import formulas
from app.policy.reports.indicators import Compares, Definition, Form, Nature
from app.policy.terms import Kind, StandardState
from app.services.reports import indicators
from models.reports import IndicatorRow, RelationRow, Standard
from views import acting, by
from views.panel import editing, formats
from views.panel.filters import Choice, Year
from views.panel.flow import FlowView
from views.reports import forms

TEXTS = ("name", "group", "unit", "proof", "note", "formula")
FLAGS = ("required", "skippable", "scale", "trend")
LIMITS = ("minimum", "maximum", "low", "high")


class StandardView(FlowView):
    """指标与标准：谁编制、谁批准、哪年启用，一版一版留存；已启用的不能改，只能新编一版。"""

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

    def get_empty_list_message(self) -> str:
        shown = "还没有自编的指标，现行为系统内置指标"
        return f"{shown}；点“新增”复制一版再改。" if self.can_create else f"{shown}。"

    def may_edit(self, record: Document) -> bool:
        """Its indicators are edited one by one, not the head."""
        return False

    def open_to_edit(self, record: Standard) -> bool:
        return self.can_edit and record.editable_by(acting().role)

    def create_record(self, values: dict[str, Any]) -> Document:
        year = values.get("year") or clock.today().year
        reason = values.get("reason") or ""
        return indicators.create(values.get("kind") or "", year, reason, by=by())

    def offers(self, record: Document) -> list[Offer]:
        return indicators.offers(record, by=by())

    def take(self, record: Document, action: str, version: int) -> str | None:
        reason = request.form.get("reason", "")
        indicators.advance(record, action, reason=reason, by=by(), seen=version)
        return "已办理。"

    # --- detail and preview ---------------------------------------------------------------------------

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        context["extra_links"] = [("预览表单", self.get_url(".preview_view", id=record.pk), "fa-eye")]
        if self.open_to_edit(record):
            context["extra_links"].append(
                ("修改指标", self.get_url(".cells_view", id=record.pk), "fa-pencil")
            )
        definition = record.definition
        context["tables"] = [
            *(
                (
                    f"{group}",
                    ("指标", "单位", "形式", "必填", "允许范围", "合理范围", "公式", "证明材料"),
                    [_row(one, definition) for one in members],
                )
                for group, members in definition.sections()
            ),
            (
                "勾稽关系",
                ("关系", "左边", "比较", "右边", "容差"),
                [_relation(one, definition) for one in definition.relations],
            ),
        ]
        return context

    @expose("/preview/")
    def preview_view(self) -> str:
        """The form as it will be, with nothing to send."""
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
        """All cells in order, each with what may be done to it."""
        record = self._open(request.args.get("id"))
        definition = record.definition
        return self.render(
            "ui/standard_cells.html",
            title=f"修改指标：{record}",
            record=record,
            sections=definition.sections(),
            words={
                one.key: formulas.in_words(one.formula, definition.names)
                for one in definition.indicators
                if one.formula
            },
            relations=[
                (number, _relation(one, definition)) for number, one in enumerate(definition.relations)
            ],
            forms=dict(Form.choices()),
            return_url=self.get_url(".details_view", id=record.pk),
        )

    @expose("/cell/", methods=("GET", "POST"))
    def cell_view(self) -> Any:
        """One indicator: new without a key, else the one of this key."""
        record, key = self._open(request.values.get("id")), request.values.get("key", "")
        row = next((one for one in record.indicators if one.key == key), None) or (
            abort(404) if key else IndicatorRow()
        )
        error = ""
        if request.method == "POST":
            try:
                self._put(record, key)
            except PolicyError as refusal:
                error = str(refusal)
            else:
                flash("已保存；送审并经批准后启用。", "success")
                return redirect(self.get_url(".cells_view", id=record.pk))
        return self.render(
            "ui/standard_cell.html",
            title=f"修改指标：{row}" if key else "新增指标",
            record=record,
            key=key,
            given=request.form if error else _as_form(row, record.definition),
            error=error,
            labels={name: field.verbose_name for name, field in IndicatorRow._fields.items()},
            groups=[group for group, _ in record.definition.sections()],
            names=[one.name for one in record.definition.numbers],
            forms=Form.choices(),
            natures=Nature.choices(),
            return_url=self.get_url(".cells_view", id=record.pk),
        )

    @expose("/cell/act/", methods=("POST",))
    def cell_act_view(self) -> Any:
        """Move an indicator, or take it out."""
        record, key = self._open(request.form.get("id")), request.form.get("key", "")
        who = {"version": editing.posted_version(), "by": by()}
        moves = {"up": -1, "down": 1}
        act = request.form.get("act", "")
        try:
            if act in moves:
                indicators.move(record, key, moves[act], **who)
            elif act == "remove":
                indicators.remove(record, key, **who)
                flash("已删除该指标；已填报的旧表不受影响。", "success")
            else:
                abort(404)
        except PolicyError as refusal:
            flash(str(refusal), "error")
        return redirect(self.get_url(".cells_view", id=record.pk))

    @expose("/relation/", methods=("GET", "POST"))
    def relation_view(self) -> Any:
        """One relation between cells: new without a number."""
        record = self._open(request.values.get("id"))
        number = request.values.get("number", type=int)
        rows = record.relations
        if number is not None and not 0 <= number < len(rows):
            abort(404)
        row, error = RelationRow() if number is None else rows[number], ""
        if request.method == "POST":
            try:
                values = None if request.form.get("act") == "remove" else _relation_values()
                who = {"version": editing.posted_version(), "by": by()}
                indicators.relate(record, number, values, **who)
            except PolicyError as refusal:
                error = str(refusal)
            else:
                flash("勾稽关系已保存。", "success")
                return redirect(self.get_url(".cells_view", id=record.pk))
        return self.render(
            "ui/standard_relation.html",
            title="修改勾稽关系" if number is not None else "新增勾稽关系",
            record=record,
            number=number,
            given=request.form if error else _relation_form(row, record.definition),
            error=error,
            compares=Compares.choices(),
            names=[one.name for one in record.definition.numbers],
            return_url=self.get_url(".cells_view", id=record.pk),
        )

    def _put(self, record: Standard, key: str) -> None:
        indicators.put(record, key, _values(), version=editing.posted_version(), by=by())

    def _open(self, key: Any) -> Standard:
        """A definition that the actor may change now, else a refusal."""
        record = self.get_one(key)
        return record if self.open_to_edit(record) else abort(403)


def _row(one: Any, definition: Definition) -> tuple[str, ...]:
    formula = f"＝ {formulas.in_words(one.formula, definition.names)}" if one.formula else ""
    must = (
        "自动计算"
        if one.formula
        else ("必填" if one.required else "选填") + ("，可填不涉及" if one.skippable else "")
    )
    shown = _range(one.minimum, one.maximum), _range(one.low, one.high)
    return (one.name, one.unit, Form(one.form).label, must, *shown, formula, one.proof)


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None and high is None:
        return ""
    return " 至 ".join("不限" if limit is None else f"{limit.normalize():,f}" for limit in (low, high))


def _relation(one: Any, definition: Definition) -> tuple[str, ...]:
    sides = [formulas.in_words(side, definition.names) for side in (one.left, one.right)]
    return (one.name, sides[0], Compares(one.compares).label, sides[1], f"{one.tolerance.normalize():f}%")


def _as_form(row: IndicatorRow, definition: Definition) -> dict[str, str]:
    """A stored indicator as the boxes show it."""
    given = {name: getattr(row, name) or "" for name in (*TEXTS, "form", "nature", "key")}
    given["formula"] = formulas.with_names(given["formula"], definition.names)
    given |= {name: "1" for name in FLAGS if getattr(row, name)}
    return given | {
        name: f"{value.normalize():f}" for name in LIMITS if (value := getattr(row, name)) is not None
    }


def _values() -> dict[str, Any]:
    """The posted indicator. Raises NotAllowed for what is no number or too long."""
    values: dict[str, Any] = {}
    for name in TEXTS:
        values[name] = request.form.get(name, "").strip()
        field = IndicatorRow._fields[name]
        if len(values[name]) > field.max_length:
            raise NotAllowed(f"{field.verbose_name}不超过 {field.max_length} 字。")
    for name, terms in (("form", Form), ("nature", Nature)):
        values[name] = request.form.get(name, "")
        if values[name] not in dict(terms.choices()):
            raise NotAllowed(f"请选择{IndicatorRow._fields[name].verbose_name}。")
    values |= {name: request.form.get(name) == "1" for name in FLAGS}
    return values | {name: _number(name, IndicatorRow._fields[name].verbose_name) for name in LIMITS}


def _number(name: str, label: str) -> Decimal | None:
    text = request.form.get(name, "").strip().replace(",", "")
    try:
        value = Decimal(text) if text else None
    except InvalidOperation:
        value = Decimal("NaN")
    if value is not None and (not value.is_finite() or abs(value.adjusted()) > 20):
        raise NotAllowed(f"{label}应为数字。")
    return value


def _relation_values() -> dict[str, Any]:
    values: dict[str, Any] = {
        name: request.form.get(name, "").strip() for name in ("name", "left", "right", "compares")
    }
    if not values["name"] or len(values["name"]) > 60:
        raise NotAllowed("请填写关系的说明，不超过 60 字。")
    if values["compares"] not in dict(Compares.choices()):
        raise NotAllowed("请选择比较方式。")
    return values | {"tolerance": _number("tolerance", "容差") or Decimal(0)}


def _relation_form(row: RelationRow, definition: Definition) -> dict[str, str]:
    sides = {
        side: formulas.with_names(getattr(row, side) or "", definition.names) for side in ("left", "right")
    }
    tolerance = f"{(row.tolerance or Decimal(0)).normalize():f}"
    return sides | {"name": row.name or "", "compares": row.compares or "", "tolerance": tolerance}
