"""Screen of the number register: reserve, void and carry over numbers."""

import re
from datetime import date
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from markupsafe import Markup
from mongoengine import Document

from app import clock
from app.policy.flow import NotAllowed, Offer, PolicyError
from app.policy.terms import NumberState
from app.services import papers
from app.services.core import rules
from app.services.papers import IssuedOnPaper, convert_text
from views import acting, by
from views.panel import formats
from views.panel.actions import Action
from views.panel.filters import Choice, Year
from views.panel.flow import FlowView
from views.panel.step_inputs import text

COLUMNS = "序号、标题、印发日期（可空）"
NUMBER = re.compile(r"0{0,4}[1-9][0-9]{0,4}", re.ASCII)


def _series() -> list[tuple[str, str]]:
    return [(key, series.mark) for key, series in rules.pack().series.items()]


def _paper(view: Any, context: Any, model: Any, name: str) -> Any:
    title = getattr(model, "title", None) or ""
    if not model.paper_id:
        return title
    return Markup('<a href="{}">{}</a>').format(f"/admin/paper/details/?id={model.paper_id}", title)


class NumberView(FlowView):
    """The register of numbers: each series counts from 1 every year."""

    column_list = ("text", "title", "state", "issued_on", "purpose", "reason")
    column_export_list = (*column_list, "on_paper", "reserved_at")
    column_formatters = {"state": formats.label(NumberState), "title": _paper}
    column_default_sort = [("year", True), ("number", True)]
    column_filters = (
        Choice("series", "文号系列", _series),
        Year("year", "年度"),
        Choice("state", "状态", NumberState.choices()),
    )
    tab_field = "state"
    form_columns = ("reason",)
    actions = {
        "void": Action(
            papers.void_number, {"reason": text("reason")}, done=lambda number: f"{number.text} 已作废。"
        )
    }
    detail_groups = (
        ("文号", ("text", "title", "state", "on_paper", "issued_on")),
        ("登记", ("purpose", "reserved_by", "reserved_at", "settled_at", "reason")),
    )

    @property
    def can_create(self) -> bool:
        return False

    def may_edit(self, record: Document) -> bool:
        return False

    def extra_buttons(self) -> list[dict[str, str]]:
        if not self._registers():
            return []
        return [
            {"url": self.get_url(".reserve_view"), "label": "预留号段", "icon": "fa-bookmark-o"},
            {"url": self.get_url(".carry_view"), "label": "补录纸质文号", "icon": "fa-pencil-square-o"},
        ]

    def _registers(self) -> bool:
        return papers.may_register_numbers(acting())

    @expose("/reserve/", methods=("GET", "POST"))
    def reserve_view(self) -> Any:
        """Reserve the next numbers of a series for a purpose."""
        fields = [
            *self._where(),
            {
                "name": "count",
                "label": "预留个数",
                "type": "number",
                "required": True,
                "value": request.form.get("count", "5"),
            },
            {"name": "purpose", "label": "用途", "required": True, "value": request.form.get("purpose", "")},
        ]
        return self._registered("预留号段", fields, self._reserve)

    @expose("/carry/", methods=("GET", "POST"))
    def carry_view(self) -> Any:
        """Enter numbers that were issued on paper."""
        rows = {
            "name": "rows",
            "label": "纸质文号",
            "type": "textarea",
            "required": True,
            "value": request.form.get("rows", ""),
            "help": f"一行一个，从表格粘贴：{COLUMNS}。接着登记簿最后一号，或填已预留的号；不能留空号。",
        }
        return self._registered("补录纸质文号", [*self._where(), rows], self._carry)

    def _where(self) -> list[dict[str, Any]]:
        chosen = request.form.get("series") or "document"
        year = request.form.get("year") or str(clock.today().year)
        return [
            {"name": "series", "label": "文号系列", "choices": _series(), "required": True, "value": chosen},
            {"name": "year", "label": "年度", "type": "number", "required": True, "value": year},
        ]

    def _registered(self, title: str, fields: list[dict[str, Any]], act: Any) -> Any:
        if not self._registers():
            abort(403)
        if request.method == "POST":
            try:
                flash(act(request.form.get("series", ""), _whole("year", "年度")), "success")
                return redirect(self.get_url(".index_view"))
            except PolicyError as refusal:
                flash(str(refusal), "error")
        return self.render(
            "ui/ask.html", title=title, fields=fields, back_url=self.get_url(".index_view"), label=title
        )

    def _reserve(self, series: str, year: int) -> str:
        purpose = request.form.get("purpose", "")
        made = papers.reserve_block(series, year, _whole("count", "预留个数"), purpose, by=by())
        return f"已预留{made[0].text}至{made[-1].text}，共 {len(made)} 个。"

    def _carry(self, series: str, year: int) -> str:
        made = papers.record_paper_issued(series, year, _on_paper(request.form.get("rows", "")), by=by())
        return f"已补录 {len(made)} 个文号。"

    def offers(self, record: Document) -> list[Offer]:
        return papers.number_offers(record, actor=acting())


def _whole(name: str, label: str) -> int:
    text = request.form.get(name, "").strip()
    if not text.isdecimal() or len(text) > 4:
        raise NotAllowed(f"{label}应为整数。")
    return int(text)


def _on_paper(text: str) -> list[IssuedOnPaper]:
    """Return the pasted rows. Raises NotAllowed naming the line."""
    rows = []
    for number, line in enumerate((written for written in text.splitlines() if written.strip()), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not 2 <= len(cells) <= 3 or not NUMBER.fullmatch(cells[0]):
            raise NotAllowed(f"第 {number} 行应依次为：{COLUMNS}，栏间用制表符（从表格粘贴）。")
        rows.append(
            IssuedOnPaper(
                int(cells[0]),
                cells[1],
                convert_text(date | None, cells[2], f"第 {number} 行的印发日期") if len(cells) > 2 else None,
            )
        )
    return rows
