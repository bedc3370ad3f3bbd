"""Reminding of annual reports: 100,000 owed ones, and a tenth of them, so that linear growth shows."""

import time
from datetime import date, datetime

from bson import ObjectId
from pymongo import InsertOne

from app.clock import SHANGHAI
from app.embedded import Embedded
from app.services import owing, reminders
from models.listing import Listing
from models.notices import Notice
from models.people import User
from models.reminders import ReminderEntry

DAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 8, 30, tzinfo=SHANGHAI)
AREAS = ("445302", "445303", "445321", "445322", "445381", "4453YQ")
AT_LEAST = 2000  # owed reports a second


def measure(server: Embedded) -> None:
    small, large = (_row(count) for count in (10_000, 100_000))
    print("应填报　　查出（秒）　催报（秒）　再跑（秒）　每秒　　台账　　消息")
    for row in (small, large):
        print(
            f"{row['owed']:>7}{row['reading']:>10.1f}{row['first']:>11.1f}{row['again']:>11.1f}"
            f"{row['rate']:>10.0f}{row['entries']:>9}{row['messages']:>9}"
        )
    again = large["entries"] == 2 * large["owed"]
    print(f"每秒不少于 {AT_LEAST}：{_verdict(large['rate'] >= AT_LEAST)}；十倍用时 ×{large['first'] / small['first']:.1f}；"
          f"各一次：{_verdict(again)}")  # fmt: skip


def _verdict(holds: bool) -> str:
    return "达标" if holds else "未达标"


def _row(count: int) -> dict[str, float]:
    _fill(count)
    start = time.perf_counter()
    owed = sum(1 for _ in owing.annual_reports(DAY, lambda due: True))
    reading = time.perf_counter() - start
    first, again = _send(), _send()
    made = {"entries": _count(ReminderEntry), "messages": _count(Notice)}
    return {"owed": owed, "reading": reading, "first": first, "again": again, "rate": count / first, **made}


def _send() -> float:
    start = time.perf_counter()
    reminders.send(DAY, now=NOW, channels=reminders.Channels(mail=True))
    return time.perf_counter() - start


def _count(model: type) -> int:
    return model._get_collection().estimated_document_count()


def _fill(count: int) -> None:
    """Listings of units with an account each, and a clerk for each area."""
    for model in (Listing, User, ReminderEntry, Notice):
        model._get_collection().delete_many({})
    units = [ObjectId() for _ in range(count)]
    entered = datetime(2025, 9, 1, tzinfo=SHANGHAI)
    _insert(Listing, (
        {"unit_id": unit, "unit_name": f"虚构{number}号有限公司", "area": AREAS[number % 6], "kind": "factory",
         "level": "municipal", "year": 2025, "entered_on": entered, "in_force": True, "version": 1,
         "terms": [], "former_names": [], "search_text": ""}
        for number, unit in enumerate(units)
    ))  # fmt: skip
    _insert(User, (
        {"username": f"u{number}", "name": f"填报人{number}", "role": "unit", "unit_id": unit, "active": True,
         "email": f"u{number}@example.cn", "muted": [], "handles_tips": False}
        for number, unit in enumerate(units)
    ))  # fmt: skip
    _insert(User, (
        {"username": f"county-{area}", "name": "经办", "role": "county", "area": area, "active": True,
         "handles_tips": False}
        for area in AREAS
    ))  # fmt: skip


def _insert(model: type, rows) -> None:
    batch = []
    for row in rows:
        batch.append(InsertOne(row))
        if len(batch) == 5000:
            model._get_collection().bulk_write(batch, ordered=False)
            batch = []
    if batch:
        model._get_collection().bulk_write(batch, ordered=False)
