"""工作台：现在要办什么，什么已经逾期，下一个法定日期；全局搜索。"""

from typing import Any

from flask import redirect, request, url_for
from flask_admin import AdminIndexView, expose
from mongoengine import Document

from app import clock
from app.policy import access, deadlines
from app.services.core import messages, rules, scope
from app.services.core.by import By
from app.services.desk import workbench
from models.filing.applications import Application
from models.papers import Paper
from models.registry.units import Unit
from models.search import matching
from views import acting, by, signed_in
from views.desk import figures
from views.panel import formats

HITS = 20
SEARCHED: tuple[tuple[type[Document], str], ...] = ((Unit, "单位"), (Application, "申报"), (Paper, "公文"))


class WorkbenchView(AdminIndexView):
    """工作台：每个角色登录后的第一页。"""

    def __init__(self) -> None:
        super().__init__(name="工作台", endpoint="admin", url="/admin")

    def is_accessible(self) -> bool:
        return signed_in()

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return redirect(url_for("session.login", next=request.full_path))

    @expose("/")
    def index(self) -> str:
        """The first page after login."""
        actor, now = acting(), clock.now()
        return self.render(
            "ui/workbench.html",
            title="工作台",
            today_label=formats.day(None, now.date(), ""),
            todo=[_line(line) for line in workbench.todo(By(actor, now))],
            messages=[
                {"at": f"{one.at:%m-%d %H:%M}", "text": one.text, "url": one.link, "unread": True}
                for one in messages.unread(actor)
            ],
            read_url=url_for(".read"),
            next_date=_next_date() if access.may(actor, "read", "rule") else None,
            parts=figures.parts(actor),
        )

    @expose("/figures/")
    def figures(self) -> str:
        """Where the year stands: read after the workbench itself, or as a page."""
        return figures.year(self, by())

    @expose("/trends/")
    def trends(self) -> str:
        """The trends of the annual figures, the same way."""
        return figures.trends(self, by())

    @expose("/messages/read/", methods=("POST",))
    def read(self) -> Any:
        messages.mark_read(by())
        return redirect(url_for(".index"))

    @expose("/search/")
    def search(self) -> str:
        """One box for names, former names, credit codes and document numbers, within the actor's rows."""
        wanted = request.args.get("q", "").strip()
        found = [_hits(model, label, wanted) for model, label in searchable(acting()) if wanted]
        return self.render(
            "ui/search.html", title="搜索", q=wanted, found=[one for one in found if one["hits"]]
        )


def searchable(actor: access.Actor) -> list[tuple[type[Document], str]]:
    """What the search box above every page looks through for somebody; nothing for who sees no case."""
    return [one for one in SEARCHED if access.may(actor, "read", scope.resource_of(one[0]))]


def _hits(model: type[Document], label: str, wanted: str) -> dict[str, Any]:
    """The first records of one kind that match, with what tells them apart, and where to find all of them."""
    resource = scope.resource_of(model)
    hits = list(matching(scope.rows(by(), model), wanted).limit(HITS + 1))
    return {
        "label": label,
        "hits": [
            (str(hit), url_for(f"{resource}.details_view", id=hit.pk), _apart(hit)) for hit in hits[:HITS]
        ],
        "all_url": url_for(f"{resource}.index_view", search=wanted, year="all") if len(hits) > HITS else None,
    }


def _apart(hit: Any) -> str:
    match hit:
        case Unit():
            return f"{formats.area_name(hit.area)} · {hit.credit_code}"
        case Application():
            return f"{formats.area_name(hit.area)} · {hit.get_stage_display()}"
    return f"{hit.number_text or '未编号'} · {hit.get_state_display()}"


def _line(line: workbench.Todo) -> dict[str, Any]:
    due = f"{line.due.month}月{line.due.day}日" if line.due else ""
    url = url_for(f"{line.resource}.{line.page}", **line.query)
    return {
        "due": due,
        "late": line.late,
        "article": line.article,
        "text": line.text,
        "url": url,
        "count": line.count,
    }


def _next_date() -> dict[str, Any]:
    due = deadlines.next_legal_date(rules.pack(), clock.today())
    return {
        "label": due.label,
        "date": formats.day(None, due.day, ""),
        "days": due.left(clock.today()),
        "hint": deadlines.holiday_hint(due.day, rules.Calendar()),
    }
