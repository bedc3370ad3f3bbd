"""Entries of the lists 名单 (第十五、十七条)."""

from typing import Any

from flask import Response, abort, flash, redirect, request
from flask_admin import expose

from app.exchange.uploads import content_disposition
from app.policy.flow import PolicyError
from app.policy.terms import Kind, Level
from app.services.audit import export_evidence
from views import by
from views.panel import formats
from views.panel.filters import Choice, Year, YesNo
from views.panel.published import Published
from views.panel.sections import PageLink


class ListingView(Published):
    """Entries of the national, provincial and municipal lists side by side: none replaces another."""

    column_list = ("unit_name", "kind", "level", "area", "year", "entered_on", "source_paper", "in_force")
    column_formatters = {
        "area": formats.area,
        "kind": formats.words(Kind),
        "level": formats.words(Level),
    }
    column_formatters_detail = column_formatters | {
        "unit_name": formats.link("unit", "unit_id"),
    }
    column_default_sort = ("year", True)
    column_filters = (
        Year("year", "年度"),
        Choice("area", "县（市、区）", formats.areas),
        Choice("kind", "类别", Kind.choices()),
        Choice("level", "级别", Level.choices()),
        YesNo("in_force", "在册"),
    )
    tab_field = "level"
    form_columns = ("source_paper",)
    detail_groups = (
        (
            "名单条目",
            ("unit_name", "credit_code", "kind", "level", "area", "year", "entered_on", "source_paper"),
        ),
        ("状态", ("in_force", "removed_on", "revoked_on", "revoked_by")),
    )
    help_articles = (15, 17, 18)

    page_links = (
        PageLink(
            "导出证据包", ".evidence_file", "fa-file-archive-o", when=lambda view, record: view.may("export")
        ),
    )

    @expose("/evidence.zip")
    def evidence_file(self) -> Any:
        """Send everything behind this entry, with a manifest of digests and a script that checks it offline."""
        record = self.get_one(request.args.get("id"))
        if not self.may("export"):
            abort(403)
        try:
            content = export_evidence(record, by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        headers = {"Content-Disposition": content_disposition(f"证据包-{record.unit_name}-{record.year}.zip")}
        return Response(content, mimetype="application/zip", headers=headers)
