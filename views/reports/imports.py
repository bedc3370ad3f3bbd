"""Filling in annual reports by workbook: choose, upload, preview, result."""

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, redirect, request

from app import clock
from app.exchange.errors import ExchangeError
from app.exchange.uploads import examine
from app.policy.flow import PolicyError
from app.policy.terms import Kind, RowOutcome
from app.services import reports
from app.services.core import files
from models.files import Attachment
from models.reports import AnnualReport
from views import acting, by

MAX_BYTES = 10 * 1024 * 1024
MAX_CHANGES = 12  # shown of one unit in a preview


def start(view: Any, error: str = "") -> Any:
    year = clock.today().year
    kinds = Kind.choices()
    years = [(str(past), f"{past} 年度") for past in range(year, 2024, -1)]
    chosen_kind = request.values.get("kind", Kind.FACTORY.value)
    chosen_year = request.values.get("year", str(year))
    return view.render(
        "ui/report_import.html",
        title="用表格填报年度动态管理表",
        error=error,
        kinds=kinds,
        years=years,
        kind=chosen_kind,
        year=chosen_year,
        templates=[
            (label, view.get_url(".template_view", kind=kind, year=chosen_year)) for kind, label in kinds
        ],
        post_url=view.get_url(".import_view"),
        return_url=view.get_url(".index_view"),
        max_size=f"{MAX_BYTES >> 20} MB",
    )


def upload(view: Any) -> Any:
    """Store the file as staging and show its effects."""
    posted, year = request.files.get("file"), request.form.get("year", type=int) or clock.today().year
    kind = request.form.get("kind", "")
    try:
        if posted is None or not posted.filename:
            raise ExchangeError("请选择文件。")
        content = posted.read(MAX_BYTES + 1)
        examined = examine(content, posted.filename, allowed=("xlsx",), max_size=MAX_BYTES)
        reports.plan_import(content, kind, year, by=by())
        stored = files.store(examined, content, by=by())
    except (ExchangeError, PolicyError) as refusal:
        return start(view, str(refusal))
    return redirect(view.get_url(".preview_view", file=stored.pk, kind=kind, year=year))


def preview(view: Any) -> Any:
    stored = files.staged(acting(), request.args.get("file")) or abort(404)
    kind, year = request.args.get("kind", ""), request.args.get("year", type=int) or abort(404)
    try:
        plan = reports.plan_import(files.content(stored), kind, year, by=by())
    except (ExchangeError, PolicyError) as refusal:
        flash(str(refusal), "error")
        return redirect(view.get_url(".import_view"))
    if request.method == "POST":
        if request.form.get("digest") == plan.digest:
            return _imported(view, reports.commit_import(plan, by=by()))
        flash("预览之后数据有了变化，请重新核对后再确认。", "error")
    return _preview_page(view, stored, plan)


def _preview_page(view: Any, stored: Attachment, plan: reports.ImportPlan) -> str:
    kind, year = request.args.get("kind", ""), request.args.get("year", type=int)
    good = plan.count(RowOutcome.NEW) + plan.count(RowOutcome.CHANGED)
    return view.render(
        "ui/import_preview.html",
        title=f"核对：{stored.filename}",
        counts=[
            ("新建", plan.count(RowOutcome.NEW), "success"),
            ("更新", plan.count(RowOutcome.CHANGED), "success"),
            ("无变化", plan.count(RowOutcome.SAME), ""),
            ("未通过", plan.count(RowOutcome.REFUSED), "danger"),
        ],
        headers=("单位名称", "变化", "数据疑点"),
        rows=[
            {
                "number": row.row,
                "state": row.outcome.label,
                "badge": row.outcome.badge,
                "problems": row.problems,
                "cells": (row.name, _changes(row), "；".join(row.doubts[:5])),
            }
            for row in plan.rows
        ],
        note="“未通过”的行不会写入，其余各行可先导入；数据疑点不影响导入，报送前须更正或说明。",
        can_apply=good > 0,
        apply_label=f"确认导入 {good} 家",
        hidden=[("digest", plan.digest)],
        back_url=view.get_url(".import_view", kind=kind, year=year),
        back_label="重新上传",
        post_url=view.get_url(".preview_view", file=stored.pk, kind=kind, year=year),
    )


def _changes(row: reports.PlannedRow) -> str:
    shown = [f"{label}：{old or '空'} → {new or '空'}" for label, old, new in row.differences[:MAX_CHANGES]]
    more = f"等 {len(row.differences)} 项" if len(row.differences) > MAX_CHANGES else ""
    return "；".join(shown) + more


def _imported(view: Any, results: Iterable[tuple[str, str, AnnualReport | None]]) -> Any:
    lines = [
        (name, view.get_url(".details_view", id=report.pk) if report else "", not why, why)
        for name, why, report in results
    ]
    return view.tell_lines("导入结果", lines, view.get_url(".index_view"))
