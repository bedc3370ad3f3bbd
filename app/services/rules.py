"""The rules as they stand today: the pack loaded at start, the bureau's own values, and its holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from chinese_calendar import get_holiday_detail, is_workday

from app.policy import pack as packs
from app.policy import workdays
from app.policy.access import Actor
from app.policy.flow import Moment, NotAllowed
from app.policy.pack import RulePack
from app.services import audit
from models.database import transact
from models.settings import Holiday, Setting

_loaded: dict[str, RulePack] = {}


def use(name_or_path: str) -> RulePack:
    """Load the pack that this process works with. Raises PackError with every problem named."""
    _loaded["pack"] = packs.load(name_or_path)
    return _loaded["pack"]


def pack() -> RulePack:
    """The pack in use; the default city's where none was named."""
    return _loaded.get("pack") or use("yunfu")


def values() -> Mapping[str, Any]:
    """Every discretionary value: the bureau's own where it set one, else the pack's default."""
    own = {setting.key: setting.value for setting in Setting.objects.only("key", "value")}
    return MappingProxyType({key: own.get(key, row.value) for key, row in pack().discretion.items()})


def moment(now: datetime) -> Moment:
    """What guards may know."""
    return Moment(today=now.date(), pack=pack(), values=values())


def set_value(key: str, value: Any, *, reason: str, actor: Actor, now: datetime) -> Setting:
    """Override a value that the rules leave open; audited with who and why. Raises NotAllowed in words."""
    row = pack().discretion.get(key)
    if row is None:
        raise NotAllowed("这一项由细则规定，不能在界面上修改。")
    if problem := row.problem(value):
        raise NotAllowed(problem + "。")
    if not reason.strip():
        raise NotAllowed("请填写修改理由。")

    def work() -> Setting:
        setting = Setting.objects(key=key).first() or Setting(key=key)
        old = setting.value if setting.pk else row.value
        setting.value, setting.reason = value, reason
        setting.set_by, setting.set_at = actor.username, now
        setting.version += 1
        setting.save()
        audit.record(
            "setting",
            actor=actor,
            now=now,
            subject=setting,
            changes=[(key, row.label, old, value)],
            reason=reason,
        )
        return setting

    return transact(work)


def due_after(now: datetime, key: str) -> date:
    """The last of the working days that a discretionary value gives from today; the event's day does not count."""
    return workdays.workdays_after(now.date(), values()[key], Calendar())


class Calendar(Mapping[date, bool]):
    """Days that are known to be worked or free: the bureau's table first, then the published calendar."""

    def __init__(self) -> None:
        self._own = {holiday.day: holiday.works for holiday in Holiday.objects.only("day", "works")}

    def __getitem__(self, day: date) -> bool:
        if day in self._own:
            return self._own[day]
        try:
            _, name = get_holiday_detail(day)
        except NotImplementedError:  # 公布的日历只到一定年份，其后按周末规则并提示
            raise KeyError(day) from None
        if name is None:
            raise KeyError(day)
        return bool(is_workday(day))

    def __iter__(self) -> Iterator[date]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)
