"""The rules as they stand today: the pack loaded at start, the bureau's own values, and its holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from chinese_calendar import get_holiday_detail, is_workday

from app.policy import pack as packs
from app.policy import workdays
from app.policy.flow import Moment
from app.policy.pack import RulePack
from models.settings.values import Holiday, Setting

_loaded: dict[str, RulePack] = {}


def use(name_or_path: str) -> RulePack:
    """Load the pack that this process works with. Raises PackError with every problem named."""
    _loaded["pack"] = packs.load(name_or_path)
    return _loaded["pack"]


def pack() -> RulePack:
    """Return the pack in use; the default city's where none was named."""
    return _loaded.get("pack") or use("yunfu")


def values() -> Mapping[str, Any]:
    """Return every discretionary value: the bureau's own where it set one, else the pack's default."""
    own = {setting.key: setting.value for setting in Setting.objects.only("key", "value")}
    return MappingProxyType({key: own.get(key, row.value) for key, row in pack().discretion.items()})


def moment(now: datetime) -> Moment:
    """Return the facts that guards may use."""
    return Moment(today=now.date(), pack=pack(), values=values())


def due_after(now: datetime, key: str) -> date:
    """Return the last working day of a discretionary period that starts today; today does not count."""
    return workdays.workdays_after(now.date(), values()[key], Calendar())


class Calendar(Mapping[date, bool]):
    """Days known to be worked or free: the bureau's table first, then the published calendar."""

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
