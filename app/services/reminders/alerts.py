"""Alerts to the bureau about the calendar, the rules and reserved numbers, each sent once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from app.policy import deadlines
from app.policy.flow import PolicyError
from app.policy.terms import NumberState, ObjectionState, Role
from app.policy.workdays import uncertainty_hint
from app.services import papers
from app.services.core import messages, rules
from app.services.core.by import By
from models.accounts.people import User
from models.database import transactional
from models.lists import Objection, PublicNotice
from models.papers import Number
from models.reminders.notices import Notice

HOLIDAYS_EXPECTED_FROM = 11  # the State Council's office publishes next year's days off in the month before
EXPIRY_WARNING_DAYS = (90, 60, 30, 15, 7, 3, 1, 0, -1)
RESERVED_TOO_LONG = timedelta(days=7)


@transactional
def notify_roles(roles: Iterable[Role], key: str, text: str, link: str, *, now: datetime) -> int:
    """Send one message to every account of these roles that has not had it; return how many."""

    names = set(User.objects(role__in=[role.value for role in roles], active=True).scalar("username"))
    keys = {f"{key}:{name}": name for name in names}
    told = set(Notice.objects(key__in=list(keys)).scalar("key"))
    missing = [name for known, name in keys.items() if known not in told]
    messages.send(missing, key, text, link, now=now)
    return len(missing)


def announce_ended_notices(day: date, *, now: datetime) -> int:
    """Tell the city of public notices that ended the day before (第十五条); return how many."""
    over = list(PublicNotice.objects(last_day=day - timedelta(days=1), revoked_on=None))
    for notice in over:
        waiting = Objection.objects(notice_id=notice.pk, state=ObjectionState.OPEN.value).count()
        what = (
            f"还有{waiting}件异议未办结，办结后方可列入名单" if waiting else "无未办结异议，可以拟办列入名单"
        )
        link = f"/admin/publicnotice/details/?id={notice.pk}"
        notify_roles(
            [Role.CITY],
            f"notice-over:{notice.pk}",
            f"《{notice.title}》公示期满（第十五条）：{what}。",
            link,
            now=now,
        )
    return len(over)


def warn_of_expiry(day: date, *, now: datetime) -> str:
    """Warn that the rules expire (第二十九条), on fixed days before and on the day after; return the warning."""
    end = rules.pack().rules.in_force_to
    text = deadlines.expiry_notice(rules.pack(), day, rules.values()["expiry_warning_months"])
    first = deadlines.months_earlier(end, rules.values()["expiry_warning_months"])
    if not text or (day != first and (end - day).days not in EXPIRY_WARNING_DAYS):
        return ""
    notify_roles(
        [Role.CITY, Role.CITY_LEAD, Role.ADMIN], f"rules-end:{end}:{day}", text, "/admin/rule/", now=now
    )
    return text


def warn_of_missing_holidays(day: date, *, now: datetime) -> str:
    """Warn every Monday until next year's holidays are entered; return the warning.

    Without them working days are only provisional.
    """
    if day.month < HOLIDAYS_EXPECTED_FROM or day.weekday():
        return ""
    year = day.year + 1
    calendar = rules.Calendar()
    if any(calendar.get(date(year, 1, 1) + timedelta(days=count)) is False for count in range(365)):
        return ""
    text = f"{uncertainty_hint([year])}请在“节假日”中录入。"
    notify_roles([Role.CITY], f"holidays:{year}:{day}", text, "/admin/holiday/", now=now)
    return text


def void_old_numbers(day: date, *, by: By) -> str:
    """Void unused numbers of past years and, on Mondays, list those reserved for long; return a summary."""
    reserved = Number.objects(state=NumberState.RESERVED.value)
    voided, refused = 0, []
    for number in reserved.filter(year__lt=day.year):
        try:
            papers.void_number(number, "年度终了未使用，自动作废", by=by)
            voided += 1
        except PolicyError as why:
            refused.append(f"{number.text}：{why}")
    old = list(
        reserved.filter(year=day.year, reserved_at__lt=by.now - RESERVED_TOO_LONG)
        .order_by("series", "number")
        .limit(20)
    )
    if old and not day.weekday():
        named = "、".join(number.text for number in old)
        text = f"已预留超过七天未使用的文号：{named}。请使用，或写明理由作废。"
        notify_roles([Role.CITY], f"numbers-waiting:{day}", text, "/admin/number/?tab=reserved", now=by.now)
    return "；".join([f"作废上年度未使用文号{voided}个"] * bool(voided) + refused)
