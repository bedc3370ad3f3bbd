"""Page of one's own message settings: address and mailed messages; legal reminders cannot be switched off."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from app.policy.flow import PolicyError
from app.services import accounts, reminders
from models.accounts.people import User
from views import by

blueprint = Blueprint("preferences", __name__)


@blueprint.route("/preferences", methods=["GET", "POST"])
@login_required
def page() -> ResponseReturnValue:
    if request.method == "GET":
        return _page(accounts.load_user(current_user.pk))
    email, mailed = request.form.get("email", ""), request.form.getlist("mailed")
    try:
        reminders.save_preferences(current_user, email=email, mailed=mailed, by=by())
    except PolicyError as refusal:
        return _page(accounts.load_user(current_user.pk), error=str(refusal), typed=email), 400
    flash("消息设置已保存。", "success")
    return redirect(url_for(".page"))


def _page(user: User, error: str = "", typed: str | None = None) -> str:
    return render_template(
        "ui/preferences.html",
        title="消息设置",
        email=user.email or "" if typed is None else typed,
        rows=reminders.preferences(user),
        error=error,
        problem=reminders.last_problem(user.username),
        mailing=bool(current_app.config["SETTINGS"].smtp_url),
    )
