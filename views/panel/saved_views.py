"""Named views above a list: the panel that offers them, saving and removing one."""

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

ARGUMENTS = ("search", "sort", "desc", "page_size", "tab", "year", ARGUMENT)


def conditions(query: str) -> str:
    """Return the conditions and columns in a list's address, without its page and other arguments."""
    return urlencode(
        [(name, value) for name, value in parse_qsl(query) if name in ARGUMENTS or name.startswith("flt")]
    )


def panel(view: Any) -> dict[str, Any] | None:
    """Return the views that the actor may open, and the one that is open; None for accounts without views."""
    actor = acting()
    if not access.may(actor, "create", "savedview"):
        return None
    now = sorted(parse_qsl(conditions(request.query_string.decode())))
    entries = [
        {
            "name": saved["name"],
            "url": f"{view.get_url('.index_view')}?{saved.get('query') or ''}",
            "mine": saved["username"] == actor.username,
            "shared": saved.get("shared"),
            "owner": saved.get("owner_name"),
            "active": bool(now) and sorted(parse_qsl(saved.get("query") or "")) == now,
        }
        for saved in settings.visible_views(view.resource, actor)
    ]
    return {"entries": entries, "active": next((entry for entry in entries if entry["active"]), None)}


def act(view: Any) -> Any:
    """Save the list that the form was sent from, or remove a view, and go back to the list."""
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
