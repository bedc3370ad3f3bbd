"""Discretionary values: those in force, those proposed, and the form to propose another."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from app.policy import access
from app.policy.flow import PolicyError
from app.policy.terms import ProposalState
from app.services import settings
from app.services.core import rules
from models.settings.values import Proposal
from views import acting, by
from views.settings.page import ResourcePage

LATEST = 20  # proposals on the page; the list has them all


class SettingView(ResourcePage):
    """Discretionary values: the city proposes with a reason, its lead approves."""

    resource = "setting"

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        if request.method == "POST":
            self._propose()
            return redirect(self.get_url(".index"))
        values, seen = rules.values(), settings.visible_changes(by())
        waiting = {proposal.target: proposal for proposal in seen.filter(state=ProposalState.PREPARED.value)}
        return self.render(
            "ui/settings.html",
            title=self.name,
            rows=[
                {
                    "key": row.key,
                    "label": row.label,
                    "article": row.article,
                    "shown": row.shown(values[row.key]),
                    "text": _as_text(values[row.key]),
                    "choices": row.choices or (_YES_NO if row.form == "flag" else ()),
                    "default": row.shown(row.value),
                    "waits": row.key in waiting,
                }
                for row in rules.pack().discretion.values()
            ],
            waiting=[_line(proposal) for proposal in waiting.values()],
            history=[
                _line(proposal) for proposal in seen.filter(state__ne=ProposalState.PREPARED.value)[:LATEST]
            ],
            history_url=url_for("proposal.index_view"),
            editable=access.may(acting(), "create", "proposal"),
        )

    def _propose(self) -> None:
        if not access.may(acting(), "create", "proposal"):
            abort(403)
        key = request.form.get("key", "")
        row = rules.pack().discretion.get(key) or abort(404)
        try:
            value = _from_text(row, request.form.get("value", ""))
            proposal = settings.propose_value(key, value, request.form.get("reason", ""), by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
        else:
            flash(
                f"已提出“{row.label}”改为{proposal.shown or '空'}，待审批；批准之前仍按现行取值。", "success"
            )


def _line(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as the page of settings shows it."""
    return {
        "label": proposal.label,
        "former": proposal.former_shown,
        "shown": proposal.shown,
        "note": proposal.note,
        "answer": proposal.answer,
        "prepared": proposal.prepared_name,
        "at": proposal.prepared_at,
        "decided": proposal.decided_name,
        "state": proposal.get_state_display(),
        "badge": ProposalState(proposal.state).badge,
        "url": url_for("proposal.details_view", id=proposal.pk),
    }


_YES_NO = (("true", "是"), ("false", "否"))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "、".join(str(each) for each in value) if isinstance(value, (list, tuple)) else str(value)


def _from_text(row: Any, text: str) -> Any:
    """Parse a value of the row's form; unreadable text stays text, which the row refuses in its own words."""
    parts = [part for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip()]
    match row.form:
        case "number":
            return _whole(text)
        case "flag":
            return text == "true"
        case "steps":
            return [_whole(part) for part in parts]
        case "month_days":
            return [part.strip() for part in parts]
    return text.strip()


def _whole(text: str) -> Any:
    """Return a whole number, else the text unchanged: “--5”, or digits without end."""
    try:
        return int(text)
    except ValueError:
        return text
