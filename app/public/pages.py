"""Pages without login: the published list and the public notices."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from app import clock
from app.policy.terms import Kind
from app.services import lists
from app.services.core import rules

blueprint = Blueprint("public", __name__)

PAGE_SIZE = 50


@blueprint.get("/")
def index() -> str:
    """Show the published list with search and filters, and current notices."""
    filters = _filters()
    page = request.args.get("page", 0, type=int)
    count, entries = lists.published_entries(**filters, page=page, size=PAGE_SIZE)
    today = clock.today()

    def pager_url(number: int) -> str:
        return url_for(".index", **(request.args.to_dict() | {"page": number}))

    return render_template(
        "public/index.html",
        entries=entries,
        notices=[_notice_line(notice, today) for notice in lists.published_notices(today)],
        q=filters["q"],
        kind=filters["kind"],
        area=filters["area"],
        year=filters["year"] or "",
        kinds=Kind.choices(),
        areas=[(area.code, area.name) for area in rules.pack().areas],
        announcements=lists.published_revocations(),
        years=[(year, f"{year} 年") for year in lists.published_years()],
        count=count,
        page=page,
        num_pages=-(-count // PAGE_SIZE),
        pager_url=pager_url,
        **frame(),
    )


@blueprint.get("/notices/<notice_id>")
def notice(notice_id: str) -> str:
    """Show a notice: period, units, and how to raise an objection."""
    published = lists.find_published_notice(notice_id, clock.today()) or abort(404)
    return render_template(
        "public/notice.html",
        title=published.title,
        start=published.first_day,
        end=published.last_day,
        open=published.open_on(clock.today()),
        paragraphs=[],
        headers=("单位名称", "类别", "县（市、区）", "所属行业"),
        rows=published.lines,
        revoked=published.revoked,
        objection=() if published.revoked else OBJECTION,
        back_url=url_for(".index"),
        **frame(),
    )


# As the notice itself says it; anonymous or late objections are not accepted.
OBJECTION = (
    "公示期间如有异议，请以书面形式实名反映。以单位名义反映的须加盖公章并注明联系人、联系方式；"
    "以个人名义反映的须签署真实姓名、联系方式，并提供具体事项及佐证材料。",
)


def _filters() -> dict[str, Any]:
    """Return search text and filters; an unknown value matches no entry."""
    year = request.args.get("year", "")
    return {
        "q": request.args.get("q", ""),
        "kind": request.args.get("kind", ""),
        "area": request.args.get("area", ""),
        "year": int(year) if year.isdecimal() and len(year) == 4 else None,
    }


def _notice_line(notice: lists.PublishedNotice, today: Any) -> dict[str, Any]:
    return {
        "title": notice.title,
        "url": url_for(".notice", notice_id=notice.key),
        "start": notice.first_day,
        "end": notice.last_day,
        "open": notice.open_on(today),
        "revoked": notice.revoked,
    }


def frame() -> dict[str, Any]:
    """Return the variables that every public page needs."""
    values = rules.values()
    contact = "　".join(part for part in (values["contact_name"], values["contact_phone"]) if part)
    nav = [("名单与公示", url_for("public.index"), True), ("登录", url_for("session.login"), False)]
    return {
        "public_home": url_for("public.index"),
        "public_nav": nav,
        "publisher": rules.pack().city.bureau,
        "contact": contact,
    }
