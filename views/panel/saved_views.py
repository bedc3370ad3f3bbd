"""Named views above a list: what is offered there, and keeping or removing one."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import abort, flash, redirect, request
from flask_admin.helpers import get_redirect_target

from app.policy import access
from app.policy.flow import PolicyError
from app.services import settings
from views import acting, by
from views.panel.columns import ARGUMENT

KEPT = ("search", "sort", "desc", "page_size", "tab", "year", ARGUMENT)


def conditions(query: str) -> str:
    """What a list's address asks for, without the page that it is on and whatever else hangs on it."""
    return urlencode(
        [(name, value) for name, value in parse_qsl(query) if name in KEPT or name.startswith("flt")]
    )


def panel(view: Any) -> dict[str, Any] | None:
    """The views that the actor may open, and the one that is open; None where he may keep none."""
    actor = acting()
    if not access.may(actor, "create", "savedview"):
        return None
    now = sorted(parse_qsl(conditions(request.query_string.decode())))
    entries = [
        {
            "name": one["name"],
            "url": f"{view.get_url('.index_view')}?{one.get('query') or ''}",
            "mine": one["username"] == actor.username,
            "shared": one.get("shared"),
            "owner": one.get("owner_name"),
            "active": bool(now) and sorted(parse_qsl(one.get("query") or "")) == now,
        }
        for one in settings.visible_views(view.resource, actor)
    ]
    return {"entries": entries, "active": next((one for one in entries if one["active"]), None)}


def act(view: Any) -> Any:
    """Keep the list that the form was sent from, or remove a view; back to the list with the answer."""
    form = request.form
    if not {"name", "drop"} & form.keys():
        abort(400)
    back = get_redirect_target() or view.get_url(".index_view")
    try:
        if name := form.get("drop"):
            settings.delete_view(view.resource, name, by=by())
            flash("视图已删除。", "success")
        else:
            asked = conditions(urlsplit(back).query)
            saved = settings.save_view(
                view.resource, form.get("name", ""), asked, shared=bool(form.get("shared")), by=by()
            )
            flash(f"已保存视图“{saved.name}”。", "success")
    except PolicyError as refusal:
        flash(str(refusal), "error")
    return redirect(back)
