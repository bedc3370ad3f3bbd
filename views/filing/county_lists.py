"""County lists: a county recommends its applications in order, with one letter and its table (第十三条)."""

from collections.abc import Iterator
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup

from app import clock
from app.policy.flow import NotAllowed, PolicyError
from app.policy.terms import Kind
from app.services import filing
from app.services.core import scope
from models.filing.applications import Application
from models.filing.county_lists import CountyList
from models.papers import Paper
from views import acting, by
from views.panel import formats, step_inputs
from views.panel.fields import object_id
from views.panel.filters import Choice, Year
from views.panel.published import Published
from views.panel.sections import Link, Related, Table


def _recommended(view: Any, record: CountyList) -> Iterator[tuple[Any, ...]]:
    rows = {row.pk: row for row in scope.rows(by(), Application).filter(pk__in=record.application_ids)}
    for place, key in enumerate(record.application_ids, start=1):
        if key in rows:
            url = url_for("application.details_view", id=key)
            link = Markup('<a href="{}">{}</a>').format(url, rows[key])
            yield place, link, formats.shown(view, rows[key].score, "score")


def _letter(view: Any, record: CountyList) -> Iterator[Link]:
    if paper := scope.find(by(), Paper, record.paper_id):
        yield Link(str(paper), url_for("paper.details_view", id=paper.pk), "推荐函")


class CountyListView(Published):
    """County lists: one filing is one letter with its table, and sends its applications on to the city."""

    column_list = ("area", "year", "platform_receipt", "filed_on", "prepared_name", "settled_at", "outcome")
    column_formatters = {"area": formats.area}
    column_default_sort = ("year", True)
    column_filters = (Year("year", "年度"), Choice("area", "县（市、区）", formats.areas))
    form_columns = ("platform_receipt",)
    detail_groups = (
        ("推荐名单", ("area", "year", "platform_receipt", "filed_on", "outcome")),
        ("办理", ("prepared_name", "prepared_at", "settled_at", "contact", "phone")),
    )
    tables = (Table("推荐对象", ("顺序", "申报", "得分"), _recommended, shown_empty=True),)
    related = (Related("公文", (_letter,)),)
    help_articles = (13,)

    def search_placeholder(self) -> str:
        return "管理平台报送回执号"

    @property
    def can_create(self) -> bool:
        return filing.may_recommend(acting())

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Show the applications that await recommendation; on POST, file the ticked ones as a list."""
        if not self.can_create:
            abort(403)
        if request.method == "POST":
            try:
                county_list = filing.recommend(_chosen(), _filing_details(), by=by())
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                flash(f"{county_list.outcome}。", "success")
                return redirect(self.get_url(".details_view", id=county_list.pk))
        return page(self, _ticked())


def _ticked() -> list[Application]:
    """Return the requested rows within the actor's scope."""
    keys = [key for key in map(object_id, request.values.getlist("rowid")) if key]
    return list(scope.rows(by(), Application).filter(pk__in=keys))


def _chosen() -> list[Application]:
    """Return the rows to be filed, in the order of the page. Raises NotAllowed for none or a foreign one."""
    keys = list(dict.fromkeys(key for key in map(object_id, request.form.getlist("rowid")) if key))
    rows = {row.pk: row for row in scope.rows(by(), Application).filter(pk__in=keys)}
    if not keys:
        raise NotAllowed("请勾选要推荐的申报。")
    if set(rows) != set(keys):
        raise NotAllowed("所选申报中有不存在或不属于您的，整批未办理。")
    return [rows[key] for key in keys]


def page(view: Any, ticked: list[Application]) -> str:
    """Return the page of a list before it is filed: every waiting row in order, all ticked unless `ticked` says."""
    year = ticked[0].year if ticked else clock.today().year
    keys = {row.pk for row in ticked}
    return view.render(
        "ui/preflight.html",
        title=f"报送 {year} 年度推荐名单",
        label="推荐并印发推荐函",
        choosable=True,
        back_url=url_for("countylist.index_view"),
        post_url=url_for("countylist.create_view"),
        headers=("类别", "推荐顺序"),
        fields=_inputs(),
        rows=[
            _line(row, why, ticked=not keys or row.pk in keys)
            for row, why in filing.awaiting_recommendation(year, by=by(), chosen=ticked)
        ],
        note="勾选的一次报送，推荐函使用本地区文号，附推荐汇总表；顺序取自各申报的“推荐顺序”。",
    )


def _line(row: Application, why: str, *, ticked: bool) -> dict[str, Any]:
    return {
        "id": row.pk,
        "label": str(row),
        "url": url_for("application.details_view", id=row.pk),
        "ok": not why,
        "why": why,
        "facts": (Kind(row.kind).label, row.county_order or "未填"),
        "ticked": ticked,
    }


def _inputs() -> list[dict[str, Any]]:
    return [
        _input("platform_receipt", "管理平台报送回执号"),
        _input("filed_on", "管理平台报送日期", "以回执为准；每年5月20日前（第十三条）。") | {"type": "date"},
        _input("contact", "联系人"),
        _input("phone", "联系电话"),
    ]


def _input(name: str, label: str, help: str = "") -> dict[str, Any]:
    value = request.form.get(name, "")  # a refused form keeps the entries
    return {"name": name, "label": label, "required": True, "value": value, "help": help}


def _filing_details() -> filing.FilingDetails:
    return filing.FilingDetails(
        request.form.get("platform_receipt", ""),
        step_inputs.posted_day("filed_on", "管理平台报送日期"),
        request.form.get("contact", ""),
        request.form.get("phone", ""),
    )
