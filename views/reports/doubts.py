"""The page of a report's doubts: a box for each, to say why the figures are right."""

from typing import Any

from flask import flash, redirect, request

from app.policy.flow import PolicyError
from app.services import reports
from models.reports import AnnualReport
from views import by
from views.panel import detail, editing
from views.reports import report_page


def page(view: Any, record: AnnualReport) -> Any:
    """Show the doubts, or save the posted explanations."""
    if request.method != "POST":
        return _page(view, record)
    explanations = {
        doubt.identity: request.form.get(f"explanation-{number}", "")
        for number, doubt in enumerate(record.findings)
    }
    try:
        reports.explain_doubts(record, explanations, version=editing.posted_version(), by=by())
    except PolicyError as refusal:
        flash(str(refusal), "error")
        return _page(view, record, request.form), 409
    flash("说明已保存。", "success")
    return redirect(view.get_url(".details_view", id=record.pk))


def _page(view: Any, record: AnnualReport, posted: Any = None) -> str:
    return view.render(
        "ui/report_doubts.html",
        title=f"数据疑点：{record}",
        rows=[
            {
                "finding": doubt,
                "name": f"explanation-{number}",
                "ratio": report_page.ratio(doubt),
                "text": posted.get(f"explanation-{number}", "") if posted else doubt.explanation or "",
            }
            for number, doubt in enumerate(record.findings)
        ],
        version=record.version,
        edit_url=view.get_url(".edit_view", id=record.pk),
        post_url=view.get_url(".doubts_view", id=record.pk),
        return_url=view.get_url(".details_view", id=record.pk),
        help_articles=detail.articles((18, 21)),
    )
