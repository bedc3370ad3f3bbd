"""Reminder rules: obligations, steps, recipients, wording and articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.policy.articles import article_label
from app.policy.deadlines import Reminder, calendar_reminders, relative_reminders
from app.policy.terms import Role, Term
from app.policy.workdays import Holidays, is_workday

ESCALATION = "UP"
_DAY = timedelta(days=1)


class DeliveryState(Term):
    """State of a reminder, a mail or a call to an outside address."""

    QUEUED = "queued", "待发送", "info"
    SENT = "sent", "已发送", "success"
    FAILED = "failed", "未送达", "danger"
    RETURNED = "returned", "退回", "danger"


class NoteKind(Term):
    """Notes that officials add to the ledger by hand."""

    PHONE = "phone", "电话告知", "info"
    PAPER = "paper", "纸质送达", "info"
    ANSWER = "answer", "单位答复", "success"
    BOUNCE = "bounce", "退信登记", "danger"


@dataclass(frozen=True)
class Rule:
    """A kind of obligation; a reminder of a date fixed by the rules cannot be switched off."""

    code: str
    label: str
    article: int
    steps: str  # the discretionary value that gives the steps: fixed days of the year, or days before the due day
    to: frozenset[Role]
    owes: str  # completes “名称 …”; {due} and {year} are filled in
    legal: bool = True
    superior: frozenset[Role] = frozenset()  # told when it is still owed some days after the due day
    open: str = "尚未办理"
    asks: str = "请督促办理"

    @property
    def cited(self) -> str:
        return f"细则{article_label(self.article)}"


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_FILER = _roles(Role.UNIT, Role.COUNTY)
_ABOVE = _roles(Role.CITY)

# fmt: off
_ROWS = (
    #    code             label                   art. steps                      to
    Rule("annual_report", "填报年度动态管理表",    18, "annual_report_reminders", _FILER,
         "应于{due}前填报{year}年度动态管理表", superior=_ABOVE),
    Rule("application",   "提交评价报告和申报",    12, "reminder_days",           _FILER,
         "的{year}年度申报尚未提交，应于{due}前提交评价报告"),
    Rule("county_list",   "报送推荐名单",          13, "reminder_days",           _roles(Role.COUNTY),
         "，应于{due}前综合评价并报送推荐名单", superior=_ABOVE),
    Rule("correction",    "补正申报材料",          13, "reminder_days",           _FILER,
         "的{year}年度申报已退回补正，应于{due}前补正", legal=False, superior=_ABOVE),
    Rule("report_correction", "补正年度动态管理表", 18, "reminder_days",          _FILER,
         "的{year}年度动态管理表已退回补正，应于{due}前补正", legal=False, superior=_ABOVE),
    Rule("lapse",         "培育期满",              14, "reminder_days",           _roles(Role.UNIT, Role.COUNTY, Role.CITY),
         "作为培育对象的有效期至{due}，期满次日自动转出", open="即将期满", asks="请安排指导和评审"),
)
# fmt: on

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _ROWS}

# What else the system says to people: on the screen always, by mail unless switched off.
PROGRESS = "progress"
PROGRESS_LABEL = "办理进度、审签和系统提示"


@dataclass(frozen=True, slots=True)
class Obligation:
    """An outstanding duty with its due date; `subject` is the key of the unit or area in the ledger."""

    rule: str
    subject: str
    name: str
    area: str
    year: int
    due: date
    kind: str = ""
    unit_id: Any = None
    link: str = ""


def steps(rule: Rule, due: date, values: Mapping[str, Any], holidays: Holidays) -> tuple[Reminder, ...]:
    """Return every step towards a due day, escalation included, in order of days."""
    steps = values[rule.steps]
    if all(isinstance(part, str) for part in steps):
        reminders = calendar_reminders(steps, due)
    elif values["reminder_day_type"] == "working":
        reminders = tuple(_in_workdays(before, due, holidays) for before in steps)
    else:
        reminders = relative_reminders(steps, due)
    if rule.superior:
        after = values["escalation_days"]
        reminders += (Reminder(ESCALATION, f"逾期{after}天，报上一级", due + timedelta(days=after)),)
    return tuple(sorted(reminders, key=lambda step: step.day))


def steps_on(
    rule: Rule, due: date, day: date, values: Mapping[str, Any], holidays: Holidays
) -> tuple[Reminder, ...]:
    """Return the steps that fall on a day."""
    return tuple(step for step in steps(rule, due, values, holidays) if step.day == day)


def recipients(rule: Rule, step: Reminder) -> frozenset[Role]:
    """Return the roles that a step is addressed to."""
    return rule.superior if step.code == ESCALATION else rule.to


def text(rule: Rule, owed: Obligation, step: Reminder, today: date) -> str:
    """Return the sentence of one reminder on the day it is sent."""
    owes = rule.owes.format(due=_written(owed.due), year=owed.year)
    if step.code == ESCALATION:
        return f"{owed.name}{owes}（{rule.cited}），{_when(owed.due, today)}仍未办理，请督办。"
    return f"{owed.name}{owes}（{rule.cited}），{_when(owed.due, today)}。"


def summary(rule: Rule, owed: Sequence[Obligation], step: Reminder, today: date) -> str:
    """Return one sentence for many obligations: their number, first names, due day and article."""
    names = "、".join(obligation.name for obligation in owed[:3])
    asks = "请督办" if step.code == ESCALATION else rule.asks
    when = _when(owed[0].due, today)
    return f"{rule.label}（{rule.cited}）：{len(owed)}家{rule.open}，{when}。{names}等，{asks}。"


def _when(due: date, today: date) -> str:
    left = (due - today).days
    return f"距截止{left}天" if left > 0 else "今日截止" if not left else f"已逾期{-left}天"


def _in_workdays(before: int, due: date, holidays: Holidays) -> Reminder:
    """Return a step counted in working days; its code differs from that of calendar days."""
    day, left = due, abs(before)
    while left:
        day += -_DAY if before > 0 else _DAY
        left -= is_workday(day, holidays)
    plain = relative_reminders((before,), due)[0]
    return Reminder(plain.code.replace("T", "W"), plain.label.replace("天", "个工作日"), day)


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
