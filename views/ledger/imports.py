"""Import of the ledger: upload, columns, preview, result, refused rows, undo."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin import expose
from mongoengine import Document

from app import clock
from app.exchange import tables
from app.exchange.errors import ExchangeError
from app.exchange.records import Question, QuestionsOpen
from app.exchange.uploads import content_disposition
from app.policy.audit import Verb
from app.policy.flow import PolicyError
from app.policy.terms import BatchState
from app.services import ledger
from app.services.core import audit, files
from models.database import transact
from models.ledger import ImportBatch
from views import acting, by
from views.ledger import rows as import_rows
from views.panel import detail, formats
from views.panel.base import ScopedView

TARGETS = [(field.name, field.label, field.required) for field in ledger.TARGETS.values()]
NOTES = {
    "area": "须为本市现有县（市、区）或园区；县级只导入本地区的行",
    "credit_code": "18 位，校验位须正确",
    "institution": "评价方式为第三方评价时必填；登记中没有的机构列为待核实",
    "exclusions_stated": "按所填显示，不作为核查结论",
    "opinion_stated": "按所填显示，不作为综合评价意见",
    "submitted_on": "管理平台日期；晚于截止日的标为逾期，仍可导入",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportBatchView(ScopedView):
    """Import batches of the recommendation ledger."""

    column_list = ("filename", "year", "state", "counts", "name", "area", "at", "committed_at", "undone_at")
    column_formatters = {
        "area": lambda view, context, batch, name: formats.area_name(batch.area) if batch.area else "全市",
        "state": formats.label(BatchState),
        "counts": lambda view, context, batch, name: import_rows.outcome_counts(batch),
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
                return self._upload(request.files.get("file"), request.form.get("year", ""))
            except (ExchangeError, PolicyError) as refusal:
                error = str(refusal)
        years = [str(year) for year in range(clock.today().year, 2024, -1)]
        return self.render(
            "ui/import_upload.html",
            title="导入推荐汇总表",
            error=error,
            accept=".xlsx,.csv",
            post_url=self.get_url(".create_view"),
            back_url=self.get_url(".index_view"),
            max_size=f"{ledger.MAX_BYTES >> 20} MB",
            template_url=self.get_url(".template_file"),
            columns=[(label, required, NOTES.get(name)) for name, label, required in TARGETS],
            fields=[
                {
                    "name": "year",
                    "label": "年度",
                    "choices": [(year, year) for year in years],
                    "help": "不选则取表题中的年度，表题没有年度的按今年。",
                }
            ],
        )

    def _upload(self, posted: Any, year: str) -> Any:
        if posted is None or not posted.filename:
            raise ExchangeError("请选择文件。")
        data = posted.read(ledger.MAX_BYTES + 1)
        chosen = (
            int(year)
            if year.isdecimal() and len(year) == 4
            else ledger.stated_year(data) or clock.today().year
        )
        stored = ledger.upload_ledger(data, posted.filename, by=by())
        return redirect(self.get_url(".map_view", file=stored.pk, year=chosen))

    @expose("/map/", methods=("GET", "POST"))
    def map_view(self) -> Any:
        self._demand("create")
        me = by()
        stored = files.staged(me.actor, request.args.get("file")) or abort(404)
        year = request.args.get("year", type=int) or abort(404)
        try:
            sheet = {key: value for key, value in _answers().items() if key == "sheet"}
            recognised = ledger.recognise_columns(files.content(stored), year=year, answers=sheet)
        except (ExchangeError, PolicyError) as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".create_view"))
        chosen = {
            column.index: request.form.get(f"column-{column.index}", column.field)
            for column in recognised.columns
        }
        note, questions, answers = recognised.note, recognised.questions, _answers()
        if request.method == "POST":
            try:
                mapping = ledger.corrected_mapping(recognised.columns, chosen)
                meant = _year_meant(year, answers, recognised.questions)
                plan = ledger.preview_stored(stored, year=meant, mapping=mapping, answers=answers, by=me)
                return redirect(self.get_url(".preview_view", id=plan.batch.pk))
            except QuestionsOpen as still_open:
                asked = {question.key for question in questions}
                questions += tuple(each for each in still_open.questions if each.key not in asked)
                note = "请先回答下面的问题。"
            except (ExchangeError, PolicyError) as refusal:
                note = str(refusal)
        return self.render(
            "ui/import_map.html",
            title="核对各列",
            note=note,
            row_count=recognised.rows,
            targets=TARGETS,
            post_url=self.get_url(".map_view", file=stored.pk, year=year),
            back_url=self.get_url(".create_view"),
            columns=_column_choices(recognised, chosen),
            questions=questions,
            answers=answers,
        )

    # --- preview and result -----------------------------------------------------------------------------

    @expose("/preview/", methods=("GET", "POST"))
    def preview_view(self) -> Any:
        batch = self.get_one(request.args.get("id"))
        if request.method == "POST":
            self._demand("create")
            return self._act(batch, ledger.commit_import, "已导入。")
        if not batch.previewed:
            return redirect(self.get_url(".details_view", id=batch.pk))
        offers = {offer.action: offer for offer in ledger.import_offers(batch, actor=acting())}
        again = self.get_url(".map_view", file=batch.attachment_id, year=batch.year)
        return self.render(
            "admin/importbatch/preview.html",
            title=f"核对预览：{batch}",
            headers=import_rows.HEADERS,
            post_url=self.get_url(".preview_view", id=batch.pk),
            back_url=again if "map" in offers else None,
            offer=offers.get("commit"),
            **import_rows.page(self, batch, ".preview_view"),
        )

    @expose("/details/")
    def details_view(self) -> Any:
        batch = self.get_one(request.args.get("id"))
        if batch.previewed:
            return redirect(self.get_url(".preview_view", id=batch.pk))
        offers = {offer.action: offer for offer in ledger.import_offers(batch, actor=acting())}
        return self.render(
            "admin/importbatch/result.html",
            title=f"{BatchState(batch.state).label}：{batch}",
            back_url=self.get_url(".index_view"),
            back_label="返回导入列表",
            offer=offers.get("undo"),
            undo_url=self.get_url(".undo_view", id=batch.pk),
            timeline=detail.timeline(batch),
            **import_rows.page(self, batch, ".details_view", linked=True),
        )

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> Any:
        self._demand("edit")
        return self._act(
            self.get_one(request.args.get("id")), ledger.undo_import, "已撤销，记录恢复到导入之前。"
        )

    def _act(self, batch: ImportBatch, verb: Any, done: str) -> Any:
        try:
            verb(batch, by=by())
        except (PolicyError, ExchangeError) as refusal:
            flash(str(refusal), "error")
        else:
            flash(done, "success")
        return redirect(self.get_url(".details_view", id=batch.pk))

    # --- files ------------------------------------------------------------------------------------------

    @expose("/errors.xlsx")
    def errors_file(self) -> Any:
        """Download the refused rows, to be corrected and imported again."""
        batch = self.get_one(request.args.get("id"))
        try:
            content = ledger.refused_rows_file(batch)
        except (PolicyError, ExchangeError) as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=batch.pk))
        self._audit(Verb.DOWNLOAD, batch)
        return _download(content, f"待更正-{batch.filename.rpartition('.')[0]}.xlsx")

    @expose("/ledger.xlsx")
    def ledger_file(self) -> Any:
        """Export the records of a year as a ledger."""
        year = request.args.get("year", type=int) or clock.today().year
        try:
            rows = ledger.ledger_rows(by(), year)
        except PolicyError:
            abort(403)
        content = tables.xlsx_stream(
            ledger.LEDGER_HEADERS,
            rows,
            sheet=f"{year}年度推荐汇总表",
            created=clock.now(),
            text_columns=ledger.TEXT_COLUMNS,
        )
        self._audit(Verb.EXPORT, None, f"{year} 年度推荐汇总表")
        return _download(content, f"{year}年度推荐汇总表.xlsx")

    @expose("/template.xlsx")
    def template_file(self) -> Any:
        self._demand("create")
        content = tables.xlsx_stream(ledger.LEDGER_HEADERS, (), sheet="推荐汇总表", created=clock.now())
        return _download(content, "推荐汇总表模板.xlsx")

    def _audit(self, verb: Verb, subject: Document | None, reason: str = "") -> None:
        transact(lambda: audit.record(verb, by=by(), subject=subject, reason=reason))

    def _demand(self, verb: str) -> None:
        if not self.may(verb):
            abort(403)


def _answers() -> dict[str, str]:
    """Return the posted answers by the key of their question."""
    prefix = "answer-"
    posted = request.form.items()
    return {name.removeprefix(prefix): value for name, value in posted if name.startswith(prefix) and value}


def _year_meant(year: int, answers: Mapping[str, str], questions: Iterable[Question]) -> int:
    """Return the year that an answer names, if it was asked for, else the chosen one."""
    offered = {choice for question in questions if question.key == "year" for choice in question.choices}
    return int(answers["year"]) if answers.get("year") in offered else year


def _column_choices(recognised: Any, chosen: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the columns whose field the clerk may choose, each with a sample."""
    return [
        {
            "index": column.index,
            "header": column.heading,
            "field": chosen[column.index],
            "sample": recognised.samples.get(column.index, ""),
            "why": column.why,
        }
        for column in recognised.columns
        if column.field in ("", *ledger.TARGETS)
    ]


def _download(content: Any, name: str) -> Response:
    headers = {"Content-Disposition": content_disposition(name), "X-Content-Type-Options": "nosniff"}
    return Response(
        io.BytesIO(content) if isinstance(content, bytes) else content, mimetype=XLSX, headers=headers
    )
