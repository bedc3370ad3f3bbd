"""公示、名单（第十五、十七条）。"""

import json
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from mongoengine import Document

from app.exchange.uploads import content_disposition
from app.policy.flow import Offer, PolicyError
from app.policy.terms import Kind, Level
from app.services import lists
from app.services.audit import evidence
from views import by
from views.panel import formats
from views.panel.base import ScopedView
from views.panel.filters import Choice, From, Until, Year, YesNo
from views.panel.flow import FlowView


class Published(ScopedView):
    """A screen over what only publication writes: nobody creates or edits a row by hand."""

    @property
    def can_create(self) -> bool:
        return False

    @property
    def can_edit(self) -> bool:
        return False


class PublicNoticeView(Published, FlowView):
    """公示：哪些单位、从哪天到哪天、按什么日子计算。"""

    column_list = ("title", "year", "first_day", "last_day", "days", "day_type")
    column_default_sort = ("first_day", True)
    column_filters = (Year("year", "年度"), From("first_day", "公示首日"), Until("last_day", "公示末日"))
    form_columns = ("title",)
    detail_groups = (
        ("公示", ("title", "year", "first_day", "last_day", "days", "day_type")),
        ("撤销", ("revoked_on", "revoked_by")),
    )
    help_articles = (15,)

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        lines = [json.loads(line) for line in record.lines]
        context["tables"] = [
            (
                "公示单位",
                ("单位名称", "类别", "县（市、区）", "所属行业"),
                [(one["name"], one["kind_label"], one["area_name"], one["industry"]) for one in lines],
            )
        ]
        context["related"] = [("公开", [("公示页面", url_for("public.notice", notice_id=record.pk), "")])]
        return context

    def offers(self, record: Document) -> list[Offer]:
        return lists.certificate_offers(record, by=by())

    def take(self, record: Document, action: str, version: int) -> str | None:
        if action != "certificate":
            abort(404)
        made = lists.draft_certificate(record, by=by())
        return f"已拟出{made.title}，请在“公文”中核对、送签。"


class ListingView(Published):
    """名单：国家、省、市三级条目并列，一级不取代另一级。"""

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

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        if self.may("export"):
            url = self.get_url(".evidence_file", id=record.pk)
            context["extra_links"] = [("导出证据包", url, "fa-file-archive-o")]
        return context

    @expose("/evidence.zip")
    def evidence_file(self) -> Any:
        """Everything behind this entry, with a manifest of digests and a script that checks it offline."""
        record = self.get_one(request.args.get("id"))
        if not self.may("export"):
            abort(403)
        try:
            content = evidence.bundle(record, by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=record.pk))
        headers = {"Content-Disposition": content_disposition(f"证据包-{record.unit_name}-{record.year}.zip")}
        return Response(content, mimetype="application/zip", headers=headers)
