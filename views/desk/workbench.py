"""The workbench: the actor's waiting and late tasks, the next legal date, and the search."""

from typing import Any

from flask import redirect, request, url_for
from flask_admin import AdminIndexView, expose

from app import clock
from app.policy import access, deadlines
from app.policy.access import Actor
from app.policy.resources import RESOURCES
from app.services import desk
from app.services.core import rules
from models.filing.applications import Application
from models.registry.units import Unit
from views import by, signed_in
from views.desk import figures
from views.panel import formats


class WorkbenchView(AdminIndexView):
    """The first page of every role after login."""

    def __init__(self) -> None:
        super().__init__(name="工作台", endpoint="admin", url="/admin")

    def is_accessible(self) -> bool:
        """Return whether somebody is signed in."""
        return signed_in()

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        """Redirect to the login, from there back to the page asked for."""
        return redirect(url_for("session.login", next=request.full_path))

    @expose("/")
    def index(self) -> str:
        """Render the first page after login."""
        me = by()
        return self.render(
            "ui/workbench.html",
            title="工作台",
            today_label=formats.day(None, me.today, ""),
            todo=[_task_line(task) for task in desk.waiting_tasks(me)],
            messages=[
                {"at": f"{message.at:%m-%d %H:%M}", "text": message.text, "url": message.link, "unread": True}
                for message in desk.unread_messages(me.actor)
            ],
            read_url=url_for(".read"),
            next_date=_next_date() if access.may(me.actor, "read", "rule") else None,
            parts=figures.parts(me.actor),
        )

    @expose("/figures/")
    def figures(self) -> str:
        """Render the year's figures, as a part of the workbench or as a page."""
        return figures.year(self, by())

    @expose("/trends/")
    def trends(self) -> str:
        """Render the trends of the annual figures, the same way."""
        return figures.trends(self, by())

    @expose("/messages/read/", methods=("POST",))
    def read(self) -> Any:
        """Mark the actor's messages as read."""
        desk.mark_messages_read(by())
        return redirect(url_for(".index"))

    @expose("/search/")
    def search(self) -> str:
        """Render the records that match a name, former name, credit code or document number."""
        text = request.args.get("q", "").strip()
        results = desk.search_records(text, by())
        return self.render(
            "ui/search.html", title="搜索", q=text, found=[_search_group(result, text) for result in results]
        )


def may_search(actor: Actor) -> bool:
    """Return whether the pages of the actor show the search box."""
    return bool(desk.searchable_models(actor))


def _search_group(result: desk.SearchResult, text: str) -> dict[str, Any]:
    more = url_for(f"{result.resource}.index_view", search=text, year="all") if result.has_more else None
    return {
        "label": RESOURCES[result.resource].label,
        "hits": [
            (str(hit), url_for(f"{result.resource}.details_view", id=hit.pk), _distinction(hit))
            for hit in result.hits
        ],
        "all_url": more,
    }


def _distinction(hit: Any) -> str:
    """Return the facts that tell hits of the same name apart."""
    match hit:
        case Unit():
            return f"{formats.area_name(hit.area)} · {hit.credit_code}"
        case Application():
            return f"{formats.area_name(hit.area)} · {hit.get_stage_display()}"
    return f"{hit.number_text or '未编号'} · {hit.get_state_display()}"


def _task_line(task: desk.Task) -> dict[str, Any]:
    return {
        "due": f"{task.due.month}月{task.due.day}日" if task.due else "",
        "late": task.late,
        "article": task.article,
        "text": task.text,
        "url": url_for(f"{task.resource}.{task.page}", **task.query),
        "count": task.count,
    }


def _next_date() -> dict[str, Any]:
    due = deadlines.next_legal_date(rules.pack(), clock.today())
    return {
        "label": due.label,
        "date": formats.day(None, due.day, ""),
        "days": due.days_left(clock.today()),
        "hint": deadlines.holiday_hint(due.day, rules.Calendar()),
    }
