"""Public notices 公示 (第十五条)."""

import json
from collections.abc import Iterator
from typing import Any

from flask import url_for
from mongoengine import Document

from app.policy.flow import Offer
from app.services import lists
from models.lists import PublicNotice
from views import by
from views.panel.actions import Action
from views.panel.filters import From, Until, Year
from views.panel.flow import FlowView
from views.panel.published import Published
from views.panel.sections import Link, Related, Table


def _published_units(view: Any, record: PublicNotice) -> Iterator[tuple[str, ...]]:
    for line in map(json.loads, record.lines):
        yield line["name"], line["kind_label"], line["area_name"], line["industry"]


def _public_page(view: Any, record: PublicNotice) -> Iterator[Link]:
    yield Link("公示页面", url_for("public.notice", notice_id=record.pk))


class PublicNoticeView(Published, FlowView):
    """Public notices: units, period and the kind of days it is counted in."""

    column_list = ("title", "year", "first_day", "last_day", "days", "day_type")
    column_default_sort = ("first_day", True)
    column_filters = (Year("year", "年度"), From("first_day", "公示首日"), Until("last_day", "公示末日"))
    form_columns = ("title",)
    detail_groups = (
        ("公示", ("title", "year", "first_day", "last_day", "days", "day_type")),
        ("撤销", ("revoked_on", "revoked_by")),
    )
    help_articles = (15,)

    tables = (Table("公示单位", ("单位名称", "类别", "县（市、区）", "所属行业"), _published_units),)
    related = (Related("公开", (_public_page,)),)
    actions = {
        "certificate": Action(
            lists.draft_certificate, done=lambda paper: f"已拟出{paper.title}，请在“公文”中核对、送签。"
        )
    }

    def offers(self, record: Document) -> list[Offer]:
        """Return the statement of the outcome, with the reason it cannot be drafted yet."""
        return lists.certificate_offers(record, by=by())
