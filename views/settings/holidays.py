"""The table of holidays, and the form that proposes the days of a notice."""

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from mongoengine import Document

from app.policy.flow import NotAllowed, PolicyError
from app.services import settings
from views import by
from views.panel.base import ScopedView
from views.panel.filters import YesNo

WORDS = {"放假": False, "上班": True, "删去": None}
RANGE = "至"
MAX_SPAN = 31  # days of one line


class HolidayView(ScopedView):
    """Days of the State Council's notices, before the built-in calendar; changed by proposals."""

    column_list = ("day", "works", "source", "set_by", "approved_by")
    column_default_sort = ("day", True)
    column_filters = (YesNo("works", "调休上班"),)
    form_columns = ("day", "works", "source")
    detail_groups = (("节假日", column_list),)

    def get_empty_list_message(self) -> str:
        return "还没有录入放假和调休：按内置日历，其中只有国务院已经公布的年份。"

    def may_edit(self, record: Document) -> bool:
        return False

    def extra_buttons(self) -> list[dict[str, str]]:
        return [
            {
                "url": url_for("proposal.index_view", flt0_target=settings.HOLIDAYS),
                "label": "修改和审批记录",
                "icon": "fa-history",
            }
        ]

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Propose the days of one notice together."""
        if not self.can_create:
            abort(403)
        text, source, reason = (request.form.get(name, "") for name in ("days", "source", "reason"))
        if request.method == "POST":
            try:
                proposal = settings.propose_holidays(_days(text), source, reason, by=by())
            except PolicyError as refusal:
                flash(str(refusal), "error")
            else:
                flash("已提出，待审批；批准之前仍按现行日历。", "success")
                return redirect(url_for("proposal.details_view", id=proposal.pk))
        return self.render(
            "ui/ask.html",
            title="提出增改节假日",
            label="送审批",
            back_url=self.get_url(".index_view"),
            intro="按国务院办公厅的放假通知填写，一次填完一份通知；批准后一并启用。",
            fields=_fields(text, source, reason),
        )


def _fields(days: str, source: str, reason: str) -> list[dict[str, Any]]:
    return [
        {
            "name": "days",
            "label": "日期",
            "type": "textarea",
            "required": True,
            "value": days,
            "help": "一行一项，如“2026-10-01至2026-10-07 放假”“2026-10-10 上班”；从表中删去的写“2026-10-01 删去”。",
        },
        {"name": "source", "label": "来源文号", "value": source, "help": "如“国办发明电〔2025〕7号”。"},
        {"name": "reason", "label": "修改理由", "type": "textarea", "required": True, "value": reason},
    ]


def _days(text: str) -> dict[date, bool | None]:
    """Parse the typed lines. Raises NotAllowed naming the line."""
    days: dict[date, bool | None] = {}
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        span, _, word = line.strip().replace("\t", " ").rpartition(" ")
        first, _, last = span.strip().partition(RANGE)
        try:
            start, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
            works = WORDS[word]
        except (ValueError, KeyError):
            raise NotAllowed(f"第 {number} 行应写成“年-月-日 放假”，或上班、删去。") from None
        if not 0 <= (end - start).days < MAX_SPAN:
            raise NotAllowed(f"第 {number} 行的起止日期不对：应由早到晚，不超过 {MAX_SPAN} 天。")
        days |= {start + timedelta(days=count): works for count in range((end - start).days + 1)}
    return days
