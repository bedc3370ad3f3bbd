"""推荐名单：县级按顺序推荐本地区全部符合条件的申报，推荐函和汇总表同时编号印发（第十三条）。"""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from mongoengine import Document

from app import clock
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Kind
from app.services import filing
from app.services.core import scope
from app.services.core.by import By
from models.filing.applications import Application
from models.papers import Paper
from views import acting, by
from views.lists.listing import Published
from views.panel import formats, step_inputs
from views.panel.fields import object_id
from views.panel.filters import Choice, Year


class CountyListView(Published):
    """推荐名单：一次报送一份函、一张汇总表，各申报同时转市局。"""

    column_list = ("area", "year", "platform_receipt", "filed_on", "prepared_name", "settled_at", "outcome")
    column_formatters = {"area": formats.area}
    column_default_sort = ("year", True)
    column_filters = (Year("year", "年度"), Choice("area", "县（市、区）", formats.areas))
    form_columns = ("platform_receipt",)
    detail_groups = (
        ("推荐名单", ("area", "year", "platform_receipt", "filed_on", "outcome")),
        ("办理", ("prepared_name", "prepared_at", "settled_at", "contact", "phone")),
    )
    help_articles = (13,)

    def search_placeholder(self) -> str:
        return "管理平台报送回执号"

    @property
    def can_create(self) -> bool:
        return filing.may_recommend(acting())

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Before: what would be recommended in which order; after: the list with its letter."""
        if not self.can_create:
            abort(403)
        actor, now = acting(), clock.now()
        if request.method == "POST":
            try:
                made = filing.recommend(self._chosen(), _filing(), by=By(actor, now))
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                flash(f"{made.outcome}。", "success")
                return redirect(self.get_url(".details_view", id=made.pk))
        return page(self, self._ticked())

    def _ticked(self) -> list[Application]:
        """The rows that the page was asked for; a foreign one is no row."""
        keys = [key for key in map(object_id, request.values.getlist("rowid")) if key]
        return list(scope.rows(by(), Application).filter(pk__in=keys))

    def _chosen(self) -> list[Application]:
        keys = list(dict.fromkeys(key for key in map(object_id, request.form.getlist("rowid")) if key))
        rows = {row.pk: row for row in scope.rows(by(), Application).filter(pk__in=keys)}
        if not keys:
            raise NotAllowed("请勾选要推荐的申报。")
        if set(rows) != set(keys):
            raise NotAllowed("所选申报中有不存在或不属于您的，整批未办理。")
        return [rows[key] for key in keys]

    def detail_context(self, record: Document) -> dict[str, Any]:
        context = super().detail_context(record)
        actor, today = acting(), clock.today()
        rows = {
            row.pk: row
            for row in scope.rows(By.on(actor, today), Application).filter(pk__in=record.application_ids)
        }
        context["tables"] = [
            (
                "推荐对象",
                ("顺序", "申报", "得分"),
                [
                    (
                        number,
                        Markup('<a href="{}">{}</a>').format(
                            url_for("application.details_view", id=key), rows[key]
                        ),
                        formats.shown(self, rows[key].score, "score"),
                    )
                    for number, key in enumerate(record.application_ids, start=1)
                    if key in rows
                ],
            )
        ]
        if paper := scope.find(By.on(actor, today), Paper, record.paper_id):
            context["related"] = [
                ("公文", [(str(paper), url_for("paper.details_view", id=paper.pk), "推荐函")])
            ]
        return context


def page(view: Any, ticked: list[Application]) -> str:
    """The list as it would be sent: everything that waits in its order, ticked where it is to go (all, unless told)."""
    now = clock.now()
    year, chosen = (ticked[0].year if ticked else now.year), {row.pk for row in ticked}
    judged = filing.awaiting_recommendation(year, by=By(acting(), now), chosen=ticked)
    return view.render(
        "ui/preflight.html",
        title=f"报送 {year} 年度推荐名单",
        label="推荐并印发推荐函",
        choosable=True,
        back_url=url_for("countylist.index_view"),
        post_url=url_for("countylist.create_view"),
        headers=("类别", "推荐顺序"),
        fields=_asked(),
        rows=[
            {
                "id": row.pk,
                "label": str(row),
                "url": url_for("application.details_view", id=row.pk),
                "ok": not why,
                "why": why,
                "facts": (Kind(row.kind).label, row.county_order or "未填"),
                "ticked": not chosen or row.pk in chosen,
            }
            for row, why in judged
        ],
        note="勾选的一次报送，推荐函使用本地区文号，附推荐汇总表；顺序取自各申报的“推荐顺序”。",
    )


def _asked() -> list[dict[str, Any]]:
    def text(name: str, label: str, help: str = "") -> dict[str, Any]:
        return {
            "name": name,
            "label": label,
            "required": True,
            "value": request.form.get(name, ""),
            "help": help,
        }

    return [
        text("platform_receipt", "管理平台报送回执号"),
        text("filed_on", "管理平台报送日期", "以回执为准；每年5月20日前（第十三条）。") | {"type": "date"},
        text("contact", "联系人"),
        text("phone", "联系电话"),
    ]


def _filing() -> filing.FilingDetails:
    return filing.FilingDetails(
        request.form.get("platform_receipt", ""),
        step_inputs.posted_day("filed_on", "管理平台报送日期"),
        request.form.get("contact", ""),
        request.form.get("phone", ""),
    )
