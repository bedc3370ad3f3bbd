"""Screen of the reminder ledger: entries, notes, units that have not filed, annex of a removal (第十八、二十一条)."""

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from mongoengine import Document

from app import clock
from app.exchange.uploads import content_disposition
from app.policy.flow import NotAllowed, Offer, PolicyError
from app.policy.privacy import masked_email
from app.policy.reminders import RULES, DeliveryState, NoteKind
from app.policy.terms import Kind, Role
from app.services import papers, reminders, reports
from app.services.core import scope
from models.registry.units import Unit
from models.reminders.entries import ReminderEntry
from views import acting, by
from views.panel import formats, step_inputs
from views.panel.actions import Action
from views.panel.filters import Choice, Exactly, From, Until, Year
from views.panel.flow import FlowView
from views.panel.published import Published
from views.panel.sections import PageLink, Table

MAX_SHOWN = 500


def _mail_to(view: Any, context: Any, model: ReminderEntry, name: str) -> str:
    return masked_email(model.mail_to or "")


def _role(view: Any, context: Any, model: ReminderEntry, name: str) -> str:
    role = Role(model.recipient_role).label
    return f"{model.recipient_name}（{role}）" if model.recipient_name else f"无接收人（{role}）"


def _state(view: Any, context: Any, model: ReminderEntry, name: str) -> Any:
    badge = formats.term(None, DeliveryState(model.state), "")
    lost = reminders.lost_mail(model)
    return badge + Markup(' <span class="small late">邮件{}</span>').format(lost.label) if lost else badge


_state.plain = formats.label(DeliveryState).plain  # type: ignore[attr-defined]  # exports name the state alone


def _noting(kind: NoteKind) -> Action:
    """Return the action that registers a call, a letter, an answer or a returned mail."""
    inputs = {
        "way": lambda: kind,
        "text": step_inputs.text("said"),
        "on": step_inputs.day("told_on", "日期"),
    }
    return Action(reminders.add_note, inputs, done=f"已登记：{kind.label}。")


def _note_rows(view: Any, record: ReminderEntry) -> list[tuple[Any, ...]]:
    return [(NoteKind(note.way).label, note.on, note.text, note.name) for note in record.notes]


def _has_annex(view: Any, record: ReminderEntry) -> bool:
    return bool(record.rule == reminders.ANNUAL_REPORT and record.unit_id and view.may("read"))


class ReminderEntryView(FlowView, Published):
    """The reminder ledger: one entry a unit, kind, year, step and recipient; never edited."""

    column_list = ("name", "rule", "step_label", "recipient_name", "area", "at", "state")
    column_formatters = {
        "rule": lambda view, context, model, name: RULES[model.rule].label,
        "area": formats.area,
        "kind": lambda view, context, model, name: Kind(model.kind).label if model.kind else "",
        "state": _state,
        "message": formats.label(DeliveryState),
        "mail": formats.label(DeliveryState),
        "mail_to": _mail_to,
        "recipient_name": _role,
    }
    column_export_list = (
        "name",
        "kind",
        "rule",
        "area",
        "year",
        "due",
        "step_label",
        "recipient_name",
        "text",
        "at",
        "state",
        "message",
        "mail",
        "mail_at",
        "problem",
    )
    column_default_sort = ("year", True)
    column_filters = (
        Year("year", "年度"),
        Exactly("name", "对象"),
        Choice("rule", "事项", [(row.code, row.label) for row in RULES.values()]),
        Choice("area", "县（市、区）", formats.areas),
        Choice("kind", "类别", Kind.choices()),
        Choice(
            "recipient_role",
            "接收人",
            [(role.value, role.label) for role in (Role.UNIT, Role.COUNTY, Role.CITY)],
        ),
        Choice("mail", "邮件", DeliveryState.choices()),
        From("at", "提醒日期"),
        Until("at", "提醒日期"),
    )
    tab_field = "state"
    year_field = "year"
    form_columns = ("text",)
    actions = {kind.value: _noting(kind) for kind in NoteKind}
    tables = (Table("登记", ("方式", "日期", "情况", "登记人"), _note_rows, shown_empty=True),)
    page_links = (PageLink("催报记录", ".annex", "fa-file-word-o", when=_has_annex),)
    detail_groups = (
        ("提醒", ("name", "kind", "area", "year", "rule", "due", "step_label", "text")),
        ("送达", ("recipient_name", "at", "state", "message", "mail", "mail_at", "mail_to", "problem")),
    )
    help_articles = (18, 21)

    def extra_buttons(self) -> list[dict[str, str]]:
        return [
            {"url": self.get_url(".index_view", view="open"), "label": "未填报单位", "icon": "fa-list-ul"}
        ]

    def offers(self, record: Document) -> list[Offer]:
        return reminders.note_offers(record, actor=acting())

    @expose("/annex/")
    def annex(self) -> Any:
        """Send the 催报记录 of the entry's unit, kind and year."""
        entry = self.get_one(request.args.get("id"))
        unit = scope.find(by(), Unit, entry.unit_id) or abort(404)
        try:
            content = reminders.annex_docx(unit, entry.kind, entry.year, by=by())
        except NotAllowed as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".details_view", id=entry.pk))
        name = f"{unit.name}{entry.year}年度催报记录.docx"
        return Response(
            content, mimetype=papers.DOCX_MIME, headers={"Content-Disposition": content_disposition(name)}
        )

    @expose("/")
    def index_view(self) -> Any:
        return self._unfiled() if request.args.get("view") == "open" else super().index_view()

    def _unfiled(self) -> str:
        """Show the units that have not filed, by area, with the year's figures."""
        year = _year()
        expected = reports.expected_reports(year, clock.today(), acting())
        rows = reminders.unfiled_reports(expected, year)
        wanted = request.args.get("area", "")
        shown = [row for row in rows if wanted in ("", row.owed.area)]
        return self.render(
            "ui/unfiled.html",
            title=f"{year}年度动态管理表未填报单位",
            year=year,
            years=[clock.today().year, clock.today().year - 1],
            area=wanted,
            standings=reminders.area_standings(expected, acting()),
            rows=[_line(row, year) for row in shown[:MAX_SHOWN]],
            more=max(len(shown) - MAX_SHOWN, 0),
            may_draft=bool(rows) and papers.may_draft(acting()),
        )

    @expose("/action/", methods=("POST",))
    def action_view(self) -> Any:
        """Draft the letter to all areas with every unit that has not filed."""
        if request.form.get("action") != "letter":
            abort(404)
        try:
            paper = reminders.draft_letter(_year(), by=by())
        except PolicyError as refusal:
            flash(str(refusal), "error")
            return redirect(self.get_url(".index_view", view="open"))
        flash("催报通知已拟稿，核对后送签。", "success")
        return redirect(url_for("paper.details_view", id=paper.pk))


def _year() -> int:
    wanted = request.values.get("year", "")
    return (
        int(wanted) if wanted.isdecimal() and len(wanted) == 4 and int(wanted) > 2000 else clock.today().year
    )


def _line(row: reminders.UnfiledReport, year: int) -> dict[str, Any]:
    owed = row.owed
    return {
        "name": owed.unit_name,
        "url": url_for("unit.details_view", id=owed.unit_id),
        "kind": Kind(owed.kind).label,
        "area": formats.area_name(owed.area),
        "state": owed.state,
        "overdue": owed.overdue,
        "reminded": row.reminded,
        "last_at": row.last_at,
        "reached": row.reached,
        "notes": row.notes,
        "ledger_url": url_for(
            "reminderentry.index_view", flt0_name=reminders.display_name(owed.unit_name, owed.kind)
        ),
    }
