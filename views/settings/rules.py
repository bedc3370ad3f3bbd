"""规则与酌定事项：细则固定的照录不可改；细则未定的可设，注明谁提出、谁批准、为何改。"""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import BaseView, expose

from app.policy import access, articles
from app.policy.filing import cultivation, eligibility
from app.policy.flow import PolicyError
from app.policy.terms import ProposalState, as_set
from app.services.core import rules
from app.services.settings import values as settings
from models.settings.values import Proposal, Setting
from views import acting, by, signed_in

LATEST = 20  # proposals on the page; the list has them all


class RuleView(BaseView):
    """规则：细则条文、步骤表、核查项目、酌定事项，都出自同一张表。"""

    icon = "fa-book"
    resource = "rule"

    def is_accessible(self) -> bool:
        return signed_in() and access.may(acting(), "read", "rule")

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return redirect(self.get_url("session.login")) if not signed_in() else abort(403)

    @expose("/")
    def index(self) -> str:
        pack = rules.pack()
        return self.render(
            "ui/rules.html",
            title="规则",
            intro=f"{pack.rules.citation}，自{pack.rules.in_force_from}起施行，有效期至{pack.rules.in_force_to}（第二十九条）。",
            pack=[("规则包", f"{pack.city.name} {pack.version}"), ("摘要", pack.digest[:16])],
            sections=[_dates(), _steps(), _requirements(), _discretion()],
            articles=[(one.number, "", "\n".join(one.paragraphs)) for one in pack.articles.values()],
        )


def _dates() -> dict[str, Any]:
    rows = [
        (one.label, f"{one.month}月{one.day}日", articles.article_label(one.article))
        for one in rules.pack().dates.values()
    ]
    return {
        "id": "dates",
        "title": "法定日期",
        "intro": "“前”含当日；遇节假日不顺延，只提示。",
        "headers": ("事项", "每年", "条款"),
        "rows": rows,
    }


def _steps() -> dict[str, Any]:
    rows = [
        (
            step.label,
            "、".join(sorted(one.label for one in as_set(step.source))),
            step.target.label,
            "、".join(one.label for one in as_set(step.by)),
            step.approved_by.label if step.approved_by else "",
            articles.article_label(step.article),
        )
        for step in cultivation.STEPS
    ]
    return {
        "id": "steps",
        "title": "办理步骤",
        "intro": "按钮、权限和办理过程都来自这张表。",
        "headers": ("步骤", "从", "到", "谁办", "谁审签", "条款"),
        "rows": rows,
    }


def _requirements() -> dict[str, Any]:
    rows = [
        (one.cited, one.label, "、".join(sorted(kind.label for kind in one.kinds)))
        for one in eligibility.REQUIREMENTS
    ]
    return {
        "id": "requirements",
        "title": "资格核查项目",
        "intro": "",
        "headers": ("条款", "内容", "适用"),
        "rows": rows,
    }


def _discretion() -> dict[str, Any]:
    values = rules.values()
    own = {one.key: one for one in Setting.objects}
    rows = []
    for row in rules.pack().discretion.values():
        setting = own.get(row.key)
        by = _set_by(setting) if setting else "规则包默认"
        rows.append(
            (
                row.label,
                row.shown(values[row.key]) or "（未填）",
                articles.article_label(row.article) + "未规定",
                by,
            )
        )
    return {
        "id": "discretion",
        "title": "酌定事项",
        "intro": "细则没有规定、由市局设定的事项。",
        "headers": ("事项", "现行取值", "条款", "谁提出、谁批准、理由"),
        "rows": rows,
    }


def _set_by(setting: Setting) -> str:
    both = [f"{setting.set_by}提出", f"{setting.approved_by}批准" if setting.approved_by else ""]
    return f"{'、'.join(filter(None, both))}，{setting.set_at:%Y-%m-%d}：{setting.reason}"


class SettingView(BaseView):
    """酌定事项设置：市局经办逐项提出，写明理由，审签人批准后启用，记入审计。"""

    icon = "fa-sliders"
    resource = "setting"

    def is_accessible(self) -> bool:
        return signed_in() and access.may(acting(), "read", "setting")

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return redirect(self.get_url("session.login")) if not signed_in() else abort(403)

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        if request.method == "POST":
            self._propose()
            return redirect(self.get_url(".index"))
        values, seen = rules.values(), settings.seen_by(by())
        waiting = {one.target: one for one in seen.filter(state=ProposalState.PREPARED.value)}
        return self.render(
            "ui/settings.html",
            title="酌定事项",
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
            waiting=[_line(one) for one in waiting.values()],
            history=[_line(one) for one in seen.filter(state__ne=ProposalState.PREPARED.value)[:LATEST]],
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
            made = settings.propose(key, value, request.form.get("reason", ""), by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
        else:
            flash(f"已提出“{row.label}”改为{made.shown or '空'}，待审批；批准之前仍按现行取值。", "success")


def _line(one: Proposal) -> dict[str, Any]:
    """A proposal as the page of settings tells it."""
    return {
        "label": one.label,
        "former": one.former_shown,
        "shown": one.shown,
        "note": one.note,
        "answer": one.answer,
        "prepared": one.prepared_name,
        "at": one.prepared_at,
        "decided": one.decided_name,
        "state": one.get_state_display(),
        "badge": ProposalState(one.state).badge,
        "url": url_for("proposal.details_view", id=one.pk),
    }


_YES_NO = (("true", "是"), ("false", "否"))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "、".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)


def _from_text(row: Any, text: str) -> Any:
    """A typed value of the row's form; what cannot be read stays text and is refused with the row's own words."""
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
    """A whole number, else the text as it is: “--5”, and digits without end."""
    try:
        return int(text)
    except ValueError:
        return text
