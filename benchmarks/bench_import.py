"""Import of a ledger of 10,000 rows, half of them updates: rows a second and memory of preview, commit and undo.

python benchmarks/bench_import.py [rows]

Beside the time that passes it prints the processor's, ours with the sandbox's and the database's: on a machine
that others use, the first says how busy they are. Preview and commit keep both processors at work, so that
rows a second of processor time are fewer than rows a second on an idle machine.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from app.services.core.by import By

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app import embedded
from app.clock import SHANGHAI
from app.policy.access import Actor
from app.policy.terms import Role
from app.services.core import rules
from app.services.ledger import commit_import, parse, preview_ledger, undo_import
from benchmarks.verdict import verdict
from models import database, schema
from tests.builders import ledger

NOW = datetime(2026, 5, 18, 9, 30, tzinfo=SHANGHAI)
CITY = Actor("city", "市局经办", Role.CITY, source="import")
MIN_SPEED = 1_000  # rows a second, preview and commit together


class Meter:
    """Meter of wall time, processor time and memory."""

    def __init__(self, server: embedded.Embedded) -> None:
        self._server = MongoClient[dict[str, Any]](server.owner_uri)

    def timed(self, label: str, rows: int, work: Callable[[], Any]) -> tuple[Any, float, float]:
        """Return the result of the work, the seconds that passed, and the processor's seconds."""
        began, ours, theirs = time.perf_counter(), _ours(), self._theirs()
        result = work()
        seconds, ours, theirs = time.perf_counter() - began, _ours() - ours, self._theirs() - theirs
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{label:<32}{rows:>7,} 行{seconds:>7.2f} 秒{rows / seconds:>8,.0f} 行/秒"
            f"   处理器 {ours:>5.2f} + 数据库 {theirs:>5.2f} 秒{most:>6.0f} MB",
            flush=True,
        )
        return result, seconds, ours + theirs

    def both(self, label: str, rows: int, data: bytes) -> Any:
        """Preview and commit a file; return the batch."""
        plan, seen, worked = self.timed(
            f"{label} preview",
            rows,
            lambda: preview_ledger(data, "台账.xlsx", year=2026, by=By(CITY, NOW)),
        )
        batch, written, busy = self.timed(
            f"{label} commit", rows, lambda: commit_import(plan.batch, by=By(CITY, NOW))
        )
        speed = rows / (seen + written)
        print(
            f"   {plan.counts}\n   预览加确认 {speed:,.0f} 行/秒  {verdict(speed >= MIN_SPEED, f'≥ {MIN_SPEED:,} 行/秒')}，"
            f"每秒处理器时间 {rows / (worked + busy):,.0f} 行",
            flush=True,
        )
        return batch

    def _theirs(self) -> float:
        used = self._server.admin.command("serverStatus")["extra_info"]
        return (used["user_time_us"] + used["system_time_us"]) / 1e6


def _ours() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measure(server: embedded.Embedded, rows: int = 10_000) -> None:
    """Measure half new, half updates, no changes, undo, and new rows beside full collections."""
    rules.use("yunfu")
    meter = Meter(server)
    half = ledger.workbook(ledger.row(n) for n in range(rows // 2))
    whole = ledger.workbook(ledger.row(n, 得分=60.5) for n in range(rows))
    meter.timed("read the file", rows, lambda: parse(whole, year=2026))
    meter.both("all new", rows // 2, half)
    batch = meter.both("half new, half updates", rows, whole)
    meter.both("nothing to do", rows, whole)
    meter.timed("undo", rows, lambda: undo_import(batch, by=By(CITY, NOW)))
    fresh = ledger.workbook(ledger.row(n) for n in range(rows, 2 * rows))
    meter.both("new beside full collections", rows, fresh)


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = embedded.start(Path(folder))
        try:
            database.connect(server.uri)
            schema.init_db(server.owner_uri)
            measure(server, rows)
        finally:
            server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
