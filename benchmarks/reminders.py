"""Reminders of 100,000 annual reports, and of a tenth of them, to show linear growth."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bson import ObjectId
from pymongo import InsertOne, MongoClient

from app.clock import SHANGHAI
from app.embedded import Embedded
from app.services import reminders
from benchmarks.verdict import verdict
from models.accounts.people import User
from models.lists import Listing
from models.reminders.entries import ReminderEntry
from models.reminders.notices import Notice

DAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 8, 30, tzinfo=SHANGHAI)
AREAS = ("445302", "445303", "445321", "445322", "445381", "4453YQ")
AT_LEAST = 2000  # owed reports a second, by the clock on the wall
LINEAR = 13  # ten times as many: with a margin for larger indexes


@dataclass(frozen=True)
class Spent:
    """Seconds of wall time, of this program's processor and of the database's."""

    wall: float
    here: float
    there: float

    @property
    def processor(self) -> float:
        return self.here + self.there


@dataclass(frozen=True)
class Row:
    """Counts and times of one size."""

    owed: int
    entries: int
    messages: int
    reading: Spent
    first: Spent
    again: Spent

    @property
    def rate(self) -> float:
        return self.owed / self.first.wall


def measure(server: Embedded) -> None:
    with MongoClient(server.owner_uri, directConnection=True) as owner:
        small, large = (_row(count, owner) for count in (10_000, 100_000))
    print("单位：秒；（）内为处理器时间：程序+数据库。机器另有任务时，时钟时间随之变长。")
    for row in (small, large):
        took = "，".join(
            f"{label}{spent.wall:.1f}（{spent.here:.1f}+{spent.there:.1f}）"
            for label, spent in (("查出", row.reading), ("催报", row.first), ("再跑", row.again))
        )
        print(f"应填报{row.owed:>7}：{took}；每秒{row.rate:.0f}；台账{row.entries}，消息{row.messages}")
    growth = large.first.processor / small.first.processor
    print(verdict(large.rate >= AT_LEAST, f"每秒 {large.rate:.0f}，不少于 {AT_LEAST}"))
    print(verdict(growth <= LINEAR, f"十倍的量，处理器时间 ×{growth:.1f}，不超过 ×{LINEAR}"))
    print(verdict(large.entries == 2 * large.owed, "各提醒一次"))


def _row(count: int, owner: MongoClient[dict[str, Any]]) -> Row:
    _fill(count)
    owner.admin.command("fsync")  # else the database writes down while measured what it was filled with
    found: list[int] = []
    read = _spent(
        owner, lambda: found.append(sum(1 for _ in reminders.annual_reports(DAY, lambda due: True)))
    )
    first, again = _spent(owner, _send), _spent(owner, _send)
    return Row(found[0], _count(ReminderEntry), _count(Notice), read, first, again)


def _spent(owner: MongoClient[dict[str, Any]], work: Callable[[], None]) -> Spent:
    wall, here, there = time.perf_counter(), time.process_time(), _processor(owner)
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - here, _processor(owner) - there)


def _processor(owner: MongoClient[dict[str, Any]]) -> float:
    info = owner.admin.command("serverStatus")["extra_info"]
    return (info["user_time_us"] + info["system_time_us"]) / 1e6


def _send() -> None:
    reminders.send_reminders(DAY, now=NOW, channels=reminders.Channels(mail=True))


def _count(model: type) -> int:
    return model._get_collection().estimated_document_count()


def _fill(count: int) -> None:
    """Insert listings of units with an account each, and a clerk for each area."""
    for model in (Listing, User, ReminderEntry, Notice):
        model._get_collection().delete_many({})
    units = [ObjectId() for _ in range(count)]
    entered = datetime(2025, 9, 1, tzinfo=SHANGHAI)
    _insert(
        Listing,
        (
            {
                "unit_id": unit,
                "unit_name": f"虚构{number}号有限公司",
                "area": AREAS[number % 6],
                "kind": "factory",
                "level": "municipal",
                "year": 2025,
                "entered_on": entered,
                "in_force": True,
                "version": 1,
                "terms": [],
                "former_names": [],
                "search_text": "",
            }
            for number, unit in enumerate(units)
        ),
    )
    _insert(
        User,
        (
            {
                "username": f"u{number}",
                "name": f"填报人{number}",
                "role": "unit",
                "unit_id": unit,
                "active": True,
                "email": f"u{number}@example.cn",
                "muted": [],
                "handles_tips": False,
            }
            for number, unit in enumerate(units)
        ),
    )
    _insert(
        User,
        (
            {
                "username": f"county-{area}",
                "name": "经办",
                "role": "county",
                "area": area,
                "active": True,
                "handles_tips": False,
            }
            for area in AREAS
        ),
    )


def _insert(model: type, rows) -> None:
    batch = []
    for row in rows:
        batch.append(InsertOne(row))
        if len(batch) == 5000:
            model._get_collection().bulk_write(batch, ordered=False)
            batch = []
    if batch:
        model._get_collection().bulk_write(batch, ordered=False)
