"""汇总表导入：上传 → 对应列 → 核对预览 → 导入结果，可下载问题清单，可整批撤销。"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin import expose
from mongoengine import Document

from app import clock
from app.exchange import tables
from app.exchange.columns import FIELDS
from app.exchange.errors import ExchangeError
from app.exchange.records import Column, ColumnsMissing
from app.exchange.uploads import content_disposition
from app.policy.flow import PolicyError
from app.policy.terms import BatchState, Kind, RowOutcome
from app.services import audit, files, ledger, ledger_export, rules, scope
from models.database import transact
from models.files import Attachment
from models.imports import ImportBatch, ImportLine
from models.units import Unit
from views import acting, formats
from views.base import ScopedView

PAGE = 100
TARGETS = tuple((field.name, field.label, field.required) for field in FIELDS if field.name != "serial")
NOTES = {
    "area": "须为本市现有县（市、区）或园区；县级只导入本地区的行", "credit_code": "18 位，校验位须正确",
    "institution": "评价方式为第三方评价时必填；登记中没有的机构列为待核实",
    "exclusions_stated": "按所填显示，不作为核查结论", "opinion_stated": "按所填显示，不作为综合评价意见",
    "submitted_on": "管理平台日期；晚于截止日的标为逾期，仍可导入",
}  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportBatchView(ScopedView):
    """推荐汇总表的导入批次。"""

    icon = "fa-upload"
    column_list = ("filename", "year", "state", "counts", "name", "area", "at", "committed_at", "undone_at")
    column_formatters = {
        "area": formats.area,
        "state": formats.label(BatchState),
        "counts": lambda view, context, batch, name: _counted(batch.counts),
    }
    column_default_sort = ("id", True)
    column_sortable_list = ("id",)
    column_filters = ()
    form_columns = ("filename",)
    can_edit = False

    def may_edit(self, record: Document) -> bool:
        return False

    def get_empty_list_message(self) -> str:
        return "还没有导入过汇总表。"

    def extra_buttons(self) -> list[dict[str, str]]:
        if not self.may("create"):
            return []
        url = self.get_url(".ledger_file", year=clock.today().year)
        return [{"url": url, "label": "导出本年度汇总表", "icon": "fa-download"}]

    # --- upload and columns -----------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        self._demand("create")
        error = ""
        if request.method == "POST":
            try:
                return self._uploaded(request.files.get("file"), request.form.get("year", ""))
            except (ExchangeError, PolicyError) as refusal:
                error = str(refusal)
        years = [str(year) for year in range(clock.today().year, 2024, -1)]
        return self.render(
            "ui/import_upload.html", title="导入推荐汇总表", error=error, accept=".xlsx,.csv",
            post_url=self.get_url(".create_view"), back_url=self.get_url(".index_view"),
            max_size=f"{ledger.MOST_BYTES >> 20} MB", template_url=self.get_url(".template_file"),
            columns=[(label, required, NOTES.get(name)) for name, label, required in TARGETS],
            fields=[{"name": "year", "label": "年度", "choices": [(year, year) for year in years],
                     "help": "不选则取表题中的年度，表题没有年度的按今年。"}],
        )  # fmt: skip

    def _uploaded(self, posted: Any, year: str) -> Any:
        if posted is None or not posted.filename:
            raise ExchangeError("请选择文件。")
        data = posted.read(ledger.MOST_BYTES + 1)
        chosen = int(year) if year.isdecimal() else ledger.stated_year(data) or clock.today().year
        stored = ledger.upload(data, posted.filename, actor=acting(), now=clock.now())
        return redirect(self.get_url(".map_view", file=stored.pk, year=chosen))

    @expose("/map/", methods=("GET", "POST"))
    def map_view(self) -> Any:
        self._demand("create")
        stored, year = (
            self._stored(request.args.get("file")),
            request.args.get("year", type=int) or abort(404),
        )
        data = files.content(stored)
        try:
            found, rows, note = _recognised(data, year)
        except (ExchangeError, PolicyError) as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".create_view"))
        if request.method == "POST":
            try:
                return self._previewed(stored, year, found)
            except (ExchangeError, PolicyError) as refusal:
                note = str(refusal)
        samples = _samples(ledger.head(data), found)
        return self.render(
            "ui/import_map.html", title="核对各列", note=note, row_count=rows, targets=TARGETS,
            post_url=self.get_url(".map_view", file=stored.pk, year=year), back_url=self.get_url(".create_view"),
            columns=[
                {"index": one.index, "header": one.heading, "sample": samples.get(one.index, ""),
                 "field": request.form.get(f"column-{one.index}", one.field)}
                for one in found if one.field != "serial"
            ],
        )  # fmt: skip

    def _previewed(self, stored: Attachment, year: int, found: Sequence[Column]) -> Any:
        chosen = _posted(found)
        mapping = None if chosen == tuple(found) else {one.index: one.field for one in chosen}
        plan = ledger.preview_upload(stored, year=year, mapping=mapping, actor=acting(), now=clock.now())
        return redirect(self.get_url(".preview_view", id=plan.batch.pk))

    def _stored(self, key: Any) -> Attachment:
        return files.staged(acting(), key) or abort(404)

    # --- preview and commit -----------------------------------------------------------------------------

    @expose("/preview/", methods=("GET", "POST"))
    def preview_view(self) -> Any:
        batch = self.get_one(request.args.get("id"))
        if request.method == "POST":
            self._demand("create")
            return self._act(batch, ledger.commit, "已导入。")
        if batch.state != BatchState.PREVIEWED:
            return redirect(self.get_url(".details_view", id=batch.pk))
        writes = batch.counts[RowOutcome.NEW.value] + batch.counts[RowOutcome.CHANGED.value]
        mine = batch.username == acting().username
        return self.render(
            "admin/importbatch/preview.html", title=f"核对预览：{batch}", post_url=self.get_url(".preview_view", id=batch.pk),
            back_url=self.get_url(".map_view", file=batch.attachment_id, year=batch.year) if mine else None,
            headers=("单位名称", "县（市、区）", "类别"), apply_label=f"确认导入 {writes} 行",
            can_apply=bool(writes) and mine and self.may("create"),
            note="" if writes else "没有需要写入的行：内容与现有记录一致，或均未通过。",
            **self._rows(batch, ".preview_view"),
        )  # fmt: skip

    @expose("/details/")
    def details_view(self) -> Any:
        batch = self.get_one(request.args.get("id"))
        if batch.state == BatchState.PREVIEWED:
            return redirect(self.get_url(".preview_view", id=batch.pk))
        may_undo = batch.state == BatchState.COMMITTED and self.may("edit")
        return self.render(
            "admin/importbatch/result.html", title=f"{BatchState(batch.state).label}：{batch}",
            back_url=self.get_url(".index_view"), back_label="返回导入列表",
            undo_url=self.get_url(".undo_view", id=batch.pk) if may_undo else None, **self._rows(batch, ".details_view"),
        )  # fmt: skip

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> Any:
        self._demand("edit")
        return self._act(self.get_one(request.args.get("id")), ledger.undo, "已撤销，记录恢复到导入之前。")

    def _act(self, batch: ImportBatch, verb: Any, done: str) -> Any:
        try:
            verb(batch, actor=acting(), now=clock.now())
        except (PolicyError, ExchangeError) as refusal:
            flash(str(refusal), "error")
        else:
            flash(done, "success")
        return redirect(self.get_url(".details_view", id=batch.pk))

    def _rows(self, batch: ImportBatch, endpoint: str) -> dict[str, Any]:
        """One page of a batch's rows, by outcome if one is chosen."""
        chosen = next((one for one in RowOutcome if one.value == request.args.get("outcome")), None)
        page = max(request.args.get("page", 0, type=int), 0)
        total = batch.counts[chosen.value] if chosen else sum(batch.counts.values())
        found = ledger.lines(batch, outcome=chosen, page=min(page, total // PAGE), size=PAGE)
        areas = {area.code: area.name for area in rules.pack().areas}

        def url(number: int = 0, outcome: RowOutcome | None = chosen) -> str:
            extra = {"outcome": outcome.value} if outcome else {}
            return self.get_url(endpoint, id=batch.pk, page=number, **extra)

        choices = [
            (None, "全部", sum(batch.counts.values())),
            *((one, one.label, batch.counts[one.value]) for one in RowOutcome),
        ]
        units = _units([line.name for line in found], self) if endpoint == ".details_view" else {}
        return {
            "rows": [_shown(line, areas, units) for line in found], "page": page, "page_url": url,
            "pages": (total + PAGE - 1) // PAGE, "counts": _facts(batch.counts),
            "tabs": [
                {"label": label, "count": count, "url": url(0, one), "active": one is chosen}
                for one, label, count in choices
            ],
            "report_url": self.get_url(".errors_file", id=batch.pk) if batch.counts[RowOutcome.REFUSED.value] else None,
        }  # fmt: skip

    # --- files ------------------------------------------------------------------------------------------

    @expose("/errors.xlsx")
    def errors_file(self) -> Any:
        """The rows that did not go in, to be corrected and loaded again."""
        batch = self.get_one(request.args.get("id"))
        try:
            content = ledger.error_file(batch)
        except (PolicyError, ExchangeError) as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=batch.pk))
        self._audited("download", batch)
        return _download(content, f"待更正-{batch.filename.rpartition('.')[0]}.xlsx")

    @expose("/ledger.xlsx")
    def ledger_file(self) -> Any:
        """The ledger back from the records of a year."""
        year = request.args.get("year", type=int) or clock.today().year
        try:
            rows = ledger_export.export_rows(acting(), year, clock.today())
        except PolicyError:
            abort(403)
        content = tables.xlsx_stream(
            ledger_export.HEADERS, rows, sheet=f"{year}年度推荐汇总表", text_columns=ledger_export.TEXT
        )
        self._audited("export", None, f"{year} 年度推荐汇总表")
        return _download(content, f"{year}年度推荐汇总表.xlsx")

    @expose("/template.xlsx")
    def template_file(self) -> Any:
        self._demand("create")
        return _download(
            tables.xlsx_stream(ledger_export.HEADERS, (), sheet="推荐汇总表"), "推荐汇总表模板.xlsx"
        )

    def _audited(self, verb: str, subject: Document | None, reason: str = "") -> None:
        transact(lambda: audit.record(verb, actor=acting(), now=clock.now(), subject=subject, reason=reason))

    def _demand(self, verb: str) -> None:
        if not self.may(verb):
            abort(403)


def _recognised(data: bytes, year: int) -> tuple[tuple[Column, ...], int | None, str]:
    """The file's columns with what they were taken for; a note where a required one is missing."""
    try:
        found = ledger.parse(data, year=year)
    except ColumnsMissing as missing:
        return missing.columns, None, str(missing)
    return found.columns, len(found.rows) + len(found.originals), ""


def _posted(found: Sequence[Column]) -> tuple[Column, ...]:
    """The columns as the clerk has put them; a field is given to one column only."""
    known = {name for name, _, _ in TARGETS}
    chosen = {}
    for one in found:
        field = request.form.get(f"column-{one.index}", one.field)
        chosen[one.index] = field if field in known or field == one.field else ""
    named = [field for field in chosen.values() if field]
    if twice := {label for name, label, _ in TARGETS if named.count(name) > 1}:
        raise ExchangeError(f"“{'、'.join(sorted(twice))}”对应了不止一列，请只留一列。")
    return tuple(Column(one.index, one.heading, chosen[one.index]) for one in found)


def _samples(rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> dict[int, str]:
    """A cell from below the header of each column."""
    headings = {one.index: one.heading for one in columns if one.heading}

    def named(row: Sequence[Any]) -> int:
        return sum(
            i < len(row) and "".join(str(row[i]).split()) == heading for i, heading in headings.items()
        )

    top = max(range(len(rows)), key=lambda number: named(rows[number]), default=0)
    found: dict[int, str] = {}
    for row in rows[top + 1 : top + 6]:
        for index, cell in enumerate(row):
            if cell not in (None, "") and index not in found:
                found[index] = str(cell[1] if isinstance(cell, list) else cell)[:40]
    return found


def _units(names: Sequence[str], view: ScopedView) -> dict[str, str]:
    """Links to the units of these names, as far as they exist for the actor: a guess must not be confirmed."""
    rows = scope.rows(acting(), Unit, clock.today())
    found = rows.filter(name__in=names).only("name") if names else ()
    return {unit.name: view.get_url("unit.details_view", id=unit.pk) for unit in found}


def _shown(line: ImportLine, areas: Mapping[str, str], units: Mapping[str, str]) -> dict[str, Any]:
    outcome = RowOutcome(line.outcome)
    told = [f"{column}：{why}" for column, why in line.problems]
    told += [f"{label}：{old or '（空）'} → {new or '（空）'}" for label, old, new in line.differences]
    told += [f"已规范 {column}：{was} → {now}" for column, was, now in line.normalised]
    told += ["逾期：管理平台提交日期晚于截止日"] if line.late else []
    marked = outcome is not RowOutcome.REFUSED and (line.late or line.normalised)
    return {
        "number": line.row, "state": outcome.label, "badge": "warning" if marked else outcome.badge, "problems": told,
        "cells": (line.name, areas.get(line.area, ""), Kind(line.kind).label if line.kind else ""),
        "label": line.name or "（未显示）", "url": units.get(line.name), "ok": outcome is not RowOutcome.REFUSED,
        "message": "；".join([outcome.label, *told] if outcome is not RowOutcome.REFUSED else told),
    }  # fmt: skip


def _facts(counts: Mapping[str, int]) -> list[tuple[str, int, str]]:
    return [
        (one.label, counts[one.value], "danger" if one is RowOutcome.REFUSED else "") for one in RowOutcome
    ]


def _counted(counts: Mapping[str, int]) -> str:
    return "，".join(f"{one.label} {counts[one.value]}" for one in RowOutcome if counts.get(one.value))


def _download(content: Any, name: str) -> Response:
    headers = {"Content-Disposition": content_disposition(name), "X-Content-Type-Options": "nosniff"}
    return Response(
        io.BytesIO(content) if isinstance(content, bytes) else content, mimetype=XLSX, headers=headers
    )
